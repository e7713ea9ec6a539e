import { Button } from "@saleor/macaw-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";

export interface Pages {
  cursor: string | undefined;
  isLater: boolean;
  back: () => void;
  forth: (cursor: string) => void;
}

/** Places in a list that only knows its next page: those passed are remembered. */
export function usePages(): Pages {
  const [passed, setPassed] = useState<string[]>([]);
  return {
    cursor: passed.at(-1),
    isLater: passed.length > 0,
    back: () => setPassed(passed.slice(0, -1)),
    forth: (cursor) => setPassed([...passed, cursor]),
  };
}

interface PageButtonsProps {
  pages: Pages;
  /** The next page's place; without one this is the last page. */
  next: string | null | undefined;
  /** Whether what is shown is of the page before, while this one is being read. */
  isStale?: boolean;
  /** Whether the buttons stand within a card's padding. */
  isInside?: boolean;
}

/** The way to the pages before and after; nothing where all is on one page. */
export function PageButtons({ pages, next, isStale = false, isInside = false }: PageButtonsProps) {
  const { t } = useTranslation();
  if (!pages.isLater && !next) return null;
  return (
    <div className={isInside ? "row end" : "foot"}>
      <Button variant="secondary" disabled={!pages.isLater} onClick={pages.back}>
        {t("previousPage")}
      </Button>
      <Button
        variant="secondary"
        disabled={!next || isStale}
        onClick={() => next && pages.forth(next)}
      >
        {t("nextPage")}
      </Button>
    </div>
  );
}
