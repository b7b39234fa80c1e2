// The one way to the server: JSON in, values out, and a refusal that says how to mend it.
import { night } from "./carry.ts";
import { cursor } from "./cursor.ts";
import { pick, say, type Words } from "./words.ts";

/** The server said no, or could not be reached; the message is for the reader. */
export class Refused extends Error {
  constructor(message: string, readonly status: number, readonly field = "") {
    super(message);
  }
}

const ROOT = "/api/v1";
let token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
export const role = document.querySelector<HTMLMetaElement>("meta[name=role]")?.content ?? "guest";
const ROLES = ["guest", "viewer", "operator", "approver", "steward", "admin"];
/** Whether the reader's role holds this one. */
export const may = (least: string): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

type Query = Record<string, string | number | null | undefined>;

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(ROOT + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch {
    throw new Refused(say("lost"), 0);
  }
  if (answer.status === 204) return undefined as T;
  const told: unknown = await answer.json().catch(() => null);
  if (answer.ok) return told as T;
  throw refusal(answer.status, told);
}

function refusal(status: number, told: unknown): Refused {
  const { error, mend, field } = (told ?? {}) as { error?: Words; mend?: Words; field?: string };
  const said = [pick(error), pick(mend)].filter(Boolean).join(" ");
  const known = status === 401 ? say("not_signed") : status === 403 && !said ? say("role_short") : said;
  return new Refused(known || `HTTP ${status}`, status, field ?? "");
}

/** Read an address as of the time cursor (or as of `at`, where it is given). */
export function get<T>(path: string, query: Query = {}): Promise<T> {
  const asked = new URLSearchParams();
  const asOf = cursor.asOf;
  for (const [name, value] of Object.entries({ night, ...(asOf ? { at: asOf } : {}), ...query })) {
    if (value !== null && value !== undefined && value !== "") asked.set(name, String(value));
  }
  const text = asked.toString();
  return ask<T>("GET", path + (text ? `?${text}` : ""));
}

/** Change something; a stale token is fetched anew once, and nothing that was typed is lost. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  try {
    return await ask<T>("POST", path, body);
  } catch (why) {
    if (!(why instanceof Refused) || why.status !== 403) throw why;
    const fresh = (await ask<{ token: string }>("GET", "/session")).token;
    if (fresh === token) throw why;
    token = fresh;
    return ask<T>("POST", path, body);
  }
}

/** Take something away. */
export const remove = <T>(path: string): Promise<T> => ask<T>("DELETE", path);

/** Dense positions as they are on the wire. */
export async function bytes(path: string, query: Query = {}): Promise<{ body: ArrayBuffer; ids: string }> {
  const asOf = cursor.asOf;
  const asked = new URLSearchParams(Object.entries({ ...(night ? { night } : {}), ...(asOf ? { at: asOf } : {}), ...query }).map(([k, v]) => [k, String(v)]));
  const answer = await fetch(`${ROOT}${path}?${asked}`).catch(() => null);
  if (!answer?.ok) throw new Refused(say("lost"), answer?.status ?? 0);
  return { body: await answer.arrayBuffer(), ids: answer.headers.get("X-Mindu-Ids") ?? "" };
}
