import { Button } from "@saleor/macaw-ui";
import { X } from "lucide-react";
import {
  createContext,
  type FormEvent,
  type ReactNode,
  useContext,
  useId,
  useLayoutEffect,
  useRef,
} from "react";
import { useTranslation } from "react-i18next";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** What the button that does it says; without it the dialog only shows something. */
  action?: string | undefined;
  onAction?: () => void;
  isBusy?: boolean;
  isReady?: boolean;
  /** Whether what it does cannot be taken back. */
  isGrave?: boolean;
  wide?: boolean;
}

/**
 * Whether dialogs fill the page: in a pop-up the Dashboard has made the dialog already, with a
 * title of its own.
 */
export const InPopup = createContext(false);

/**
 * A modal dialog of the browser's own: it keeps the focus inside, closes on Escape, and needs no
 * style written into the page, which the content security policy forbids.
 */
export function Dialog(props: DialogProps) {
  const { title, onClose, isBusy = false, isReady = true, onAction, wide = false } = props;
  const isPopup = useContext(InPopup);
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Closed before it leaves the document: then the focus goes back to where it was.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form in a dialog in the page must not be taken for a form of the page.
    event.stopPropagation();
    if (isReady && !isBusy) onAction?.();
  };
  if (isPopup) {
    return (
      <form className="dialog filling" onSubmit={submit} aria-labelledby={heading}>
        <h1 id={heading} className="visually-hidden">
          {title}
        </h1>
        <div className="inside stack">{props.children}</div>
        <Foot {...props} />
      </form>
    );
  }
  return (
    <dialog
      ref={element}
      className={wide ? "dialog wide" : "dialog"}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form onSubmit={submit}>
        <header>
          <h2 id={heading}>{title}</h2>
          <CloseButton onClose={onClose} />
        </header>
        <div className="inside stack">{props.children}</div>
        <Foot {...props} />
      </form>
    </dialog>
  );
}

function CloseButton({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="icon-button" aria-label={t("close")} onClick={onClose}>
      <X size={18} aria-hidden />
    </button>
  );
}

function Foot({ action, onClose, isBusy = false, isReady = true, isGrave = false }: DialogProps) {
  const { t } = useTranslation();
  return (
    <footer className={isGrave ? "grave" : undefined}>
      <Button type="button" variant="secondary" onClick={onClose}>
        {action ? t("cancelButton") : t("close")}
      </Button>
      {action && (
        <Button type="submit" variant={isGrave ? "error" : "primary"} disabled={!isReady || isBusy}>
          {isBusy ? t("working") : action}
        </Button>
      )}
    </footer>
  );
}
