// The figures beside the stops of the loop stay true on a page that is left open.
import { get } from "./api.ts";
import { cursor } from "./cursor.ts";
import { live, type Told } from "./live.ts";
import type { Approvals } from "./types.ts";

const SOON = 500; // ms after a decision: the last of several counts

function show(name: string, count: number): void {
  for (const badge of document.querySelectorAll<HTMLElement>(`nav.loop [data-count=${name}]`)) {
    badge.textContent = String(count);
    badge.hidden = count === 0;
  }
}

/** Follow the stream: what each turn says, and what is left to decide once somebody decided. */
export function keepCounts(): void {
  let soon = 0;
  live.addEventListener("told", (event) => {
    const { event: name, data } = (event as CustomEvent<Told>).detail;
    if (cursor.side === "past") return;
    if (name === "turn") {
      show("alerts", Number(data["alerts"]));
      show("approvals", Number(data["waiting"]));
    } else if (name === "entry" && data["kind"] === "Decision") {
      clearTimeout(soon);
      soon = window.setTimeout(() => void get<Approvals>("/approvals", { state: "waiting", limit: 1, at: null }).then((told) => show("approvals", told.waiting)).catch(() => undefined), SOON);
    }
  });
}
