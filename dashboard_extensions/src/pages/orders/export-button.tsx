import { Button } from "@saleor/macaw-ui";
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { told } from "../../api/client";
import { useClient } from "../../api/context";
import { asQuery, type OrderQuery } from "../../api/queries";
import { wordsFor } from "../../api/refused";
import { useBridge } from "../../bridge/context";
import { useSay } from "../../i18n/sentences";
import { save } from "../../ui/saving";

/** Writes everything that the list would show, not only its open page. */
export function ExportButton({ query }: { query: OrderQuery }) {
  const { t } = useTranslation();
  const say = useSay();
  const bridge = useBridge();
  const client = useClient();
  const { limit: _limit, cursor: _cursor, ...rest } = query;
  const write = useMutation({
    mutationFn: () =>
      told<unknown>(
        client.GET("/api/v1/orders/export", {
          params: { query: asQuery(rest) },
          parseAs: "text",
        }),
      ),
    onSuccess: (text) => save(String(text), "amazon-orders.csv"),
    onError: (error) => {
      const { title, text } = wordsFor(error, t, say);
      bridge.notify("error", title, text);
    },
  });
  return (
    <Button variant="secondary" disabled={write.isPending} onClick={() => write.mutate()}>
      <Download size={16} aria-hidden /> {write.isPending ? t("working") : t("orders.export")}
    </Button>
  );
}
