// Severity by shape, word and order; colour only repeats what the shape has said.
import { html, svg, type TemplateResult } from "lit";
import { lang } from "./words.ts";

export interface Level { n: number; css: "crit" | "warn" | "watch" | "info"; word: string; path: string }

const side = lang === "zh" ? 0 : 1;
const LEVELS: ReadonlyArray<[number, Level["css"], [string, string], string]> = [
  [4, "crit", ["紧急", "critical"], "M8 1 15 14.5H1z"],
  [3, "warn", ["警告", "warning"], "M8 .8 15.2 8 8 15.2.8 8z"],
  [2, "watch", ["关注", "watch"], "M2 2h12v12H2z"],
  [1, "info", ["提示", "notice"], "M8 1.5a6.5 6.5 0 1 0 .01 0z"],
];

/** The four levels, the gravest first. */
export const levels: ReadonlyArray<Level> = LEVELS.map(([n, css, words, path]) => ({ n, css, word: words[side], path }));

/** The level of a number 1 (notice) to 4 (critical); anything else is the nearest. */
export function level(n: number): Level {
  const found = levels.find((l) => l.n === Math.min(4, Math.max(1, Math.round(n))));
  return found ?? levels[3]!;
}

/** The mark alone: a picture with the level's word as its name. */
export function mark(n: number): TemplateResult {
  const l = level(n);
  return html`<svg class="mk ${l.css}" viewBox="0 0 16 16" role="img" aria-label=${l.word}>${svg`<path d=${l.path}></path>`}</svg>`;
}

/** The mark beside its word. */
export function tag(n: number): TemplateResult {
  const l = level(n);
  return html`<span class="tag ${l.css}"><svg class="mk ${l.css}" viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${l.path}></path>`}</svg>${l.word}</span>`;
}
