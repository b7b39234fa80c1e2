// The one time cursor: now, a past moment, or a moment ahead; kept in the URL and shared by every panel.
export type Side = "now" | "past" | "ahead";
export const SPEEDS = [1, 10, 60, 300, 600] as const;
const POSITION = /^#?\d{1,15}$/;
export const AHEAD = 3_600_000; // ms: the forecasts reach one hour ahead

class Cursor extends EventTarget {
  /** The chosen moment in ms, or null for now. */
  at: number | null = null;
  /** The city's now in ms, and the moment of the first thing it knows. */
  now = Date.now();
  first = this.now - 6 * AHEAD;
  speed = 60;
  playing = false;
  #timer = 0;
  #told = "";
  /** A log position that the address names instead of a moment, until the cursor is moved. */
  #position = "";

  constructor() {
    super();
    this.#read();
    addEventListener("popstate", () => {
      this.#read();
      this.#tell();
    });
  }

  /** Where the cursor stands against the city's now. */
  get side(): Side {
    return this.#position ? "past" : this.at === null ? "now" : this.at > this.now ? "ahead" : "past";
  }
  /** The moment that is looked at. */
  get moment(): number {
    return this.at ?? this.now;
  }
  /** The moment that the server is asked for: what was known then; null for now and ahead. */
  get asOf(): string | null {
    if (this.#position) return this.#position;
    return this.side === "past" ? new Date(this.at!).toISOString() : null;
  }

  /** Look at a moment (ms), or at now. */
  set(at: number | null): void {
    const kept = at === null ? null : Math.round(Math.min(Math.max(at, this.first), this.now + AHEAD) / 1000) * 1000;
    if (kept === this.at && !this.#position) return;
    this.at = kept;
    this.#position = "";
    const url = new URL(location.href);
    if (kept === null) url.searchParams.delete("at");
    else url.searchParams.set("at", new Date(kept).toISOString().replace(".000Z", "Z"));
    history.replaceState(history.state, "", url);
    this.#tell();
  }

  /** Hear the city's clock; panels that look at now are told. */
  tick(now: number, first = this.first): void {
    this.now = now;
    this.first = Math.min(first, now);
    this.dispatchEvent(new Event("tick"));
  }

  /** Let the moment run at `speed` seconds a second, until it meets now. */
  play(speed = this.speed): void {
    this.speed = speed;
    if (this.at === null) this.set(Math.max(this.first, this.now - AHEAD));
    this.playing = true;
    clearInterval(this.#timer);
    const EVERY = 500; // ms: two steps a second are as many as the panels follow
    this.#timer = window.setInterval(() => {
      const next = this.moment + EVERY * this.speed;
      if (this.side === "past" && next >= this.now) {
        this.pause();
        this.set(null);
      } else if (next >= this.now + AHEAD) {
        this.set(this.now + AHEAD);
        this.pause();
      } else this.set(next);
    }, EVERY);
    this.dispatchEvent(new Event("tick"));
  }

  /** Stand still. */
  pause(): void {
    clearInterval(this.#timer);
    this.playing = false;
    this.dispatchEvent(new Event("tick"));
  }

  #read(): void {
    const asked = new URLSearchParams(location.search).get("at") ?? "";
    this.#position = POSITION.test(asked) ? asked : "";
    const told = Date.parse(this.#position ? document.body?.dataset["now"] ?? "" : asked); // the page says when that position was
    this.at = Number.isNaN(told) ? null : told;
  }
  #tell(): void {
    const told = this.#position || String(this.at);
    if (this.#told === told) return;
    this.#told = told;
    this.dispatchEvent(new Event("moved"));
    this.dispatchEvent(new Event("tick"));
  }
}

export const cursor = new Cursor();
