// <md-thing about>: the thing that is chosen: its newest values, its charts, what is said of it.
import { html } from "lit";
import { get } from "../api.ts";
import { chosen } from "../chosen.ts";
import { cursor } from "../cursor.ts";
import { Panel } from "../panel.ts";
import { manifest, named } from "../read.ts";
import { mark } from "../severity.ts";
import { measure, when } from "../text.ts";
import type { Manifest, Thing as Told } from "../types.ts";
import { pick, say } from "../words.ts";
import "./chart.ts";

const CHARTS = 3; // channels drawn; the others are listed with their newest value

export class ThingPanel extends Panel {
  static override properties = { about: {} };
  /** The thing; empty follows what is chosen on the map or in a list. */
  declare about: string;
  told: Told | null = null;
  #known: Manifest | null = null;

  constructor() {
    super();
    this.about = "";
  }
  override connectedCallback(): void {
    super.connectedCallback();
    chosen.addEventListener("moved", this.#follow);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    chosen.removeEventListener("moved", this.#follow);
  }
  readonly #follow = (): void => { if (!this.about) void this.ask(); };

  protected override wants(kinds: string[]): boolean {
    return kinds.includes("turn");
  }

  protected override async load(): Promise<() => void> {
    const id = this.about || chosen.id;
    const [known, told] = await Promise.all([manifest(), id ? get<Told>(`/entities/${encodeURIComponent(id)}`) : null]);
    return () => { [this.#known, this.told] = [known, told]; };
  }

  #term(name: string): string {
    return pick(this.#known?.terms[name]) || name.replaceAll("_", " ");
  }

  override render() {
    const t = this.told;
    if (!t) return html`${this.worry()}<p class="calm">${say("choose")}</p>`;
    const name = named(t.row.id, t.row.title);
    const drawn = [...t.channels].sort((a, b) => Number(b.forecast) - Number(a.forecast)).slice(0, CHARTS);
    return html`${this.worry()}<h2>${t.row.severity ? mark(t.row.severity) : ""} <a href="/thing/${encodeURIComponent(t.row.id)}">${name}</a> <small>${this.#term(t.row.kind)}</small></h2>
      ${t.alerts.length ? html`<ul class="plainlist">${t.alerts.slice(0, 5).map((a) => html`<li>${mark(a.severity)} ${pick(a.says)} <a href="/why/${a.seq}">${say("why")}<span class="vh"> ${pick(a.says)}</span></a></li>`)}</ul>` : ""}
      ${t.channels.length ? html`<dl class="values">${t.channels.map((c) => html`<div><dt>${pick(c.title) || this.#term(c.prop)}</dt><dd>${measure(c.value, c.unit)} <span class="muted">${c.at ? when(Date.parse(c.at), cursor.now) : ""}</span></dd></div>`)}</dl>` : html`<p class="calm">${say("no_data")}</p>`}
      ${drawn.map((c) => html`<md-chart about=${t.row.id} prop=${c.prop}></md-chart>`)}`;
  }
}
customElements.define("md-thing", ThingPanel);
