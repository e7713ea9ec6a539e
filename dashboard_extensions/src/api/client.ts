import createClient from "openapi-fetch";
import { type Bridge, SessionExpired } from "../bridge/bridge";
import { type ProblemDetails, Refused, Unreachable } from "./refused";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Client = ReturnType<typeof makeClient>;

const UNAUTHORISED = 401;

/**
 * The client of the app's API. A call that finds its token expired waits for the Dashboard's next
 * one and is made again: the API looks at the token before anything else, so that nothing has
 * happened yet.
 */
export function makeClient(bridge: Bridge) {
  return createClient<paths>({ baseUrl: "/", fetch: withToken(bridge) });
}

export function withToken(bridge: Bridge) {
  return async (request: Request): Promise<Response> => {
    const again = request.clone();
    const token = await bridge.token();
    const response = await send(request, token);
    if (response.status !== UNAUTHORISED) return response;
    const second = await send(again, await bridge.tokenInsteadOf(token));
    if (second.status === UNAUTHORISED) throw new SessionExpired();
    return second;
  };
}

async function send(request: Request, token: string): Promise<Response> {
  request.headers.set("Authorization", `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or an error with the API's own words. */
export async function told<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (response.ok) return data as T;
  throw new Refused(
    isProblem(error) ? error : { status: response.status, title: response.statusText },
  );
}

function isProblem(told: unknown): told is ProblemDetails {
  return typeof told === "object" && told !== null && "status" in told && "title" in told;
}
