// <md-approvals limit>: what waits for a yes: its effect with and without, who has said yes, how long is left.
import { html, type TemplateResult } from "lit";
import { get, may, post } from "../api.ts";
import { cursor } from "../cursor.ts";
import { question } from "../dialog.ts";
import { Panel } from "../panel.ts";
import { learn, loopName, manifest, named, titles } from "../read.ts";
import { number, span, when } from "../text.ts";
import { toast } from "../toasts.ts";
import type { Approval, Approvals as Told, Course, Done, Manifest } from "../types.ts";
import { pick, say } from "../words.ts";

const SETTINGS = 12; // machines named before the rest is folded away
const SENT = 6; // sent actions shown with a way back

export class ApprovalList extends Panel {
  static override properties = { limit: { type: Number } };
  declare limit: number;
  waiting: Approval[] = [];
  sent: Approval[] = [];
  #known: Manifest | null = null;
  #picked = new Set<number>();
  #timer = 0;

  constructor() {
    super();
    this.limit = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = window.setInterval(() => this.requestUpdate(), 15_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override wants(kinds: string[]): boolean {
    return kinds.includes("approvals");
  }

  protected override async load(): Promise<() => void> {
    const state = this.limit ? "waiting" : new URLSearchParams(location.search).get("state") || "waiting";
    const [known, waiting, sent] = await Promise.all([manifest(), get<Told>("/approvals", { state, limit: this.limit || 200 }), state === "waiting" ? get<Told>("/approvals", { state: "sent", limit: SENT }) : null]);
    await learn(waiting.items.flatMap((a) => [...Object.keys(a.args), a.type_name]));
    return () => {
      this.#known = known;
      this.waiting = waiting.items;
      this.sent = (sent?.items ?? []).filter((a) => a.state === "sent" && a.undo);
      for (const seq of this.#picked) if (!waiting.items.some((a) => a.seq === seq)) this.#picked.delete(seq);
      this.dataset["waiting"] = String(waiting.waiting);
    };
  }

  override render() {
    if (!this.ready) return this.worry();
    const many = this.#picked.size;
    return html`${this.worry()}
      ${this.waiting.length ? "" : html`<p class="calm">${say("none_waiting")}</p>`}
      ${many > 1 ? html`<div class="batch row" role="group" aria-label=${say("batch")}>${say("chosen")} ${many} ${this.#buttons(this.waiting.filter((a) => this.#picked.has(a.seq)))}</div>` : ""}
      <div class="asks" @keydown=${this.#key}>${this.waiting.map((a) => this.#ask(a))}</div>
      ${this.sent.length && !this.limit ? html`<h2>${say("undo")}</h2>${this.sent.map((a) => this.#sent(a))}` : ""}`;
  }

  #ask(a: Approval) {
    const left = Date.parse(a.expires) - cursor.now;
    const needs = a.consent.needed > 1;
    return html`<article class="ask" id="ask-${a.seq}" tabindex="-1" aria-labelledby="ask-${a.seq}-t">
      ${this.#heading(html`${may("approver") && !this.limit && !a.type_name ? html`<input type="checkbox" aria-label="${say("batch")}: ${pick(a.says)}" .checked=${this.#picked.has(a.seq)} @change=${() => this.#pick(a.seq)}>` : ""}
        <span id="ask-${a.seq}-t">${pick(a.says)}</span>`)}
      <p class="muted">${named(a.about, a.title)} · ${loopName(this.#known, a.loop)} · ${a.state === "waiting" ? html`<span class=${left < 120_000 ? "soon" : ""}>${left > 0 ? `${say("left")} ${span(left)}` : say("due")}</span>` : html`${this.#came(a)}`}
        ${needs ? html` · ${say("two")} (${a.consent.given.length}/${a.consent.needed}${a.consent.given.length ? `: ${a.consent.given.join(", ")}` : ""})` : ""} · <a href="/why/${a.seq}">${say("why")}<span class="vh"> ${pick(a.says)}</span></a></p>
      ${pick(a.promise) ? html`<p><strong>${say("promise")}</strong> ${pick(a.promise)}</p>` : ""}
      ${this.#settings(a)}${this.#effect(a)}
      ${this.limit ? html`<a class="btn primary" href="/approvals#ask-${a.seq}">${say("decide")}<span class="vh"> ${pick(a.says)}</span></a>` : html`<div class="row">${this.#buttons([a])}</div>`}
    </article>`;
  }

  /** A page of actions has them under its title; a short list stands under a heading of its own. */
  #heading(words: TemplateResult) {
    return this.limit ? html`<h3>${words}</h3>` : html`<h2>${words}</h2>`;
  }

  /** What was said to it, and what came of it. */
  #came(a: Approval) {
    const d = a.decision;
    return html`${d ? `${d.by}: ${say(d.yes ? "approve" : "refuse")} ${d.note} ` : say("expired")}${a.outcome ? `· ${say(a.outcome.kept ? "kept" : "broken")}` : ""}`;
  }

  #settings(a: Approval) {
    const all = Object.entries(a.args).map(([k, v]) => html`<li>${this.#called(k)} → ${typeof v === "number" ? (v >= 0 && v <= 1 ? `${Math.round(v * 100)} %` : number(v)) : String(v)}</li>`);
    if (!all.length) return "";
    const list = html`<ul class="settings">${all}</ul>`;
    return all.length > SETTINGS ? html`<details><summary>${say("gates")} (${all.length})</summary>${list}</details>` : list;
  }

  /** What a setting is called: the thing that it sets, or the term. */
  readonly #called = (k: string): string => {
    const thing = titles.get(k);
    return thing && thing !== k ? thing : pick(this.#known?.terms[k]) || k;
  };

  /** With and without, as bars on one scale, each term with its numbers; the table is the picture. */
  #effect(a: Approval) {
    const p = a.preview;
    if (!p) return "";
    const name = (n: string) => pick(this.#known?.terms[n]) || n.replaceAll("_", " ");
    const called = (n: string) => pick(a.courses.find((c) => c.name === n)?.title) || name(n);
    const rows: [string, number, number][] = [[say("cost"), p.mean_with, p.mean_without], ...Object.keys(p.terms_with).map((t) => [name(t), p.terms_with[t] ?? 0, p.terms_without[t] ?? 0] as [string, number, number])];
    const shown = rows.filter(([, x, y], i) => i === 0 || x !== 0 || y !== 0);
    return html`<details class="withit" ?open=${!this.limit}><summary>${say("effect")}: ${number(p.mean_without)} → <strong>${number(p.mean_with)}</strong>${p.mean_without > 0 ? ` (${p.mean_with <= p.mean_without ? "−" : "+"}${Math.abs(Math.round((p.mean_with / p.mean_without - 1) * 100))} %)` : ""}</summary>
      <div class="wide" tabindex="0" role="region" aria-label=${say("effect")}><table><thead><tr><td></td><th scope="col" class="n">${swatch("with")} ${say("with_it")} <small>(${called(p.chosen)})</small></th><th scope="col" class="n">${swatch("without")} ${say("without_it")} <small>(${called(p.without)})</small></th><td></td></tr></thead>
      <tbody>${shown.map(([n, x, y]) => html`<tr><th scope="row">${n}</th><td class="n">${number(x)}</td><td class="n">${number(y)}</td><td>${bars(x, y)}</td></tr>`)}</tbody></table></div>
      ${courses(a.courses, name, this.limit ? 4 : 3)}</details>`;
  }

  #buttons(all: Approval[]) {
    if (all.some((a) => a.state !== "waiting")) return all.every((a) => a.undo && a.state === "sent") && may("approver") ? html`<button class="btn" type="button" @click=${() => this.#undo(all[0]!)}>${say("undo")}</button>` : "";
    if (cursor.side !== "now") return html`<span class="muted">${say("past")}</span>`;
    if (!may("approver")) return html`<span class="muted">${say("role_short")}</span> <a href="/sign-in">${say("sign_in")}</a>`;
    return html`<button class="btn primary" type="button" data-yes @click=${() => this.#decide(all, { yes: true })}>${say("approve")}<span class="vh"> ${pick(all[0]?.says)}</span></button>
      <button class="btn" type="button" data-no @click=${() => this.#decide(all, { yes: false })}>${say("refuse")}<span class="vh"> ${pick(all[0]?.says)}</span></button>`;
  }

  #sent(a: Approval) {
    return html`<p class="row"><span class="spread">${when(Date.parse(a.at), cursor.now)} ${pick(a.says)} <a href="/why/${a.seq}">${say("why")}<span class="vh"> ${pick(a.says)}</span></a></span>
      ${may("approver") && cursor.side === "now" ? html`<button class="btn small" type="button" @click=${() => this.#undo(a)}>${say("undo")}<span class="vh"> ${pick(a.says)}</span></button>` : ""}</p>`;
  }

  #pick(seq: number): void {
    if (!this.#picked.delete(seq)) this.#picked.add(seq);
    this.requestUpdate();
  }

  async #decide(all: Approval[], { yes }: { yes: boolean }): Promise<void> {
    const typed = yes ? all.find((a) => a.type_name)?.type_name ?? "" : "";
    const seqs = all.map((a) => a.seq);
    const taken = await question({
      key: `decide-${seqs.join("-")}`, title: `${say(yes ? "approve" : "refuse")} · ${seqs.length}`, yes: say(yes ? "approve" : "refuse"),
      body: html`<ul>${all.slice(0, 8).map((a) => html`<li>${pick(a.says)}</li>`)}</ul>
        <label>${say("note")}<input name="reason" required maxlength="300" autocomplete="off"></label>
        ${typed ? html`<label>${say("type_name")} <strong>${titles.get(typed) ?? typed}</strong><input name="typed" required autocomplete="off" spellcheck="false"></label>` : ""}`,
      send: async (form) => {
        const done = await post<Done>("/approvals/decide", { seqs, yes, reason: String(form.get("reason")), typed: String(form.get("typed") ?? "") });
        for (const f of done.failed) toast(pick(f.why), "bad");
        if (done.done.length) toast(say("decided"));
      },
    });
    if (taken) await this.ask();
  }

  async #undo(a: Approval): Promise<void> {
    const taken = await question({
      key: `undo-${a.seq}`, title: say("undo"), yes: say("undo"), body: html`<p>${pick(a.says)}</p><label>${say("note")}<input name="reason" required maxlength="300" autocomplete="off"></label>`,
      send: async (form) => { await post("/approvals/undo", { seq: a.seq, reason: String(form.get("reason")) }); },
    });
    if (!taken) return;
    toast(say("decided"));
    await this.ask();
  }

  /** Keys: arrows walk the actions, y and n answer the one in focus. */
  readonly #key = (event: KeyboardEvent): void => {
    const here = (event.target as HTMLElement).closest<HTMLElement>("article.ask");
    if (!here || (event.target as HTMLElement).matches("input, select, summary") || event.ctrlKey || event.metaKey || event.altKey) return;
    const answer = { y: "[data-yes]", n: "[data-no]" }[event.key];
    const next = { ArrowDown: here.nextElementSibling, ArrowUp: here.previousElementSibling }[event.key];
    if (answer) here.querySelector<HTMLElement>(answer)?.click();
    else if (next instanceof HTMLElement) next.focus();
    else return;
    event.preventDefault();
  };
}

const swatch = (which: "with" | "without") => html`<svg class="pair" width="12" height="10" aria-hidden="true"><rect class=${which} x="1" y="1" width="10" height="8"></rect></svg>`;

/** Two bars on one scale: the upper with, the lower without. */
function bars(x: number, y: number) {
  const most = Math.max(Math.abs(x), Math.abs(y)) || 1;
  const wide = (v: number) => (Math.abs(v) / most) * 96;
  return html`<svg class="pair" width="100" height="16" aria-hidden="true"><rect class="with" x="0" y="1" height="6" width=${wide(x)}></rect><rect class="without" x="0" y="9" height="6" width=${wide(y)}></rect></svg>`;
}

/** What else was weighed, with its veto if it has one. */
export function courses(all: readonly Course[], name: (n: string) => string, depth: 3 | 4) {
  if (!all.length) return "";
  return html`${depth === 3 ? html`<h3>${say("options")}</h3>` : html`<h4>${say("options")}</h4>`}<div class="wide" tabindex="0" role="region" aria-label=${say("options")}><table class="courses"><thead><tr><th scope="col">${say("plan")}</th><th scope="col" class="n">${say("mean")}</th><th scope="col" class="n">${say("tail")}</th></tr></thead><tbody>${all.map((c) => html`<tr class=${c.chosen ? "chosen" : ""}>
    <th scope="row">${c.chosen ? "✓ " : ""}${pick(c.title) || name(c.name)}${c.veto ? html`<br><small>✗ ${pick(c.veto)}</small>` : ""}</th><td class="n">${number(c.mean)}</td><td class="n">${number(c.tail)}</td></tr>`)}</tbody></table></div>`;
}
customElements.define("md-approvals", ApprovalList);
