import "@saleor/macaw-ui/style";
import "./styles.css";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { cleanAddress } from "./bridge/address";
import { Bridge, isFramed } from "./bridge/bridge";
import { startTexts } from "./i18n";
import { Outside } from "./pages/outside";

const root = document.getElementById("root");
if (!root) throw new Error("The document has no #root.");
const texts = startTexts();
if (isFramed()) {
  const bridge = new Bridge();
  cleanAddress();
  createRoot(root).render(<App bridge={bridge} texts={texts} />);
} else {
  createRoot(root).render(<Outside />);
}
