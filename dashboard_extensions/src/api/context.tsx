import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { SessionExpired } from "../bridge/bridge";
import { useBridge } from "../bridge/context";
import { type Client, makeClient } from "./client";
import { Refused } from "./refused";

const ClientContext = createContext<Client | null>(null);
const TRIES = 2;

function makeQueries(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache(),
    mutationCache: new MutationCache(),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // Only what passes by itself is worth another try.
        retry: (count, error) => count < TRIES && error instanceof Refused && error.passes,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

export function ApiProvider({ children }: { children: ReactNode }) {
  const bridge = useBridge();
  const [client] = useState(() => makeClient(bridge));
  const [queries] = useState(makeQueries);
  // What failed for want of a token is read again as soon as the Dashboard hands one over.
  useEffect(() => {
    let known = bridge.state.token;
    return bridge.subscribe(() => {
      if (bridge.state.token === known) return;
      known = bridge.state.token;
      void queries.refetchQueries({
        predicate: (query) =>
          query.state.error instanceof SessionExpired ||
          (query.state.error instanceof Refused && query.state.error.isForbidden),
      });
    });
  }, [bridge, queries]);
  return (
    <ClientContext.Provider value={client}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ClientContext.Provider>
  );
}

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("There is no ApiProvider.");
  return client;
}
