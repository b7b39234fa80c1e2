// The desk of a draft: saves it as its next revision, names its faults, keeps what is unsaved, and asks what an element should do.
import { html, render, type TemplateResult } from "lit";
import { post, Refused } from "../api.ts";
import type { Diagram } from "../elements/diagram.ts";
import { moment } from "../text.ts";
import { toast } from "../toasts.ts";
import type { Saved } from "../types.ts";
import { pick, say } from "../words.ts";
import { fields, type Tools } from "./fields.ts";
import { keepSoon, keptOf, letGo } from "./kept.ts";

export class Desk {
  #form = document.querySelector<HTMLFormElement>("#draft")!;
  #unsaved = false;
  #side = document.createElement("div");

  constructor(private readonly of: Diagram, private readonly bar: HTMLElement, private readonly news: HTMLElement) {}

  get #id(): string { return this.#form.querySelector<HTMLInputElement>("[name=id]")!.value; }
  get #revision(): HTMLInputElement { return this.#form.querySelector<HTMLInputElement>("[name=revision]")!; }
  get #typed(): HTMLTextAreaElement { return this.#form.querySelector<HTMLTextAreaElement>("[name=text]")!; }

  /** What to draw first: the server's text, or what was kept here if the reader wants it. */
  first(text: string): string {
    const kept = keptOf(this.#id, text);
    if (kept) this.#say(html`${say("m_kept")} ${moment(kept.at)} <button class="btn small" type="button" @click=${() => this.#take(kept.text)}>${say("m_take")}</button>
      <button class="btn small" type="button" @click=${() => { letGo(this.#id); this.#say(html``); }}>${say("m_leave")}</button>`);
    return text;
  }

  /** Listen to the drawing. */
  open(): void {
    const picture = this.of.picture!;
    this.#side.className = "details";
    if (this.of.kind === "bpmn") this.of.append(this.#side);
    picture.changed(() => { this.#touch(); });
    picture.chosen((element) => this.#details(element));
    if (this.of.kind === "bpmn") this.#details(picture.get("canvas").getRootElement());
    window.addEventListener("beforeunload", (event) => { if (this.#unsaved) event.preventDefault(); });
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); void this.#typedIn(); });
    document.querySelectorAll<HTMLElement>("[data-saves]").forEach((link) => link.addEventListener("click", (event) => {
      if (!this.#unsaved) return;
      event.preventDefault();
      void this.save().then((done) => { if (done && link.ariaDisabled !== "true") (link instanceof HTMLAnchorElement ? location.assign(link.href) : link.closest("form")?.requestSubmit()); });
    }));
  }

  tools(): TemplateResult {
    return html`<button class="btn small primary" type="button" @click=${() => void this.save()}>${say("m_save")}</button>`;
  }

  #touch(): void {
    this.#unsaved = true;
    keepSoon(this.#id, Number(this.#revision.value), () => this.of.picture!.text());
  }

  async #take(text: string): Promise<void> {
    await this.of.show(text);
    this.open();
    this.#touch();
    this.#say(html``);
  }

  /** The source was changed by hand: save it, then draw it. */
  async #typedIn(): Promise<void> {
    const text = this.#typed.value;
    if (await this.#send(text)) { await this.of.show(text).catch((why: unknown) => this.#say(html`${why instanceof Error ? why.message : ""}`)); this.open(); }
  }

  /** Save the drawing; true when it was taken. */
  async save(): Promise<boolean> {
    const text = await this.of.picture!.text();
    return this.#send(text);
  }

  async #send(text: string): Promise<boolean> {
    const name = this.#form.querySelector<HTMLInputElement>("[name=name]")!.value;
    const samples = JSON.parse(this.#form.querySelector<HTMLInputElement>("[name=samples]")?.value || "[]") as unknown;
    try {
      const told = await post<Saved>("/models/draft", { id: this.#id, name, kind: this.of.kind, text, revision: Number(this.#revision.value), samples });
      this.#revision.value = String(told.draft.revision);
      document.querySelectorAll<HTMLInputElement>("form:not(#draft) [name=revision]").forEach((one) => { one.value = String(told.draft.revision); });
      this.#typed.value = text;
      this.#unsaved = false;
      letGo(this.#id);
      this.#flaws(told);
      this.#say(html``);
      toast(say("m_saved"));
      return true;
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      this.#say(html`${why.message} ${why.status === 401 ? html`<a href="/sign-in" target="_blank" rel="noopener">${say("sign_in")}</a>` : ""}`);
      return false;
    }
  }

  /** Show the faults in the page's list, and on the drawing. */
  #flaws(told: Saved): void {
    const list = document.getElementById("flaws");
    if (list) {
      list.textContent = "";
      const { flaws, warnings } = told.checked, all = [...flaws, ...warnings];
      render(html`${flaws.length ? "" : html`<p class="calm">${list.dataset.fine}</p>`}<ul>${all.map((f) => html`<li data-element=${f.element} data-mark="flaw" data-badge="!">${f.element ? html`<button class="btn small" type="button" data-show=${f.element}>${f.where}</button>` : f.where} ${pick(f.says)}</li>`)}</ul>`, list);
    }
    // What cannot run is not published: the button stays within reach of the keyboard, and says why.
    const publish = document.querySelector<HTMLButtonElement>("#publish"), fit = !told.checked.flaws.length;
    if (publish) {
      publish.type = fit ? "submit" : "button";
      publish.ariaDisabled = `${!fit}`;
      (publish.form!.nextElementSibling as HTMLElement).hidden = fit;
    }
    this.of.picture?.mark();
  }

  #details(element: unknown): void {
    const picture = this.of.picture!;
    const root = picture.get("canvas").getRootElement();
    const tools: Tools = { modeling: picture.get("modeling"), factory: picture.get("bpmnFactory"), root: root.businessObject.$parent };
    const one = element as { id: string; businessObject: { name?: string } };
    const told = fields(one, tools).map((f) => html`<label>${say(f.word)}${f.long
      ? html`<textarea rows="2" class="code" .value=${f.value} @change=${(e: Event) => f.set((e.target as HTMLTextAreaElement).value)}></textarea>`
      : html`<input .value=${f.value} @change=${(e: Event) => f.set((e.target as HTMLInputElement).value)}>`}</label>`);
    render(html`<h2>${say("m_details")} <small class="code">${one.id}</small></h2><div class="stack">${told}</div>`, this.#side);
  }

  #say(words: TemplateResult): void {
    render(words, this.news);
    this.bar.classList.toggle("unsaved", this.#unsaved);
  }
}
