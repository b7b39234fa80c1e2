// <md-diagram kind of side edit>: a process or decision as a drawing, marked by the page's own lists; with `edit` it can be drawn.
import { html, render } from "lit";
import { get, Refused } from "../api.ts";
import type { Canvas } from "../models/bpmn.ts";
import type { Table } from "../models/dmn.ts";
import { Desk } from "../models/desk.ts";
import { badge, marks, ruleMarks, warm } from "../models/marks.ts";
import { say } from "../words.ts";
import "../models/models.css";

const MOST = 2_000; // shapes that a browser draws well; more are told as a list
const SHAPES = /<(?:\w+:)?BPMNShape\b/g;

/** The drawing of one text. */
export interface Picture {
  text: () => Promise<string>;
  changed: (does: () => void) => void;
  chosen: (does: (element: unknown) => void) => void;
  show: (element: string) => void;
  mark: () => void;
  do: (what: "undo" | "redo" | "fit") => void;
  get: (name: string) => any;
}

export class Diagram extends HTMLElement {
  picture: Picture | null = null;
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#start();
  }

  get edit(): boolean { return this.hasAttribute("edit"); }
  get kind(): string { return this.getAttribute("kind") ?? "bpmn"; }
  get side(): string { return this.getAttribute("side") ?? ""; }

  async #start(): Promise<void> {
    const bar = document.createElement("div"), box = document.createElement("div"), news = document.createElement("p");
    bar.className = "row bar";
    news.setAttribute("role", "status");
    box.className = `drawing canvas ${this.kind}`;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", `${say("m_drawing")} ${this.getAttribute("of") ?? ""}`);
    if (this.kind === "dmn") box.lang = "en"; // the library says its own words in English
    this.append(bar, news, box);
    try {
      const text = await this.#text();
      const desk = this.edit ? new Desk(this, bar, news) : null;
      await this.show(desk?.first(text) ?? text, box);
      desk?.open();
      this.#bar(bar, desk);
    } catch (why) {
      news.className = "bad";
      news.textContent = why instanceof Error ? why.message : String(why);
    }
  }

  async #text(): Promise<string> {
    const typed = document.querySelector<HTMLTextAreaElement>("textarea[name=text]");
    if (this.edit && typed) return typed.value;
    const of = this.getAttribute("of") ?? "";
    const told = of.startsWith("draft:") ? await get<{ text: string }>("/models/draft", { id: of.slice(6), at: null }) : await get<{ text: string }>("/models/version", { key: of, at: null });
    return told.text;
  }

  /** Draw a text anew. */
  async show(text: string, box = this.querySelector<HTMLElement>(".canvas")!): Promise<void> {
    box.replaceChildren();
    this.picture = this.kind === "dmn" ? await decisions(text, box, this.edit) : await process(text, box, this.edit, this.side);
    this.picture.mark();
    document.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("button[data-show]");
      if (row) this.picture?.show(row.dataset["show"]!);
    });
  }

  #bar(bar: HTMLElement, desk: Desk | null): void {
    const does = (what: "undo" | "redo" | "fit") => () => this.picture?.do(what);
    render(html`${desk?.tools() ?? ""}
      ${this.edit ? html`<button class="btn small" type="button" @click=${does("undo")}>${say("m_undo")}</button><button class="btn small" type="button" @click=${does("redo")}>${say("m_redo")}</button>` : ""}
      <button class="btn small" type="button" @click=${does("fit")}>${say("m_fit")}</button>`, bar);
  }
}

async function process(text: string, box: HTMLElement, edit: boolean, side: string): Promise<Picture> {
  const shapes = text.match(SHAPES)?.length ?? 0;
  if (shapes > MOST) throw new Refused(`${say("m_large")} (${shapes} > ${MOST})`, 413);
  const { open } = await import("../models/bpmn.ts");
  const canvas: Canvas = open(box, edit), part = (name: string): any => canvas.get(name, false as never);
  await canvas.importXML(text).catch((why: unknown) => { throw new Refused(`${say("m_undrawn")} ${why instanceof Error ? why.message : ""}`, 422); });
  const view = part("canvas"), known = part("elementRegistry"), overlays = part("overlays");
  const fit = () => view.zoom("fit-viewport", "auto");
  fit();
  return {
    text: async () => (await canvas.saveXML({ format: true })).xml ?? "",
    changed: (does) => canvas.on("commandStack.changed", does),
    chosen: (does) => canvas.on("selection.changed", (event: any) => does(event.newSelection.length === 1 ? event.newSelection[0] : view.getRootElement())),
    show: (element) => { if (known.get(element)) { view.scrollToElement(element); part("selection")?.select(known.get(element)); } },
    mark: () => {
      overlays.clear();
      for (const shape of known.getAll()) for (const kind of ["flaw", "stand", "added", "removed", "changed", "heat-0", "heat-1", "heat-2", "heat-3", "heat-4", "heat-5"]) if (view.hasMarker(shape.id, kind)) view.removeMarker(shape.id, kind);
      for (const mark of marks(side)) {
        if (!known.get(mark.element)) continue;
        view.addMarker(mark.element, mark.kind === "heat" ? warm(mark.row) : mark.kind);
        if (mark.badge) overlays.add(mark.element, { position: { top: -14, right: 14 }, html: badge(mark) });
      }
    },
    do: (what) => (what === "fit" ? fit() : part("commandStack")?.[what]()),
    get: part,
  };
}

async function decisions(text: string, box: HTMLElement, edit: boolean): Promise<Picture> {
  const { open, readable } = await import("../models/dmn.ts");
  const words = readable(text);
  if (words === null) throw new Refused(say("m_beyond"), 422);
  const table: Table = open(box, edit);
  await table.importXML(words).catch((why: unknown) => { throw new Refused(`${say("m_undrawn")} ${why instanceof Error ? why.message : ""}`, 422); });
  const tabs = document.createElement("p");
  tabs.className = "row tabs";
  box.before(tabs);
  const draw = () => render(html`${table.getViews().map((view) => html`<button class="btn small" type="button" aria-pressed=${view === table.getActiveView()} @click=${() => void table.open(view)}>${view.type === "drd" ? say("m_graph") : (view.name ?? view.id)}</button>`)}`, tabs);
  const views = table.getViews(), first = views.find((view) => view.type === "decisionTable") ?? views[0];
  table.on("views.changed", draw);
  if (first) await table.open(first);
  draw();
  return {
    text: async () => (await table.saveXML({ format: true })).xml,
    changed: (does) => { const hear = () => table.getActiveViewer()?.on("elements.changed", does); table.on("views.changed", hear); hear(); },
    chosen: () => undefined,
    show: (element) => { const view = table.getViews().find((one) => one.element.id === element); if (view) void table.open(view); },
    mark: () => ruleMarks(marks("")),
    do: (what) => (what === "fit" ? table.getActiveViewer()?.get("canvas", false)?.zoom("fit-viewport", "auto") : table.getActiveViewer()?.get("commandStack", false)?.[what]()),
    get: (name) => table.getActiveViewer()?.get(name, false),
  };
}
customElements.define("md-diagram", Diagram);
