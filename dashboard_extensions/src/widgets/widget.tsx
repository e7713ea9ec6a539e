import { type ReactNode, useEffect, useRef } from "react";
import { useBridge, useBridgeState } from "../bridge/context";
import { withoutPopup } from "../bridge/popup-room";

/**
 * A widget's frame. It reports the height of an element of its own: `html` and `body` are as high as
 * the frame, so that measuring them would feed the frame's height back to it.
 */
export function Widget({ children, isEmpty = false }: { children: ReactNode; isEmpty?: boolean }) {
  const bridge = useBridge();
  const { ready } = useBridgeState();
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.documentElement.dataset.view = "widget";
    const element = content.current;
    if (!element || !ready) return;
    let told = 0;
    const tell = () => {
      const height = Math.max(1, Math.ceil(element.getBoundingClientRect().height));
      if (height === told && height === window.innerHeight) return;
      told = height;
      bridge.reportHeight(height);
    };
    const tellInTurn = () => withoutPopup(tell);
    tellInTurn();
    const observer = new ResizeObserver(tellInTurn);
    observer.observe(element);
    window.addEventListener("resize", tellInTurn);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", tellInTurn);
    };
  }, [bridge, ready]);
  return (
    <div ref={content} className={isEmpty ? undefined : "widget"}>
      {children}
    </div>
  );
}
