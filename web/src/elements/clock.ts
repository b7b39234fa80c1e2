// <md-clock>: what time it is in the city, whether the line stands, and how old the news is.
import { LitElement, html } from "lit";
import { cursor } from "../cursor.ts";
import { live } from "../live.ts";
import { moment, span } from "../text.ts";
import { say } from "../words.ts";

export class Clock extends LitElement {
  #timer = 0;
  override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    cursor.addEventListener("tick", this.#again);
    live.addEventListener("state", this.#again);
    this.#timer = window.setInterval(this.#again, 5000);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cursor.removeEventListener("tick", this.#again);
    live.removeEventListener("state", this.#again);
    clearInterval(this.#timer);
  }
  readonly #again = (): void => { this.requestUpdate(); };

  override render() {
    const speed = Number(live.turn["speed"] ?? 1);
    const fast = speed !== 1 ? ` ×${speed || "∞"}` : "";
    const lost = live.state === "lost";
    if (live.state === "waiting") return html`<time datetime=${new Date(cursor.now).toISOString()}>${moment(cursor.now)}</time>`;
    return html`<time datetime=${new Date(cursor.now).toISOString()}>${moment(cursor.now)}</time>
      <span class=${lost ? "lost" : ""}><span aria-hidden="true">${lost ? "○" : "●"}</span> ${lost ? say("lost") : `${say("live")}${fast}`}</span>
      <span class="muted">${say("lag")} ${span(performance.now() - live.heard)}</span>`;
  }
}
customElements.define("md-clock", Clock);
