import type { Bridge } from "./bridge";

const LOCK = "amazon-popup";
const LEAST = 360;
const WANTED = 520;

/**
 * Keeps a pop-up's height while a widget of the app stands behind it. The Dashboard looks at the
 * origin alone, so that it gives the pop-up the height that the widget reports. The pop-up holds a
 * lock for as long as it lives, and asks for room if it has been made too low already; widgets wait
 * for the lock with what they report. Returns how to let go of it.
 */
export function keepRoom(bridge: Bridge): () => void {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const look = () => {
    if (window.innerHeight < LEAST) bridge.reportHeight(WANTED);
  };
  void navigator.locks?.request(LOCK, () => {
    look();
    window.addEventListener("resize", look);
    return gone;
  });
  return () => {
    window.removeEventListener("resize", look);
    letGo();
  };
}

/** Runs something once no pop-up of the app is open. */
export function withoutPopup(run: () => void): void {
  if (navigator.locks) void navigator.locks.request(LOCK, { mode: "shared" }, run);
  else run();
}
