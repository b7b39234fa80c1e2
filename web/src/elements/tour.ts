// <md-tour>: five steps made of real tasks; each one is found done by what the reader did, not by a click on "next".
import { LitElement, html } from "lit";
import { chosen } from "../chosen.ts";
import { cursor } from "../cursor.ts";
import { live, type Told } from "../live.ts";
import { say, type Key } from "../words.ts";

const NAME = "mindu-tour";
const STEPS: { key: Key; href: string }[] = [
  { key: "tour1", href: "/situation" }, { key: "tour2", href: "/alerts" }, { key: "tour3", href: "/situation" }, { key: "tour4", href: "/approvals" }, { key: "tour5", href: "/replay" },
];

export class Tour extends LitElement {
  #done = new Set<number>(JSON.parse(localStorage.getItem(NAME) ?? "[]") as number[]);
  #hidden = localStorage.getItem(`${NAME}-off`) === "yes";

  override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    if (location.pathname.startsWith("/why/")) this.#reached(1);
    chosen.addEventListener("moved", () => this.#reached(0));
    cursor.addEventListener("moved", () => {
      if (cursor.side === "ahead") this.#reached(2);
    });
    cursor.addEventListener("tick", () => {
      if (cursor.playing && cursor.side === "past") this.#reached(4);
    });
    live.addEventListener("told", (event) => {
      const { event: name, data } = (event as CustomEvent<Told>).detail;
      if (name === "entry" && data["kind"] === "Decision" && location.pathname === "/approvals") this.#reached(3);
    });
  }

  #reached(step: number): void {
    if (this.#done.has(step)) return;
    this.#done.add(step);
    localStorage.setItem(NAME, JSON.stringify([...this.#done]));
    this.requestUpdate();
  }

  #away(off: boolean): void {
    this.#hidden = off;
    localStorage.setItem(`${NAME}-off`, off ? "yes" : "no");
    this.requestUpdate();
  }

  override render() {
    if (this.#hidden) return html`<button class="btn small" type="button" @click=${() => this.#away(false)}>${say("tour")}</button>`;
    const next = STEPS.findIndex((_, i) => !this.#done.has(i));
    return html`<section aria-labelledby="tour-title" class="steps"><h2 id="tour-title">${say("tour")} ${this.#done.size}/${STEPS.length}</h2>
      <ol>${STEPS.map((s, i) => html`<li class=${this.#done.has(i) ? "done" : ""} aria-current=${i === next ? "step" : "false"}><span aria-hidden="true">${this.#done.has(i) ? "✓" : "○"}</span>
        <a href=${s.href}>${say(s.key)}</a>${this.#done.has(i) ? html`<span class="vh"> ${say("done")}</span>` : ""}</li>`)}</ol>
      <button class="btn small" type="button" @click=${() => this.#away(true)}>${next < 0 ? say("finish") : say("skip")}</button></section>`;
  }
}
customElements.define("md-tour", Tour);
