import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useBridgeState } from "../bridge/context";
import { type Formats, makeFormats } from "./formats";

const FormatContext = createContext<Formats>(makeFormats("en"));

/** Dates and money follow the Dashboard's language setting, whatever the texts are in. */
export function FormatProvider({ children }: { children: ReactNode }) {
  const { locale } = useBridgeState();
  const formats = useMemo(() => makeFormats(locale), [locale]);
  return <FormatContext.Provider value={formats}>{children}</FormatContext.Provider>;
}

export const useFormats = (): Formats => useContext(FormatContext);
