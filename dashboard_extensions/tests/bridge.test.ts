import type { AppBridge } from "@saleor/app-sdk/app-bridge";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { told, withToken } from "../src/api/client";
import { Refused, Unreachable } from "../src/api/refused";
import { openedFor, ownQuery } from "../src/bridge/address";
import { Bridge, SessionExpired } from "../src/bridge/bridge";
import { permissionsIn } from "../src/bridge/context";

/** A Dashboard that hands over tokens when it is told to. */
class Dashboard {
  token: string | undefined;
  asked: { type: string; payload: Record<string, unknown> }[] = [];
  #listeners: Record<string, (() => void)[]> = {};

  readonly sdk = {
    getState: () => ({ token: this.token, id: "QXBwOjE=" }),
    subscribe: (event: string, listener: () => void) => {
      this.#listeners[event] = [...(this.#listeners[event] ?? []), listener];
      return () => {};
    },
    dispatch: (action: (typeof this.asked)[number]) => {
      this.asked.push(action);
      return Promise.resolve();
    },
  } as unknown as AppBridge;

  hand(token: string, event = "tokenRefresh") {
    this.token = token;
    for (const listener of this.#listeners[event] ?? []) listener();
  }
}

let dashboard: Dashboard;
let bridge: Bridge;

beforeEach(() => {
  vi.useFakeTimers();
  dashboard = new Dashboard();
  bridge = new Bridge(dashboard.sdk);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the token", () => {
  it("is waited for until the handshake", async () => {
    const token = bridge.token();
    dashboard.hand("first", "handshake");
    await expect(token).resolves.toBe("first");
  });

  it("is the newest one: the SDK's own hook misses a refresh", async () => {
    dashboard.hand("first", "handshake");
    dashboard.hand("second");
    await expect(bridge.token()).resolves.toBe("second");
  });

  it("is asked for anew once it was refused", async () => {
    dashboard.hand("old", "handshake");
    const token = bridge.tokenInsteadOf("old");
    expect(dashboard.asked.map((action) => action.type)).toEqual(["notifyReady"]);
    dashboard.hand("new", "handshake");
    await expect(token).resolves.toBe("new");
  });

  it("is given up if the Dashboard has no other", async () => {
    dashboard.hand("old", "handshake");
    const token = expect(bridge.tokenInsteadOf("old")).rejects.toThrow(SessionExpired);
    dashboard.hand("old", "handshake");
    await vi.advanceTimersByTimeAsync(15_000);
    await token;
  });
});

describe("a call", () => {
  const request = () => new Request("https://app.example/api/v1/me");
  const answers = (...statuses: number[]) => {
    const calls: string[] = [];
    vi.stubGlobal("fetch", (asked: Request) => {
      calls.push(asked.headers.get("Authorization") ?? "");
      return Promise.resolve(new Response("{}", { status: statuses.shift() ?? 500 }));
    });
    return calls;
  };

  it("bears the token", async () => {
    const calls = answers(200);
    dashboard.hand("first", "handshake");
    expect((await withToken(bridge)(request())).status).toBe(200);
    expect(calls).toEqual(["Bearer first"]);
  });

  it("is made once more with the next token", async () => {
    const calls = answers(401, 200);
    dashboard.hand("old", "handshake");
    const answer = withToken(bridge)(request());
    await vi.advanceTimersByTimeAsync(100);
    dashboard.hand("new");
    expect((await answer).status).toBe(200);
    expect(calls).toEqual(["Bearer old", "Bearer new"]);
  });

  it("is not made a third time", async () => {
    const calls = answers(401, 401);
    dashboard.hand("old", "handshake");
    const answer = expect(withToken(bridge)(request())).rejects.toThrow(SessionExpired);
    await vi.advanceTimersByTimeAsync(100);
    dashboard.hand("new");
    await answer;
    expect(calls).toHaveLength(2);
  });

  it("that reaches nobody says so", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    dashboard.hand("first", "handshake");
    await expect(withToken(bridge)(request())).rejects.toThrow(Unreachable);
  });

  it("that is refused tells the API's words", async () => {
    const problem = {
      status: 409,
      title: "Conflict",
      detail: "It has shipped.",
      cure: "Refund it.",
    };
    const answer = { error: problem, response: new Response("{}", { status: 409 }) };
    await expect(told(Promise.resolve(answer))).rejects.toEqual(new Refused(problem));
  });

  it("that ends without problem details is refused all the same", async () => {
    const response = new Response("<html>", { status: 502, statusText: "Bad Gateway" });
    await expect(told(Promise.resolve({ error: "<html>", response }))).rejects.toMatchObject({
      problem: { status: 502, title: "Bad Gateway" },
    });
  });
});

describe("the frame's address", () => {
  it("keeps the app's own parameters", () => {
    const query =
      "?status=UNSHIPPED&domain=shop%3A8000&saleorApiUrl=http%3A%2F%2Fshop%2Fgraphql%2F&id=QXBwOjE%3D" +
      "&featureFlags%5Bnew_order_ui%5D%5Benabled%5D=false&status=SHIPPED&theme=dark";
    expect(ownQuery(query)).toBe("status=UNSHIPPED&status=SHIPPED");
  });

  it.each([
    ["?orderId=T3JkZXI6MQ==", undefined, "T3JkZXI6MQ=="],
    ["?domain=x", { orderId: "T3JkZXI6Mg==" }, "T3JkZXI6Mg=="],
    ["?domain=x", { orderId: 7 }, null],
    ["", undefined, null],
  ])("of a menu (%s) or a widget (%o) names the order", (search, params, order) => {
    expect(openedFor(search, params)).toBe(order);
  });
});

describe("permissions", () => {
  const token = (claims: unknown) => `x.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.y`;

  it("are the person's own, not the app's share of them", () => {
    const claims = {
      permissions: ["MANAGE_ORDERS"],
      user_permissions: ["MANAGE_ORDERS", "MANAGE_APPS"],
    };
    expect(permissionsIn(token(claims))).toEqual(["MANAGE_ORDERS", "MANAGE_APPS"]);
  });

  it.each([undefined, "", "nonsense", "a.b.c", token({}), token({ user_permissions: "all" })])(
    "are none in %s",
    (text) => {
      expect(permissionsIn(text)).toEqual([]);
    },
  );
});
