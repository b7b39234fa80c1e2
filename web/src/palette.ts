// The command palette and the keys: every page, every thing and every switch without a mouse.
import { carried } from "./carry.ts";
import { html, nothing, render } from "lit";
import { get } from "./api.ts";
import { chosen } from "./chosen.ts";
import { cursor } from "./cursor.ts";
import { offer } from "./deeds.ts";
import { manifest, named } from "./read.ts";
import { readSpot } from "./map/datum.ts";
import type { CityMap } from "./elements/map.ts";
import type { Row, Rows } from "./types.ts";
import { lang, pick, say } from "./words.ts";

interface Command { title: string; hint: string; run: () => void; lang?: string }
const FOUND = 12; // lines offered at most
const PAGES = "1234567";
const OTHER = lang === "zh" ? "en" : "zh-CN"; // a language is named in its own words

/** Open an address of this city; the cursor's moment goes with it. */
export function visit(href: string): void {
  location.assign(carried(href));
}

/** Change one parameter of the address and load the page anew: language, theme, view. */
export function turn(name: string, value: string): void {
  const url = new URL(location.href);
  url.searchParams.set(name, value);
  location.assign(url);
}

const dark = () => getComputedStyle(document.documentElement).colorScheme.startsWith("dark")
  || (document.documentElement.dataset["theme"] !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

async function commands(): Promise<Command[]> {
  const known = await manifest().catch(() => null);
  return [
    ...(known?.nav ?? []).map((n, i) => ({ title: pick(n.title), hint: `${say("go")} · g ${PAGES[i] ?? ""}`, run: () => visit(n.href) })),
    { title: say("theme"), hint: "t", run: () => turn("theme", dark() ? "light" : "dark") },
    { title: say("language"), lang: OTHER, hint: "l", run: () => turn("lang", document.documentElement.lang.startsWith("en") ? "zh" : "en") },
    { title: say("wall"), hint: "", run: () => turn("view", document.documentElement.dataset["view"] === "wall" ? "desk" : "wall") },
    { title: say("tour"), hint: "", run: () => { offer(true); visit("/situation"); } },
    { title: say("to_now"), hint: "n", run: () => { cursor.pause(); cursor.set(null); } },
    { title: cursor.playing ? say("pause") : say("play"), hint: "p", run: () => (cursor.playing ? cursor.pause() : cursor.play()) },
  ];
}

async function things(text: string): Promise<Command[]> {
  const spot = readSpot(text);
  if (spot) return [{ title: `${spot.lon.toFixed(5)}, ${spot.lat.toFixed(5)}`, hint: "WGS-84", run: () => document.querySelector<CityMap>("md-map")?.go(spot.lon, spot.lat) }];
  if (text.length < 2) return [];
  const [known, told] = await Promise.all([manifest().catch(() => null), get<Rows>("/entities", { q: text, limit: FOUND }).catch(() => ({ items: [] as Row[] }))]);
  return told.items.map((r) => ({ title: named(r.id, r.title), hint: pick(known?.terms[r.kind]) || r.kind, run: () => (document.querySelector("md-map, md-thing") ? chosen.set(r.id) : visit(`/thing/${encodeURIComponent(r.id)}`)) }));
}

/** Open the palette: a field and what fits it; arrows and Enter. */
export function openPalette(): void {
  if (document.querySelector("dialog.palette")) return;
  const box = document.createElement("dialog");
  box.className = "palette";
  box.setAttribute("aria-label", say("palette"));
  document.body.append(box);
  let [found, at, asked]: [Command[], number, number] = [[], 0, 0];
  const run = (c: Command | undefined) => { box.close(); c?.run(); };
  const draw = () => render(html`<input role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-label=${say("palette")} placeholder=${say("palette_hint")}
      aria-activedescendant=${found.length ? `palette-${at}` : ""} @input=${look} @keydown=${key} autocomplete="off" spellcheck="false">
    <ul id="palette-list" role="listbox" aria-label=${say("palette")}>${found.map((c, i) => html`<li id="palette-${i}" role="option" aria-selected=${i === at} @click=${() => run(c)}><span lang=${c.lang ?? nothing}>${c.title}</span> <span class="muted">${c.hint}</span></li>`)}</ul>
    ${found.length ? "" : html`<p class="calm" role="status">${say("nothing_found")}</p>`}`, box);
  const look = async () => {
    const mine = ++asked;
    const text = box.querySelector("input")?.value.trim() ?? "";
    const [all, more] = await Promise.all([commands(), things(text)]);
    if (mine !== asked) return;
    found = [...all.filter((c) => c.title.toLowerCase().includes(text.toLowerCase())), ...more].slice(0, FOUND);
    at = 0;
    draw();
  };
  const key = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + found.length) % Math.max(1, found.length);
    else if (event.key === "Enter") return run(found[at]);
    else return;
    event.preventDefault();
    draw();
  };
  box.addEventListener("close", () => box.remove());
  draw();
  box.showModal();
  void look();
}

const KEYS: [string, string][] = [["Ctrl K  /", say("palette")], [`g 1 … g 7`, say("go")], ["n", say("to_now")], ["p", say("play")], ["←  →", say("time")], ["j  k  ↓  ↑", say("list")], ["y  n", `${say("approve")} / ${say("refuse")}`], ["t", say("theme")], ["l", say("language")], ["?", say("keys")]];

/** Show the keys. */
export function openKeys(): void {
  if (document.querySelector("dialog.keys")) return;
  const box = document.createElement("dialog");
  box.className = "keys";
  box.setAttribute("aria-labelledby", "keys-title");
  render(html`<h2 id="keys-title">${say("keys")}</h2><dl>${KEYS.map(([k, t]) => html`<div><dt><kbd>${k}</kbd></dt><dd lang=${k === "l" ? OTHER : nothing}>${t}</dd></div>`)}</dl><button class="btn" type="button" @click=${() => box.close()}>${say("close")}</button>`, box);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

/** Hear the keys wherever nobody is typing. */
export function hearKeys(): void {
  let go = 0;
  addEventListener("keydown", (event) => {
    const typing = (event.target as HTMLElement | null)?.closest("input:not([type=range], [type=checkbox]), textarea, select, dialog, [contenteditable], .maplibregl-canvas");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return openPalette();
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "g") { go = performance.now(); return; }
    const page = PAGES.indexOf(event.key);
    if (page >= 0 && performance.now() - go < 1500) return void manifest().then((m) => { const n = m.nav[page]; if (n) visit(n.href); });
    const deed = ({ "/": openPalette, "?": openKeys, n: () => { cursor.pause(); cursor.set(null); }, p: () => (cursor.playing ? cursor.pause() : cursor.play()),
      t: () => turn("theme", dark() ? "light" : "dark"), l: () => turn("lang", document.documentElement.lang.startsWith("en") ? "zh" : "en") } as Record<string, () => void>)[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}
