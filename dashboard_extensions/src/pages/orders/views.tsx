import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { told } from "../../api/client";
import { useClient } from "../../api/context";
import { useChange } from "../../api/queries";
import { Dialog } from "../../ui/dialog";
import { Dropdown } from "../../ui/dropdown";
import { TextField } from "../../ui/fields";
import { Failure } from "../../ui/states";

/** Lists that somebody wants to come back to. */
export function Views({ query }: { query: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const [isSaving, setSaving] = useState(false);
  const { data } = useQuery({
    queryKey: ["views"],
    queryFn: ({ signal }) => told(client.GET("/api/v1/views", { signal })),
  });
  const remove = useChange(
    (api, id: string) => told(api.DELETE("/api/v1/views/{id}", { params: { path: { id } } })),
    ["views"],
  );
  const views = data?.items ?? [];
  return (
    <>
      <Dropdown label={views.find((view) => view.query === query)?.name ?? t("views.title")}>
        <div className="stack tight">
          <Link className="link" href="/orders">
            {t("views.all")}
          </Link>
          {views.map((view) => (
            <div className="row" key={view.id}>
              <Link className="link" href={view.query ? `/orders?${view.query}` : "/orders"}>
                {view.name}
              </Link>
              <button
                type="button"
                className="icon-button push"
                aria-label={t("views.remove", { name: view.name })}
                onClick={() => remove.mutate(view.id)}
              >
                <Trash2 size={14} aria-hidden />
              </button>
            </div>
          ))}
          {query !== "" && (
            <button type="button" className="link" onClick={() => setSaving(true)}>
              {t("views.save")}
            </button>
          )}
        </div>
      </Dropdown>
      {isSaving && <SaveDialog query={query} onClose={() => setSaving(false)} />}
    </>
  );
}

function SaveDialog({ query, onClose }: { query: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const keep = useChange(
    (client, body: { name: string; query: string }) => told(client.POST("/api/v1/views", { body })),
    ["views"],
  );
  return (
    <Dialog
      title={t("views.save")}
      action={t("save")}
      isBusy={keep.isPending}
      isReady={name.trim() !== ""}
      onAction={() => keep.mutate({ name: name.trim(), query }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextField
        label={t("views.name")}
        hint={t("views.nameHint")}
        maxLength={80}
        required
        value={name}
        onChange={setName}
      />
      {keep.error && <Failure error={keep.error} />}
    </Dialog>
  );
}
