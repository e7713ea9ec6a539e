import { Button } from "@saleor/macaw-ui";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface DropdownProps {
  label: string;
  children: ReactNode;
}

/** A button that opens a small panel of fields. */
export function Dropdown({ label, children }: DropdownProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    const away = (event: MouseEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    };
    document.addEventListener("mousedown", away);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("mousedown", away);
      document.removeEventListener("keydown", key);
    };
  }, [isOpen]);
  return (
    <div className="menu" ref={box}>
      <Button
        type="button"
        variant="secondary"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </Button>
      <div className="panel" id={id} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </div>
  );
}
