// The regions that the server draws: fetched again when what they show has changed, unless the reader is typing in them.
import { chosen } from "./chosen.ts";
import { cursor } from "./cursor.ts";
import { live } from "./live.ts";

const SOON = 400; // ms: news comes in bursts
const waiting = new Map<string, number>();

const ours = (region: Element) => region.parentElement?.closest("md-map, md-chart, md-alerts, md-approvals, md-why, md-scores, md-thing, md-clock") !== null
  || region.querySelector("md-clock") !== null;

/** Whether somebody types in a region, or has typed. */
export function busy(region: Element): boolean {
  const held = document.activeElement;
  if (held && region.contains(held) && held.matches("input, textarea, select, button")) return true;
  return [...region.querySelectorAll<HTMLInputElement>("input:not([type=hidden], [type=checkbox], [type=radio]), textarea")].some((f) => f.value !== f.defaultValue);
}

/** Fetch the inside of one region as the address stands now, and put it in. */
async function renew(region: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { headers: { "X-Mindu-Part": region.id } }).catch(() => null);
  if (!answer?.ok || busy(region)) return;
  const inside = await answer.text();
  if (region.dataset["was"] === inside) return;
  const [top, held, open] = [region.scrollTop, document.activeElement, [...region.querySelectorAll("details")].map((d) => d.open)];
  const href = held && region.contains(held) ? held.getAttribute("href") : null;
  const parsed = new DOMParser().parseFromString(inside, "text/html");
  region.replaceChildren(...parsed.body.childNodes);
  region.dataset["was"] = inside;
  document.dispatchEvent(new Event("mindu-renewed"));
  region.scrollTop = top;
  region.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? d.open; });
  if (href) region.querySelector<HTMLElement>(`[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
}

function soon(region: HTMLElement): void {
  if (waiting.has(region.id)) return;
  waiting.set(region.id, window.setTimeout(() => {
    waiting.delete(region.id);
    void renew(region);
  }, SOON));
}

const all = () => [...document.querySelectorAll<HTMLElement>("[data-live][id]")].filter((r) => !ours(r));

/** Keep the server's regions fresh: with the stream at now, with the cursor and the choice at any time. */
export function keepRegions(): void {
  live.addEventListener("changed", (event) => {
    if (cursor.side === "past") return;
    const kinds = (event as CustomEvent<string[]>).detail;
    for (const r of all()) if (r.querySelector("md-chart") === null && (r.dataset["live"] ?? "").split(" ").some((k) => kinds.includes(k))) soon(r);
  });
  cursor.addEventListener("moved", () => {
    document.querySelectorAll<HTMLElement>("main > .note.past").forEach((n) => { n.hidden = true; });
    if (cursor.side !== "ahead") all().filter((r) => r.querySelector("md-chart") === null).forEach(soon);
  });
  chosen.addEventListener("moved", () => all().filter((r) => r.querySelector("md-chart, .calm") !== null || r.dataset["live"]?.includes("values")).forEach(soon));
}
