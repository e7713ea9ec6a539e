import type { i18n } from "i18next";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { I18nextProvider, useTranslation } from "react-i18next";
import { Redirect, Route, Router, Switch } from "wouter";
import { ApiProvider } from "./api/context";
import type { Bridge } from "./bridge/bridge";
import { BridgeProvider, useBridge, useBridgeState } from "./bridge/context";
import { useRememberDashboard } from "./bridge/remember";
import { FormatProvider } from "./format/context";
import { changeTexts } from "./i18n";
import { OrdersPage } from "./pages/orders/orders-page";
import { OverviewPage } from "./pages/overview/overview-page";
import { Shell } from "./pages/shell";
import { Boundary } from "./ui/boundary";
import { Loading } from "./ui/states";
import { Themed } from "./ui/theme";

const OrderPage = lazy(() => import("./pages/order/order-page"));
const ProblemsPage = lazy(() => import("./pages/problems/problems-page"));
const SkusPage = lazy(() => import("./pages/skus/skus-page"));
const ActivityPage = lazy(() => import("./pages/activity/activity-page"));
const SettingsPage = lazy(() => import("./pages/settings/settings-page"));
const OrderWidget = lazy(() => import("./widgets/order-widget"));
const HomeWidget = lazy(() => import("./widgets/home-widget"));
const ActionPage = lazy(() => import("./actions/action-page"));

export function App({ bridge, texts }: { bridge: Bridge; texts: i18n }) {
  return (
    <I18nextProvider i18n={texts}>
      <BridgeProvider bridge={bridge}>
        <FollowLanguage />
        <Themed>
          <FormatProvider>
            <ApiProvider>
              <Router base="/app">
                <Suspense fallback={<Waiting />}>
                  <Boundary>
                    <Routes />
                  </Boundary>
                </Suspense>
              </Router>
            </ApiProvider>
          </FormatProvider>
        </Themed>
      </BridgeProvider>
    </I18nextProvider>
  );
}

function Routes() {
  return (
    <Switch>
      <Route path="/widgets/order">
        <OrderWidget />
      </Route>
      <Route path="/widgets/home">
        <HomeWidget />
      </Route>
      <Route path="/actions/:action">{({ action }) => <ActionPage action={action} />}</Route>
      <Route>
        <Pages />
      </Route>
    </Switch>
  );
}

function Pages() {
  useRememberDashboard();
  return (
    <Shell>
      <Suspense fallback={<Waiting />}>
        <Switch>
          <Route path="/">
            <OverviewPage />
          </Route>
          <Route path="/orders">
            <OrdersPage />
          </Route>
          <Route path="/orders/:id">{({ id }) => <OrderPage key={id} id={id} />}</Route>
          <Route path="/problems">
            <ProblemsPage />
          </Route>
          <Route path="/skus">
            <SkusPage />
          </Route>
          <Route path="/activity">
            <ActivityPage />
          </Route>
          <Route path="/settings/:part?">{({ part }) => <SettingsPage part={part} />}</Route>
          <Route>
            <Redirect to="/" replace />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}

function Waiting(): ReactNode {
  return (
    <div className="page">
      <Loading />
    </div>
  );
}

function FollowLanguage() {
  const { i18n: texts } = useTranslation();
  const { locale } = useBridgeState();
  const bridge = useBridge();
  useEffect(() => {
    changeTexts(texts, locale).catch(() => bridge.notify("warning", "Texts could not be loaded"));
  }, [texts, locale, bridge]);
  return null;
}
