// <md-picture .series>: one drawn series that somebody else has read; what md-chart draws, without the reading.
import { LitElement, html } from "lit";
import { sentence, type Series } from "../chart/data.ts";
import type { Drawn } from "../chart/draw.ts";

export class Picture extends LitElement {
  static override properties = { series: { attribute: false }, at: { attribute: false } };
  declare series: Series | null;
  declare at: number | null;
  #drawn: Drawn | null = null;
  #inSight = false;
  #size = new ResizeObserver(() => this.#drawn?.size());
  #sight = new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) { this.#inSight = true; void this.#draw(); } }, { rootMargin: "120px" });

  constructor() {
    super();
    [this.series, this.at] = [null, null];
  }
  override createRenderRoot(): HTMLElement {
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
    this.#size.disconnect();
    this.#drawn?.end();
    this.#drawn = null;
  }
  override updated(): void {
    void this.#draw();
  }

  async #draw(): Promise<void> {
    const box = this.querySelector<HTMLElement>(".drawing");
    if (!box || !this.series || !this.#inSight) return;
    if (!this.#drawn) {
      const { draw } = await import("../chart/draw.ts");
      if (!this.isConnected || this.#drawn) return;
      this.#drawn = draw(box);
      this.#size.observe(box);
    }
    this.#drawn.show(this.series, this.at);
  }

  /** A click is a short cut for the pointer; the time slider does the same by key. */
  readonly #click = (event: MouseEvent): void => {
    const at = this.#drawn?.momentAt(event.offsetX);
    if (at) this.dispatchEvent(new CustomEvent<number>("moment", { detail: at }));
  };

  override render() {
    if (!this.series) return "";
    const said = sentence(this.series);
    return html`<figure><figcaption><strong>${this.series.title}</strong> <small>${this.series.unit}</small></figcaption>
      ${this.series.other ? html`<p class="muted key2">${stroke("a")} ${this.series.aheadName} &emsp; ${stroke("b")} ${this.series.otherName}</p>` : ""}
      <div class="drawing" role="img" aria-label=${said} @click=${this.#click}></div><p class="said muted">${said}</p></figure>`;
  }
}
/** The stroke of a future, as the drawing has it. */
const stroke = (which: "a" | "b") => html`<svg class="stroke ${which}" width="28" height="8" aria-hidden="true"><path d="M0 4h28"></path></svg>`;
customElements.define("md-picture", Picture);
