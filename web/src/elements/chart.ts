// <md-chart about prop>: one channel seen and ahead, said in one sentence, drawn when in sight, as a table on demand.
import { html } from "lit";
import { get } from "../api.ts";
import type { Series } from "../chart/data.ts";
import { cursor } from "../cursor.ts";
import { Panel } from "../panel.ts";
import { seriesOf } from "../read.ts";
import { moment, number } from "../text.ts";
import { say } from "../words.ts";
import "./picture.ts";

const LISTED = 120; // newest rows of the table

export class Chart extends Panel {
  static override properties = { about: {}, prop: {}, back: { type: Number } };
  declare about: string;
  declare prop: string;
  /** Hours shown before the cursor. */
  declare back: number;
  series: Series | null = null;
  #table = false;

  constructor() {
    super();
    [this.about, this.prop, this.back] = ["", "", 6];
  }

  protected override wants(kinds: string[]): boolean {
    return kinds.includes("values") || kinds.includes("turn");
  }

  protected override async load(): Promise<() => void> {
    const told = await seriesOf(get, this.about, this.prop, this.back);
    return () => { this.series = told; };
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (this.ready && (changed.has("about") || changed.has("prop"))) void this.ask();
  }

  override render() {
    const s = this.series;
    if (!s) return this.worry();
    return html`${this.worry()}
      <md-picture .series=${s} .at=${cursor.side === "now" ? null : cursor.moment} @moment=${(e: CustomEvent<number>) => cursor.set(e.detail)}></md-picture>
      <button class="btn small" type="button" aria-expanded=${this.#table} @click=${this.#toggle}>${say("table")}<span class="vh"> ${s.title}</span></button>
      ${this.#table ? this.#rows(s) : ""}`;
  }

  readonly #toggle = (): void => {
    this.#table = !this.#table;
    this.requestUpdate();
  };

  #rows(s: Series) {
    const seen = [...s.seen].reverse().slice(0, LISTED);
    return html`<div class="wide" tabindex="0" role="region" aria-label="${s.title} ${say("table")}"><table>
      <thead><tr><th scope="col">${say("at")}</th><th scope="col" class="n">${say("low")}</th><th scope="col" class="n">${say("value")}</th><th scope="col" class="n">${say("high")}</th></tr></thead>
      <tbody>${[...s.ahead].reverse().map((a) => html`<tr><th scope="row">${moment(a.at)} <small>${say("ahead")}</small></th><td class="n">${number(a.low)}</td><td class="n">${number(a.mid)}</td><td class="n">${number(a.high)}</td></tr>`)}
      ${seen.map(([at, v, doubt]) => html`<tr><th scope="row">${moment(at)}</th><td></td><td class="n">${number(v)}${doubt ? " ?" : ""}</td><td></td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define("md-chart", Chart);
