// Opens an extension the way its target says (Dashboard 3.23.27: useExtensions.ts,
// AppExtensionContextProvider.tsx).

import { navigate } from "./navigation.js";
import { openPopup } from "./popup.js";
import { appPath, extensionUrl } from "./urls.js";

/**
 * @param {import("./shop.js").App} app
 * @param {import("./shop.js").Extension} extension
 * @param {Record<string, string>} params
 */
export function open(app, extension, params) {
  if (extension.target === "POPUP") {
    openPopup(app, extension, params);
  } else if (extension.target === "NEW_TAB") {
    const address = new URL(extensionUrl(app, extension));
    for (const [key, value] of Object.entries(params)) address.searchParams.append(key, value);
    window.open(address, "_blank");
  } else {
    const query = new URLSearchParams(params).toString();
    navigate(`${appPath(app.id)}${extension.url}?${query}`);
  }
}
