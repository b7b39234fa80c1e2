// The ground of every element: a live view beside what the server wrote, and one of the two is shown.
import { LitElement, html, type TemplateResult } from "lit";
import { cursor } from "./cursor.ts";
import { live } from "./live.ts";
import { Refused } from "./api.ts";
import { say } from "./words.ts";

const SOON = 250; // ms: news comes in bursts

export abstract class Panel extends LitElement {
  #plain: HTMLElement | null = null;
  #view: HTMLElement | null = null;
  #asking = 0;
  #again = 0;
  #stop = new AbortController();
  /** What went wrong last, for the reader. */
  trouble = "";
  /** Whether an answer has come. */
  ready = false;

  override createRenderRoot(): HTMLElement {
    if (this.#view) return this.#view;
    const plain = document.createElement("div");
    plain.className = "plain";
    plain.append(...this.childNodes);
    const view = document.createElement("div");
    view.className = "view";
    view.hidden = true;
    this.append(plain, view);
    this.#plain = plain;
    this.#view = view;
    return view;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    cursor.addEventListener("moved", () => void this.ask(), { signal });
    live.addEventListener("changed", (event) => this.heard((event as CustomEvent<string[]>).detail), { signal });
    void this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
    clearTimeout(this.#again);
    this.#again = 0;
  }

  /** Read what this panel shows, and return what takes it in; throws `Refused`. */
  protected abstract load(): Promise<() => void>;

  /** The kinds of news after which this panel reads again. */
  protected wants(_kinds: string[]): boolean {
    return true;
  }

  protected heard(kinds: string[]): void {
    if (cursor.side === "past" || !this.wants(kinds)) return;
    if (this.#again) return; // it will read what is newest then; a steady stream must not put it off for ever
    this.#again = window.setTimeout(() => {
      this.#again = 0;
      void this.ask();
    }, SOON);
  }

  /** Read again, and show it; a slower, older answer never overwrites a newer one. */
  async ask(): Promise<void> {
    const mine = ++this.#asking;
    try {
      const take = await this.load();
      if (mine !== this.#asking) return;
      take();
      this.trouble = "";
      this.ready = true;
    } catch (why) {
      if (mine !== this.#asking) return;
      if (!(why instanceof Refused)) throw why;
      this.trouble = why.message;
    }
    this.requestUpdate();
    this.#swap(this.ready);
  }

  /** Show the server's own words again: this view cannot stand here. */
  protected giveWay(): void {
    this.#swap(false);
  }

  #swap(on: boolean): void {
    if (this.#plain) this.#plain.hidden = on;
    if (this.#view) this.#view.hidden = !on;
  }

  protected worry(): TemplateResult | string {
    return this.trouble
      ? html`<p class="bad" role="status">${say("refused_by")} ${this.trouble}
          <button class="btn" @click=${() => void this.ask()}>${say("again")}</button></p>`
      : "";
  }
}
