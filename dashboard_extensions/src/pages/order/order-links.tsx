import { Button } from "@saleor/macaw-ui";
import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { OrderRow } from "../../api/queries";
import { useBridge } from "../../bridge/context";

/** The same order on both sides. */
export function OrderLinks({ order }: { order: OrderRow }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const { saleor, seller_central_url: atAmazon } = order;
  return (
    <>
      {saleor && (
        <Button
          variant="secondary"
          onClick={() => bridge.goTo(`/orders/${encodeURIComponent(saleor.id)}`)}
        >
          {t("order.inSaleor", { number: saleor.number })}
        </Button>
      )}
      {atAmazon && (
        <Button variant="secondary" onClick={() => bridge.openOutside(atAmazon)}>
          {t("order.inSellerCentral")} <ExternalLink size={14} aria-hidden />
        </Button>
      )}
    </>
  );
}
