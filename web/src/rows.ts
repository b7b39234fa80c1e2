// A long list that stays usable: only the rows in sight are in the page; the spacers keep the scroll bar honest.
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

const WHOLE = 80; // rows: a list as short as this is simply written out
const SPARE = 8; // rows drawn beyond the edges

export interface Row { key: string | number }

/** The rows in sight of a scrolling box. Rows have one height, in px, measured once from the page. */
export class Rows<T extends Row> {
  first = 0;
  count = 40;
  height = 52;
  #box: HTMLElement | null = null;

  constructor(private readonly changed: () => void) {}

  /** Watch a box: its scroll and its size say which rows are in sight. */
  watch(box: HTMLElement | null): void {
    if (!box || box === this.#box) return;
    this.#box = box;
    box.addEventListener("scroll", () => this.look(), { passive: true });
    new ResizeObserver(() => this.look()).observe(box);
  }

  /** Measure, and draw again when other rows came into sight. */
  look(): void {
    const box = this.#box;
    if (!box) return;
    const row = box.querySelector<HTMLElement>("[data-row]");
    if (row?.offsetHeight) this.height = row.offsetHeight;
    const first = Math.max(0, Math.floor(box.scrollTop / this.height) - SPARE);
    const count = Math.ceil(box.clientHeight / this.height) + 2 * SPARE;
    if (first === this.first && count === this.count) return;
    [this.first, this.count] = [first, count];
    this.changed();
  }

  /** Write the rows in sight; `one` draws a list item that carries data-row, aria-setsize and aria-posinset. */
  draw(all: readonly T[], one: (item: T, at: number) => TemplateResult): TemplateResult {
    if (all.length <= WHOLE) return html`${repeat(all, (i) => i.key, one)}`;
    const from = Math.min(this.first, Math.max(0, all.length - this.count));
    const seen = all.slice(from, from + this.count);
    return html`<li class="spacer" role="presentation" data-high=${from * this.height}></li>
      ${repeat(seen, (i) => i.key, (i, n) => one(i, from + n))}
      <li class="spacer" role="presentation" data-high=${Math.max(0, all.length - from - seen.length) * this.height}></li>`;
  }

  /** Give the spacers their height: after each drawing. */
  settle(): void {
    this.#box?.querySelectorAll<HTMLElement>(".spacer").forEach((s) => { s.style.height = `${s.dataset["high"]}px`; });
  }

  /** Bring a row into sight. */
  reveal(at: number): void {
    const box = this.#box;
    if (!box) return;
    const top = at * this.height;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + this.height > box.scrollTop + box.clientHeight) box.scrollTop = top + this.height - box.clientHeight;
    this.look();
  }
}
