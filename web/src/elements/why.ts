// <md-why entry>: reading → judgement → action → decision → outcome as a graph that can be walked; the page has the evidence beside it.
import { html, svg, type TemplateResult } from "lit";
import { get } from "../api.ts";
import { cursor } from "../cursor.ts";
import { Panel } from "../panel.ts";
import { loopName, manifest, named } from "../read.ts";
import { mark } from "../severity.ts";
import { when } from "../text.ts";
import type { Manifest, Node, Why as Told } from "../types.ts";
import { pick, say } from "../words.ts";

const LANES = ["Observation", "Segment", "Event", "Forecast", "Weighing", "Judgement", "Action", "Decision", "Sending", "Outcome", "Settlement", "Lesson"];
const [WIDE, HIGH, GAP_X, GAP_Y] = [148, 50, 28, 14];

/** Where each entry stands: a column for its depth in the chain, a row in the order of the log. */
export function place(nodes: readonly Node[]): { at: Map<number, [number, number]>; size: [number, number] } {
  const known = new Map(nodes.map((n) => [n.seq, n]));
  const depth = new Map<number, number>();
  for (const n of [...nodes].sort((a, b) => a.seq - b.seq)) {
    const from = n.because.filter((c) => known.has(c)).map((c) => (depth.get(c) ?? 0) + 1);
    depth.set(n.seq, Math.max(0, ...from));
  }
  const rows = new Map<number, number>();
  const at = new Map<number, [number, number]>();
  for (const n of [...nodes].sort((a, b) => LANES.indexOf(a.kind) - LANES.indexOf(b.kind) || a.seq - b.seq)) {
    const column = depth.get(n.seq) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    at.set(n.seq, [column * (WIDE + GAP_X) + 4, row * (HIGH + GAP_Y) + 4]);
  }
  return { at, size: [(Math.max(0, ...depth.values()) + 1) * (WIDE + GAP_X), Math.max(1, ...rows.values()) * (HIGH + GAP_Y) + 8] };
}

export class Why extends Panel {
  static override properties = { entry: { type: Number } };
  declare entry: number;
  told: Told | null = null;
  #known: Manifest | null = null;
  #chosen = -1;

  constructor() {
    super();
    this.entry = -1;
  }

  protected override wants(kinds: string[]): boolean {
    return kinds.includes("approvals") || kinds.includes("learning");
  }

  protected override async load(): Promise<() => void> {
    const [known, told] = await Promise.all([manifest(), get<Told>(`/why/${this.entry}`)]);
    return () => {
      this.#known = known;
      this.told = told;
      if (this.#chosen < 0) this.#chosen = told.of.seq;
    };
  }

  override render() {
    const t = this.told;
    if (!t) return this.worry();
    const nodes = [...t.chain.filter((n) => n.seq !== t.of.seq), t.of, ...t.then];
    const shown = nodes.find((n) => n.seq === this.#chosen) ?? t.of;
    return html`${this.worry()}<h2>${say("chain")} · #${t.of.seq}</h2>
      ${this.#graph(nodes, t)}
      <section class="node" aria-live="polite">${this.#node(shown)}</section>`;
  }

  #graph(nodes: Node[], t: Told): TemplateResult {
    const { at, size } = place(nodes);
    return html`<div class="wide graph" tabindex="0" role="region" aria-label=${say("chain")}><svg width=${size[0]} height=${size[1]} role="group" aria-label=${say("chain")}>
      ${nodes.flatMap((n) => n.because.filter((c) => at.has(c)).map((c) => edge(at.get(c)!, at.get(n.seq)!)))}
      ${nodes.map((n) => this.#box(n, at.get(n.seq)!, n.seq === t.of.seq))}</svg></div>`;
  }

  #box(n: Node, [x, y]: [number, number], of: boolean) {
    const title = n.kind === "Segment" ? pick(n.says) : named(n.about, n.title); // readings come from many things
    return svg`<a href="/why/${n.seq}" aria-label=${`${pick(n.word)} #${n.seq}: ${pick(n.says) || title}`} aria-current=${of ? "true" : "false"} @click=${(e: Event) => this.#look(e, n.seq)}>
      <rect class=${`node ${of ? "of" : ""} ${n.seq === this.#chosen ? "on" : ""} s${n.severity}`} x=${x} y=${y} width=${WIDE} height=${HIGH} rx="4"></rect>
      <text class="k" x=${x + 8} y=${y + 19}>${pick(n.word)} #${n.seq}</text><text class="t" x=${x + 8} y=${y + 38}>${cut(title)} ${when(Date.parse(n.at), cursor.now)}</text></a>`;
  }

  /** A click shows the entry here; with a modifier key it is a link like any other. */
  #look(event: Event, seq: number): void {
    const key = event as MouseEvent;
    if (key.ctrlKey || key.metaKey || key.shiftKey) return;
    event.preventDefault();
    this.#chosen = seq;
    this.requestUpdate();
  }

  #node(n: Node) {
    return html`<h3>${n.severity ? mark(n.severity) : ""} ${pick(n.word)} <a href="/why/${n.seq}">#${n.seq}</a></h3>
      <p>${pick(n.says) || named(n.about, n.title)}</p>
      <p class="muted"><a href="/thing/${encodeURIComponent(n.about)}">${named(n.about, n.title)}</a> · ${loopName(this.#known, n.by)} · ${when(Date.parse(n.at), cursor.now)}</p>
      ${n.record ? html`<details><summary>${say("table")}</summary><pre class="wide" tabindex="0">${JSON.stringify(n.record, null, 1)}</pre></details>` : ""}`;
  }
}

const edge = (a: [number, number], b: [number, number]) => {
  const [x1, y1, x2, y2] = [a[0] + WIDE, a[1] + HIGH / 2, b[0], b[1] + HIGH / 2];
  const bend = Math.max(16, (x2 - x1) / 2);
  return svg`<path class="edge" d=${`M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}></path>`;
};
const cut = (text: string): string => (text.length > 12 ? `${text.slice(0, 11)}…` : text);
customElements.define("md-why", Why);
