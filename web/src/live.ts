// One stream a browser: one tab holds it, the others hear it; it resumes at the log position it last heard.
import { cursor } from "./cursor.ts";

export type Stale = "alerts" | "approvals" | "values" | "turn" | "jobs" | "learning";
export type Row = readonly [about: string, prop: string, at: string, value: number | null];
export interface Told { event: string; id: string; data: Record<string, unknown> }

const STALES: Record<string, Stale[]> = {
  Judgement: ["alerts"], Settlement: ["alerts", "learning"], Event: ["alerts", "approvals"], Action: ["approvals"], Decision: ["approvals"],
  Sending: ["approvals"], Outcome: ["approvals", "learning"], Lesson: ["learning"], Trial: ["learning"], Weighing: ["approvals"],
};
const EVENTS = ["hello", "entry", "values", "turn", "job", "lag"] as const;
const ALL: Stale[] = ["alerts", "approvals", "values", "turn", "jobs", "learning"];
const SLOWEST = 30_000; // ms between two tries at most

class Live extends EventTarget {
  /** Log position that was heard last. */
  seq = -1;
  state: "waiting" | "live" | "lost" = "waiting";
  /** The header's figures, from the newest `turn`. */
  turn: Record<string, unknown> = {};
  /** When anything was heard last, in ms since the page began: the machine's clock may be wrong. */
  heard = performance.now();
  #source: EventSource | null = null;
  #wait = 2000;
  #channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("mindu-stream") : null;

  /** Begin: take the stream, or hear the tab that has it. */
  start(): void {
    this.#channel?.addEventListener("message", (event: MessageEvent<Told | "who" | "live" | "lost">) => {
      if (event.data === "who") this.#post(this.state === "lost" ? "lost" : "live");
      else if (typeof event.data === "string") this.#became(event.data);
      else this.#take(event.data);
    });
    if (!navigator.locks || !this.#channel) return this.#open();
    this.#channel.postMessage("who"); // the tab that holds the stream says how it stands
    void navigator.locks.request("mindu-stream", () => new Promise<void>(() => this.#open()));
  }

  /** Tell the other tabs, where this one holds the stream. */
  #post(told: Told | "live" | "lost"): void {
    if (this.#source) this.#channel?.postMessage(told);
  }

  #open(): void {
    const source = new EventSource(`/api/v1/stream${this.seq >= 0 ? `?since=${this.seq}` : ""}`);
    this.#source = source;
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        const told: Told = { event: name, id: event.lastEventId, data: JSON.parse(event.data) as Record<string, unknown> };
        this.#post(told);
        this.#take(told);
      });
    }
    source.addEventListener("open", () => {
      this.#wait = 2000;
      this.#became("live");
      this.#post("live");
    });
    source.addEventListener("error", () => {
      this.#became("lost");
      this.#post("lost");
      if (source.readyState !== EventSource.CLOSED) return; // the browser itself tries again, and says what it heard last
      source.close();
      setTimeout(() => this.#open(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, SLOWEST);
    });
  }

  #take(told: Told): void {
    this.heard = performance.now();
    this.#became("live");
    const { event, data } = told;
    const seq = Number(data["seq"]);
    if (Number.isFinite(seq)) this.seq = event === "hello" ? seq : Math.max(this.seq, seq); // another city may stand there now, with a shorter log
    const now = Date.parse(String(data["now"] ?? ""));
    if (!Number.isNaN(now)) cursor.tick(now);
    this.dispatchEvent(new CustomEvent<Told>("told", { detail: told }));
    if (event === "turn") this.turn = data;
    const stale = this.#stales(event, data);
    if (stale.length) this.dispatchEvent(new CustomEvent<string[]>("changed", { detail: stale }));
  }

  #stales(event: string, data: Record<string, unknown>): Stale[] {
    if (event === "lag" || (event === "hello" && data["snapshot"])) return ALL;
    if (event === "entry") return STALES[String(data["kind"])] ?? [];
    return event === "values" ? ["values"] : event === "turn" ? ["turn"] : event === "job" ? ["jobs"] : [];
  }

  #became(state: "live" | "lost"): void {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  /** Let the stream go (the page is put aside). */
  stop(): void {
    this.#source?.close();
  }
}

export const live = new Live();
