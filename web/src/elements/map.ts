// <md-map>: where everything stands, and the same as a list: for readers of lists, and where no map can be drawn.
import { html } from "lit";
import { Panel } from "../panel.ts";
import { cursor } from "../cursor.ts";
import { chosen } from "../chosen.ts";
import { manifest, named } from "../read.ts";
import { Rows } from "../rows.ts";
import { mark, levels, tag } from "../severity.ts";
import { measure } from "../text.ts";
import { toast } from "../toasts.ts";
import type { Manifest, Row } from "../types.ts";
import { pick, say } from "../words.ts";
import { Sight } from "../map/sight.ts";
import type { MapView } from "../map/view.ts";

interface Listed { key: string; row: Row }

export class CityMap extends Panel {
  static override properties = { kind: {}, label: {}, severities: { attribute: false } };
  declare kind: string;
  /** What this map is called, where a page has several. */
  declare label: string;
  /** Severities to show instead of those that are known: of a future, say. */
  declare severities: ReadonlyMap<string, number> | null;
  #sight = new Sight("");
  #all: Row[] = [];
  #known: Manifest | null = null;
  #view: MapView | null = null;
  #opening = false;
  #listed = false;
  #dead = false;
  readonly #seen = new Rows<Listed>(() => this.requestUpdate());
  readonly #theme = new MutationObserver(() => void this.#repaint());

  constructor() {
    super();
    [this.kind, this.label, this.severities] = ["", "", null];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    chosen.addEventListener("moved", this.#choose);
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme", "data-view"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#repaint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    chosen.removeEventListener("moved", this.#choose);
    this.#theme.disconnect();
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#repaint);
    this.#view?.end();
    this.#view = null;
  }

  /** What the list shows. */
  get rows(): Row[] {
    const [other, all] = [this.severities, this.#sight.large ? this.#all : this.#sight.rows];
    return other ? all.map((r) => ({ ...r, severity: other.get(r.id) ?? 0 })) : all;
  }

  protected override wants(kinds: string[]): boolean {
    return kinds.includes("turn") || kinds.includes("alerts") || (this.#sight.large && kinds.includes("values"));
  }

  protected override async load(): Promise<() => void> {
    const known = await manifest();
    const sight = this.#sight.kind === this.kind ? this.#sight : new Sight(this.kind);
    const take = await sight.read(known);
    const all = sight.large && (this.#listed || this.#dead) ? await sight.whole() : this.#all;
    return () => {
      take();
      [this.#known, this.#sight, this.#all] = [known, sight, all];
    };
  }

  override updated(): void {
    this.#seen.watch(this.renderRoot.querySelector(".rows"));
    this.#seen.settle();
    void this.#draw();
  }

  async #draw(): Promise<void> {
    const box = this.renderRoot.querySelector<HTMLElement>(".canvas");
    if (!box || this.#listed || this.#dead || !this.#sight.total || this.#opening) return;
    if (!this.#view) {
      this.#opening = true;
      await this.#open(box);
      this.#opening = false;
    }
    await this.#view?.show(this.#sight.scene(this.severities));
    this.dataset["drawn"] = String(cursor.moment);
    this.dataset["shown"] = String(Number(this.dataset["shown"] ?? 0) + 1);
  }

  async #open(box: HTMLElement): Promise<void> {
    try {
      const { MapView } = await import("../map/view.ts");
      const bases = (this.#known?.geo ?? []).map((g) => ({ name: g.name, url: `/geo/${g.name}`, title: pick(g.title), source: g.source, kind: g.name.endsWith(".pmtiles") ? "tiles" as const : "area" as const }));
      const at = this.#known?.box;
      this.#view = new MapView(box, bases, at ? [(at[0] + at[2]) / 2, (at[1] + at[3]) / 2] : [0, 0]);
      this.#view.addEventListener("pick", (e) => chosen.set((e as CustomEvent<string>).detail));
      this.#view.addEventListener("laid", () => { this.dataset["laid"] = String(Number(this.dataset["laid"] ?? 0) + 1); });
      this.#view.addEventListener("unread", (e) => toast(`${say("no_base")} ${(e as CustomEvent<string>).detail}`, "bad"));
      this.#view.choose(chosen.id);
    } catch (why) {
      console.warn("no map:", why);
      this.#dead = true;
      void this.ask();
    }
  }

  readonly #choose = (): void => {
    this.#view?.choose(chosen.id);
    this.requestUpdate();
  };

  readonly #repaint = (): void => {
    this.#view?.end();
    this.#view = null;
    this.renderRoot.querySelector(".canvas")?.replaceChildren();
    void this.#draw();
  };

  /** Fly to a spot in WGS-84. */
  go(lon: number, lat: number): void {
    this.#view?.go(lon, lat, 15);
  }

  override render() {
    if (!this.ready) return this.worry();
    const list = this.#listed || this.#dead;
    return html`${this.worry()}
      ${this.#dead ? html`<p class="note" role="status">${say("no_map")}</p>` : ""}
      <div class="canvas" ?hidden=${list} role="application" aria-label=${this.label || say("map")}></div>
      ${list ? this.#list() : this.#legend()}
      <div class="tools">
        ${list ? "" : html`
          <button class="btn" type="button" aria-label=${say("zoom_in")} title=${say("zoom_in")} @click=${() => this.#view?.zoom(1)}>+</button>
          <button class="btn" type="button" aria-label=${say("zoom_out")} title=${say("zoom_out")} @click=${() => this.#view?.zoom(-1)}>−</button>
          <button class="btn" type="button" @click=${() => this.#view?.whole()}>${say("whole")}</button>`}
        ${this.#dead ? "" : html`<button class="btn" type="button" aria-pressed=${list} @click=${this.#toggle}>${list ? say("show_map") : say("show_list")}</button>`}
      </div>`;
  }

  readonly #toggle = (): void => {
    this.#listed = !this.#listed;
    if (this.#listed && this.#sight.large) void this.ask();
    this.requestUpdate();
  };

  #legend() {
    return html`<div class="keybox" role="group" aria-label=${say("legend")}><ul>
      ${levels.map((l) => html`<li>${mark(l.n)} <span aria-hidden="true">${l.word}</span></li>`)}
      <li><svg class="mk" viewBox="0 0 16 16" aria-hidden="true"><circle class="dot" cx="8" cy="8" r="3"></circle></svg> ${say("thing")}</li>
      <li><svg class="mk" viewBox="0 0 16 16" aria-hidden="true"><path class="riv" d="M0 8h16"></path></svg> ${say("reach")}</li></ul>
      ${(this.#known?.geo ?? []).map((g) => html`<p class="muted">${pick(g.title)} · ${g.source} · ${g.datum} · 审图号 ${g.review_no || "–"}</p>`)}</div>`;
  }

  #list() {
    const all = [...this.rows].sort((a, b) => b.severity - a.severity || a.kind.localeCompare(b.kind) || a.id.localeCompare(b.id)).map((row) => ({ key: row.id, row }));
    return html`<div class="rows" tabindex="0" role="region" aria-label="${this.label || say("map")}: ${say("list")}"><ol class="things">
      ${this.#seen.draw(all, ({ row }, at) => html`<li data-row aria-setsize=${all.length} aria-posinset=${at + 1}>
        <button class="thing" type="button" aria-pressed=${chosen.id === row.id} @click=${() => chosen.set(row.id)}>
          <span class="t">${named(row.id, row.title)}</span> ${row.severity ? tag(row.severity) : ""}
          <span class="muted">${pick(this.#known?.terms[row.kind]) || row.kind}</span>
          <span class="v">${row.values.slice(0, 2).map((v) => html`<span>${pick(this.#known?.terms[v.prop]) || v.prop} ${measure(v.value, v.unit)}</span> `)}</span>
        </button></li>`)}</ol></div>`;
  }
}
customElements.define("md-map", CityMap);
