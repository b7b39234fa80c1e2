// <md-scores>: what every loop's judgements, forecasts and promises came to, with its calibration drawn.
import { html, svg } from "lit";
import { get } from "../api.ts";
import { Panel } from "../panel.ts";
import { manifest } from "../read.ts";
import { number } from "../text.ts";
import type { Card, Manifest, Scores as Told } from "../types.ts";
import { lang, pick, say } from "../words.ts";

const SIZE = 88; // px of a calibration square
const ALWAYS = new Set(["judged", "hits", "misses", "false_alarms", "lead_min", "brier", "kept", "broken", "regret", "gain"]); // a nought tells something too

export class Scores extends Panel {
  told: Told | null = null;
  #known: Manifest | null = null;

  protected override wants(kinds: string[]): boolean {
    return kinds.includes("learning");
  }

  protected override async load(): Promise<() => void> {
    const [known, told] = await Promise.all([manifest(), get<Told>("/scores")]);
    return () => { [this.#known, this.told] = [known, told]; };
  }

  override render() {
    if (!this.told) return this.worry();
    const cards = [...this.told.apps, ...this.told.cards].filter((c) => Object.values(c.figures).some((v) => v));
    return html`${this.worry()}
      <section><h2>${say("cards")}</h2>${cards.length ? this.#table(cards) : html`<p class="calm">${say("no_data")}</p>`}
        <div class="cals">${cards.filter((c) => c.calibration.length > 1).map((c) => this.#calibration(c))}</div></section>`;
  }

  #term(name: string): string {
    return pick(this.#known?.terms[name]) || name.replaceAll("_", " ");
  }

  #table(cards: readonly Card[]) {
    const names = [...new Set(cards.flatMap((c) => Object.keys(c.figures)))].filter((n) => ALWAYS.has(n) || cards.some((c) => c.figures[n]));
    return html`<div class="wide" tabindex="0" role="region" aria-label=${say("cards")}><table class="scorecards"><thead><tr><th scope="col">${say("loop")}</th>${names.map((n) => html`<th scope="col" class="n">${this.#term(n)}</th>`)}<th scope="col" class="n">${say("drift")}</th></tr></thead>
      <tbody>${cards.map((c) => html`<tr class=${c.by === c.app ? "whole" : ""}><th scope="row">${pick(c.title) || c.by}<br><small>${c.by}</small></th>${names.map((n) => html`<td class="n">${whole(c.figures[n])}</td>`)}
        <td class="n">${c.drift === null ? "–" : html`×${number(c.drift)} ${c.drift > 1.1 ? html`<span class="tag watch">${say("worse")}</span>` : ""}`}</td></tr>`)}</tbody></table></div>`;
  }

  /** What was said with that chance, and how often it came: on the diagonal when honest. */
  #calibration(c: Card) {
    const at = (v: number) => 4 + v * (SIZE - 8);
    const bins = c.calibration.filter((b) => b.count > 0);
    const said = `${pick(c.title) || c.by}: ${bins.map((b) => (lang === "zh" ? `说 ${pc(b.said)} 来 ${pc(b.came)}` : `said ${pc(b.said)} came ${pc(b.came)}`)).join(", ")}`;
    return html`<figure class="cal"><svg viewBox="0 0 ${SIZE} ${SIZE}" width=${SIZE} height=${SIZE} role="img" aria-label=${said}>
      <path class="diag" d="M4 ${SIZE - 4} ${SIZE - 4} 4"></path>${svg`<path class="curve" d=${`M${bins.map((b) => `${at(b.said)} ${SIZE - at(b.came)}`).join("L")}`}></path>`}
      ${bins.map((b) => svg`<circle cx=${at(b.said)} cy=${SIZE - at(b.came)} r=${2 + Math.min(4, Math.log10(b.count + 1) * 1.5)}></circle>`)}</svg>
      <figcaption>${pick(c.title) || c.by}<br><small>${say("calibration")}</small></figcaption></figure>`;
  }
}

const pc = (v: number) => `${Math.round(v * 100)} %`;
const whole = (v: number | null | undefined) => (Number.isInteger(v) ? String(v) : number(v));
customElements.define("md-scores", Scores);
