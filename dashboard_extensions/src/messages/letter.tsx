import type { ReactNode } from "react";

/** Words as the buyer gets them: line by line, and apart from the page's own. */
export function Letter({ children }: { children: ReactNode }) {
  return <blockquote className="letter">{children}</blockquote>;
}
