// <md-tour>: five steps made of real tasks; each one is found done by what the reader did, not by a click on "next".
import { LitElement, html } from "lit";
import { deeds, offer, offered } from "../deeds.ts";
import { say, type Key } from "../words.ts";

const STEPS: { key: Key; href: string }[] = [
  { key: "tour1", href: "/situation" }, { key: "tour2", href: "/alerts" }, { key: "tour3", href: "/situation" }, { key: "tour4", href: "/approvals" }, { key: "tour5", href: "/replay" },
];

export class Tour extends LitElement {
  #hidden = !offered();

  override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    deeds.addEventListener("reached", this.#again);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    deeds.removeEventListener("reached", this.#again);
  }
  readonly #again = (): void => { this.requestUpdate(); };

  #away(): void {
    this.#hidden = true;
    offer(false);
    this.requestUpdate();
    document.querySelector<HTMLElement>("main")?.focus();
  }

  override render() {
    if (this.#hidden) return html``; // a command of the palette brings it back
    const next = STEPS.findIndex((_, i) => !deeds.done.has(i));
    return html`<section aria-labelledby="tour-title" class="steps"><h2 id="tour-title">${say("tour")} ${deeds.done.size}/${STEPS.length}</h2>
      <ol>${STEPS.map((s, i) => html`<li class=${deeds.done.has(i) ? "done" : ""} aria-current=${i === next ? "step" : "false"}><span aria-hidden="true">${deeds.done.has(i) ? "✓" : "○"}</span>
        <a href=${s.href}>${say(s.key)}</a>${deeds.done.has(i) ? html`<span class="vh"> ${say("done")}</span>` : ""}</li>`)}</ol>
      <button class="btn small" type="button" @click=${() => this.#away()}>${next < 0 ? say("finish") : say("skip")}</button></section>`;
  }
}
customElements.define("md-tour", Tour);
