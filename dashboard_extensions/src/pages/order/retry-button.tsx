import { Button } from "@saleor/macaw-ui";
import { useTranslation } from "react-i18next";
import { told } from "../../api/client";
import { useOrderAct } from "../../api/queries";
import { wordsFor } from "../../api/refused";
import { useBridge } from "../../bridge/context";
import { useSay } from "../../i18n/sentences";

/** Decides anew about an order that is held. */
export function RetryButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const bridge = useBridge();
  const retry = useOrderAct(id, (client, _input: undefined) =>
    told(
      client.POST("/api/v1/orders/{amazon_order_id}/retry", {
        params: { path: { amazon_order_id: id } },
      }),
    ),
  );
  const onError = (error: unknown) => {
    const { title, text } = wordsFor(error, t, say);
    bridge.notify("error", title, text);
  };
  return (
    <Button
      size="small"
      variant="secondary"
      disabled={retry.isPending}
      onClick={() => retry.mutate(undefined, { onError })}
    >
      {retry.isPending ? t("working") : t("actions.retry")}
    </Button>
  );
}
