import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const MACAW_STYLE = /@saleor\/macaw-ui\/dist\/style\.css$/;

/** Macaw brings 46 font files; `src/styles.css` names the one that is used. */
function withoutMacawFonts(): Plugin {
  return {
    name: "without-macaw-fonts",
    enforce: "pre",
    load(id) {
      const path = id.split("?")[0] ?? id;
      if (!MACAW_STYLE.test(path)) return null;
      return readFileSync(path, "utf8").replaceAll(/@font-face\{[^}]*\}/g, "");
    },
  };
}

export default defineConfig({
  base: "/static/app/",
  plugins: [withoutMacawFonts(), react()],
  build: {
    outDir: "../saleor_amazon_app/web/static/app",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // The content security policy allows neither inline scripts nor data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: "src/main.tsx" },
  },
  test: { environment: "jsdom", include: ["tests/**/*.test.{ts,tsx}"] },
} as Parameters<typeof defineConfig>[0]);
