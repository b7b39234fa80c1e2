// <md-alerts limit filters>: what needs attention, the gravest first; a thousand stay usable.
import { html } from "lit";
import { may, post } from "../api.ts";
import { chosen } from "../chosen.ts";
import { cursor } from "../cursor.ts";
import { question } from "../dialog.ts";
import { Panel } from "../panel.ts";
import { every, loopName, manifest, named } from "../read.ts";
import { get } from "../api.ts";
import { Rows } from "../rows.ts";
import { level, levels, mark, tag } from "../severity.ts";
import { when } from "../text.ts";
import { toast } from "../toasts.ts";
import type { Alert, Alerts as Told, Done, Manifest } from "../types.ts";
import { pick, say } from "../words.ts";

interface Listed { key: number; alert: Alert }
type Verb = "ack" | "own" | "silence" | "escalate";
const FILTERS = ["severity", "state", "loop", "owner", "q", "sort"] as const;
const UNTIL = [30, 60, 240, 720]; // minutes that an acknowledgement or a silence may hold

export class AlertList extends Panel {
  static override properties = { limit: { type: Number }, filters: { type: Boolean } };
  declare limit: number;
  declare filters: boolean;
  items: Alert[] = [];
  total = 0;
  #known: Manifest | null = null;
  #told = new Set<number>();
  #picked = new Set<number>();
  #at = 0;
  readonly #rows = new Rows<Listed>(() => this.requestUpdate());

  constructor() {
    super();
    [this.limit, this.filters] = [0, false];
  }

  protected override wants(kinds: string[]): boolean {
    return kinds.includes("alerts") || kinds.includes("turn");
  }

  #query(): Record<string, string> {
    const url = new URLSearchParams(location.search);
    return this.filters ? Object.fromEntries(FILTERS.map((f) => [f, url.get(f) ?? ""])) : {};
  }

  protected override async load(): Promise<() => void> {
    const known = await manifest();
    const told = this.limit > 0 ? await get<Told>("/alerts", { limit: this.limit }) : await every<Alert>("/alerts", this.#query());
    return () => {
      [this.#known, this.items] = [known, told.items];
      this.total = told.total;
      this.#news(told.items);
      this.#at = Math.min(this.#at, Math.max(0, told.items.length - 1));
    };
  }

  /** A critical alert that was not there at the last look is said aloud, once. */
  #news(items: readonly Alert[]): void {
    const fresh = items.filter((a) => a.severity >= 4 && a.state === "open" && !this.#told.has(a.seq));
    if (this.ready && cursor.side === "now") for (const a of fresh.slice(0, 2)) toast(`${pick(a.word)}: ${pick(a.says)}`, "bad");
    this.#told = new Set(items.map((a) => a.seq));
  }

  override updated(): void {
    this.#rows.watch(this.renderRoot.querySelector(".rows"));
    this.#rows.settle();
    this.dataset["worst"] = String(Math.max(0, ...this.items.filter((a) => a.state === "open").map((a) => a.severity)));
  }

  override render() {
    if (!this.ready) return this.worry();
    const all = this.items.map((alert) => ({ key: alert.seq, alert }));
    return html`${this.worry()}${this.filters && !document.querySelector("form.filters[method=get]") ? this.#filter() : ""}
      <p class="tally muted" role="status" ?hidden=${this.limit > 0 && this.items.length === this.total}>${say("shown")} ${this.items.length} ${say("of")} ${this.total} ${this.filters ? this.#counts() : ""}
        ${this.#picked.size ? html`· ${say("chosen")} ${this.#picked.size} ${this.#deeds([...this.#picked])}` : ""}</p>
      ${all.length ? html`<div class="rows" tabindex="0" role="region" aria-label=${say("alerts")} @keydown=${this.#key}>
        <ol class="alerts">${this.#rows.draw(all, ({ alert }, at) => this.#row(alert, at, all.length))}</ol></div>` : html`<p class="calm">${say("calm")}</p>`}`;
  }

  #row(a: Alert, at: number, size: number) {
    const held = a.state !== "open";
    return html`<li data-row=${at} class=${held ? "held" : ""} aria-setsize=${size} aria-posinset=${at + 1} aria-current=${chosen.id === a.about ? "true" : "false"}>
      ${this.filters && may("operator") ? html`<input type="checkbox" aria-label="${say("chosen")}: ${pick(a.says)}" .checked=${this.#picked.has(a.seq)} @change=${() => this.#pick(a.seq)}>` : ""}
      ${mark(a.severity)}
      <button class="say" type="button" @click=${() => { this.#at = at; chosen.set(a.about); }}><span class="t">${pick(a.says)}</span>
        <span class="muted"><b class="word ${level(a.severity).css}">${level(a.severity).word}</b> · ${named(a.about, a.title)} · ${loopName(this.#known, a.loop)} · ${Math.round(a.confidence * 100)} %${this.#state(a)}</span></button>
      <span class="muted when">${when(Date.parse(a.at), cursor.now)}</span>
      <span class="do"><a href="/why/${a.seq}">${say("why")}<span class="vh"> ${pick(a.says)}</span></a>
        ${this.filters && may("operator") && a.state === "open" && cursor.side === "now" ? html`<button class="btn small" type="button" @click=${() => this.#deed("ack", [a.seq])}>${say("ack")}<span class="vh"> ${pick(a.says)}</span></button>` : ""}</span>
    </li>`;
  }

  /** How many of each level are listed. */
  #counts() {
    return levels.map((l) => html`<span class="count-of">${mark(l.n)} ${l.word} ${this.items.filter((a) => a.severity === l.n).length}</span> `);
  }

  #state(a: Alert): string {
    const until = (step: { until: string | null }) => (step.until ? ` ${say("until")} ${when(Date.parse(step.until), cursor.now)}` : "");
    return [
      a.acked ? ` · ${say("acked_by")} ${a.acked.by}${until(a.acked)}` : "",
      a.silenced ? ` · ${say("silenced")} ${a.silenced.by}${until(a.silenced)}` : "",
      a.owner ? ` · ${say("owner")} ${a.owner}` : "",
      a.escalated ? ` · ${say("escalate")} ${a.escalated.to}` : "",
    ].join("");
  }

  #filter() {
    const now = this.#query();
    const loops = [...new Set(this.items.map((a) => a.loop).concat(now["loop"] ? [now["loop"]] : []))].sort();
    const choice = (name: string, label: string, options: [string, string][]) => html`<label>${label}<select name=${name} @change=${this.#set}>
      <option value="">${say("all")}</option>${options.map(([v, t]) => html`<option value=${v} ?selected=${now[name] === v}>${t}</option>`)}</select></label>`;
    return html`<form class="filters" role="search" aria-label=${say("filter")} @submit=${(e: Event) => e.preventDefault()}>
      ${choice("severity", say("severity"), levels.map((l) => [String(l.n), l.word]))}
      ${choice("state", say("state"), [["open", say("open")], ["acked", say("acked")], ["silenced", say("silenced")]])}
      ${choice("loop", say("loop"), loops.map((l) => [l, loopName(this.#known, l)]))}
      <label>${say("search")}<input type="search" name="q" .value=${now["q"] ?? ""} @change=${this.#set}></label></form>`;
  }

  readonly #set = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const url = new URL(location.href);
    if (field.value) url.searchParams.set(field.name, field.value);
    else url.searchParams.delete(field.name);
    history.replaceState(history.state, "", url);
    this.#picked.clear();
    void this.ask();
  };

  #pick(seq: number): void {
    if (!this.#picked.delete(seq)) this.#picked.add(seq);
    this.requestUpdate();
  }

  #deeds(seqs: number[]) {
    return html`${(["ack", "own", "silence", "escalate"] as const).map((v) => html`<button class="btn small" type="button" @click=${() => this.#deed(v, seqs)}>${say(v === "own" ? "owner" : v)}</button> `)}`;
  }

  async #deed(verb: Verb, seqs: number[]): Promise<void> {
    const about = this.items.find((a) => a.seq === seqs[0]);
    const timed = verb === "ack" || verb === "silence";
    const taken = await question({
      key: `alert-${verb}`, title: `${say(verb === "own" ? "owner" : verb)} · ${seqs.length}`, yes: say(verb === "own" ? "owner" : verb),
      body: html`${about ? html`<p>${tag(about.severity)} ${pick(about.says)}</p>` : ""}
        <label>${say("note")}<input name="reason" required maxlength="300" autocomplete="off"></label>
        ${timed ? html`<label>${say("for_how_long")}<select name="until">${UNTIL.map((m) => html`<option value=${m}>${m >= 60 ? `${m / 60} ${say("hour")}` : `${m} ${say("minutes")}`}</option>`)}</select></label>` : html`<label>${say("name")}<input name="to" required maxlength="60"></label>`}`,
      send: async (form) => {
        const until = timed ? new Date(cursor.now + Number(form.get("until")) * 60_000).toISOString() : null;
        const done = await post<Done>("/alerts/act", { verb, seqs, reason: String(form.get("reason")), until, to: String(form.get("to") ?? "") });
        for (const f of done.failed) toast(`${f.seq}: ${pick(f.why)}`, "bad");
      },
    });
    if (!taken) return;
    this.#picked.clear();
    toast(say("decided"));
    await this.ask();
  }

  /** Arrows walk the rows; the list itself keeps the place in the page. */
  readonly #key = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (!step || (event.target as HTMLElement).matches("input, select")) return;
    event.preventDefault();
    this.#at = Math.min(Math.max(0, this.#at + step), this.items.length - 1);
    this.#rows.reveal(this.#at);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`[data-row="${this.#at}"] .say`)?.focus({ preventScroll: true }));
  };
}
customElements.define("md-alerts", AlertList);
