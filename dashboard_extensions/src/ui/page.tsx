import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  title: string;
  /** What stands beside the title: pills. */
  beside?: ReactNode;
  actions?: ReactNode;
  back?: ReactNode;
  children: ReactNode;
}

/** A page's frame. The title gets the focus, so that a screen reader says where one has come. */
export function Page({ title, beside, actions, back, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="page" id="content">
      {back}
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
        {actions && <div className="row push">{actions}</div>}
      </div>
      <div className="stack">{children}</div>
    </div>
  );
}

interface CardProps {
  title?: ReactNode;
  actions?: ReactNode;
  /** Whether the content, such as a table, reaches the card's edges. */
  flush?: boolean;
  children: ReactNode;
  label?: string;
}

export function Card({ title, actions, flush = false, children, label }: CardProps) {
  return (
    <section className="card" aria-label={label}>
      {(title || actions) && (
        <header>
          {title && <h2>{title}</h2>}
          {actions && <div className="row push">{actions}</div>}
        </header>
      )}
      <div className={flush ? "body flush" : "body"}>{children}</div>
    </section>
  );
}

interface FactsProps {
  rows: readonly (readonly [string, ReactNode])[];
  /** Whether two pairs stand beside each other where there is room. */
  wide?: boolean;
}

/** Names and values side by side; what has no value is left out. */
export function Facts({ rows, wide = false }: FactsProps) {
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl className={wide ? "facts wide" : "facts"}>
      {told.map(([name, value]) => (
        <FactRow key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function FactRow({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

export type Tone = "good" | "bad" | "warn" | "info" | "calm";

export function Pill({ tone = "calm", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`pill ${tone}`}>{children}</span>;
}

interface BannerProps {
  tone?: Exclude<Tone, "calm">;
  children: ReactNode;
  actions?: ReactNode;
  /** Whether it is said aloud at once. */
  urgent?: boolean;
}

export function Banner({ tone = "info", children, actions, urgent = false }: BannerProps) {
  return (
    <div className={`banner ${tone}`} role={urgent ? "alert" : "status"}>
      <div className="grow">{children}</div>
      {actions}
    </div>
  );
}
