import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { told } from "../../api/client";
import { useClient } from "../../api/context";
import { TextField } from "../../ui/fields";
import { Failure, Loading } from "../../ui/states";

const PAUSE = 300;

interface PickerProps {
  /** What is searched for at first. */
  first: string;
  picked: string | null;
  onPick: (id: string) => void;
}

/** Search of the shop's variants by SKU or name. */
export function VariantPicker({ first, picked, onPick }: PickerProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(first);
  const search = useVariants(useSettled(text.trim()));
  const group = useId();
  const found = search.data?.items ?? [];
  return (
    <div className="stack">
      <TextField
        label={t("sku.search")}
        hint={t("sku.searchHint")}
        type="search"
        value={text}
        onChange={setText}
      />
      {search.isLoading && <Loading rows={3} />}
      {search.error && <Failure error={search.error} onRetry={() => void search.refetch()} />}
      {search.data && found.length === 0 && <p className="quiet">{t("sku.noVariants")}</p>}
      {found.length > 0 && (
        <fieldset className="stack tight variants">
          <legend className="visually-hidden">{t("sku.variants")}</legend>
          {found.map((variant) => (
            <label className="check" key={variant.id}>
              <input
                type="radio"
                name={group}
                checked={picked === variant.id}
                onChange={() => onPick(variant.id)}
              />
              <span>
                {variant.product}{" "}
                {variant.name && variant.name !== variant.sku && `(${variant.name})`}
                <span className="quiet"> · {variant.sku}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function useVariants(search: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["variants", search],
    queryFn: ({ signal }) =>
      told(client.GET("/api/v1/variants", { params: { query: { search } }, signal })),
    enabled: search !== "",
    placeholderData: keepPreviousData,
  });
}

/** A text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
