import { ThemeProvider, useTheme } from "@saleor/macaw-ui";
import { type ReactNode, useEffect } from "react";
import { useBridgeState } from "../bridge/context";

const MACAW = { light: "defaultLight", dark: "defaultDark" } as const;

/** Looks as the Dashboard does, and changes with it. */
export function Themed({ children }: { children: ReactNode }) {
  const { theme } = useBridgeState();
  return (
    <ThemeProvider defaultTheme={MACAW[theme ?? "light"]}>
      <FollowTheme />
      {children}
    </ThemeProvider>
  );
}

function FollowTheme() {
  const { theme } = useBridgeState();
  const { setTheme } = useTheme();
  useEffect(() => {
    setTheme(MACAW[theme ?? "light"]);
    document.documentElement.dataset.theme = theme;
  }, [theme, setTheme]);
  return null;
}
