import { useEffect } from "react";
import { useClient } from "../api/context";
import { useMe } from "../api/queries";

/**
 * Tells the app where the Dashboard is, once: its pages may be framed from there only, and links
 * lead back to it. The frame's referrer is the one thing that a page knows of its surroundings.
 */
export function useRememberDashboard(): void {
  const client = useClient();
  const { data: me } = useMe();
  const isWanted = Boolean(me?.may_change_settings && !me.dashboard_url && document.referrer);
  useEffect(() => {
    if (!isWanted) return;
    const { origin } = new URL(document.referrer);
    client.PUT("/api/v1/dashboard", { body: { origin } }).catch(() => {});
  }, [client, isWanted]);
}
