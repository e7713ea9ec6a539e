import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearch } from "wouter";
import { useMe, useProblemGroups } from "../api/queries";
import { SessionExpired } from "../bridge/bridge";
import { useBridge } from "../bridge/context";
import { useFormats } from "../format/context";
import { Failure } from "../ui/states";
import { RunningTasks } from "../ui/task-progress";

const TABS = [
  ["/", "nav.overview"],
  ["/orders", "nav.orders"],
  ["/problems", "nav.problems"],
  ["/skus", "nav.skus"],
  ["/activity", "nav.activity"],
  ["/settings", "nav.settings"],
] as const;

/** The navigation around every page, and the Dashboard's address beside the app's. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  useFollowedRoute();
  const isLockedOut = me.error && !(me.error instanceof SessionExpired);
  return (
    <>
      <a className="skip" href="#content">
        {t("nav.skip")}
      </a>
      <nav className="tabs" aria-label={t("nav.label")}>
        {TABS.map(([path, label]) => (
          <Tab key={path} path={path}>
            {t(label)}
            {path === "/problems" && <ProblemCount />}
          </Tab>
        ))}
      </nav>
      <div>
        {isLockedOut ? (
          <div className="page">
            <Failure error={me.error} onRetry={() => void me.refetch()} />
          </div>
        ) : (
          <>
            <RunningTasks />
            {children}
          </>
        )}
      </div>
    </>
  );
}

function Tab({ path, children }: { path: string; children: ReactNode }) {
  const [location] = useLocation();
  const isHere = path === "/" ? location === "/" : location.startsWith(path);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // In a narrow window the tabs scroll; the open one must be among those that are seen.
    if (isHere) link.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isHere]);
  return (
    <Link ref={link} href={path} aria-current={isHere ? "page" : undefined}>
      {children}
    </Link>
  );
}

function ProblemCount() {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { data } = useProblemGroups();
  const count = data?.items.reduce((sum, group) => sum + group.orders, 0) ?? 0;
  if (!count) return null;
  return (
    <span className="count">
      {number(count)}
      <span className="visually-hidden"> {t("nav.openProblems")}</span>
    </span>
  );
}

function useFollowedRoute(): void {
  const bridge = useBridge();
  const [location] = useLocation();
  const search = useSearch();
  useEffect(() => {
    bridge.followRoute(search ? `${location}?${search}` : location);
  }, [bridge, location, search]);
}
