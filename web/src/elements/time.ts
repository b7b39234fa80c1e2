// <md-time>: the one time cursor: slide, play, come back to now.
import { LitElement, html, svg } from "lit";
import { AHEAD, SPEEDS, cursor } from "../cursor.ts";
import { clock, moment, span, when } from "../text.ts";
import { say } from "../words.ts";

const STEP = 60_000; // ms a step of the slider

export class Time extends LitElement {
  override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", say("time"));
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    cursor.addEventListener("tick", this.#again);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cursor.removeEventListener("tick", this.#again);
  }
  readonly #again = (): void => { this.requestUpdate(); };

  /** The slider's left end: what is known, but at most a day, so that a minute stays a visible step. */
  #from(): number {
    return Math.min(cursor.moment, cursor.now - AHEAD, Math.max(cursor.first, cursor.now - 24 * AHEAD));
  }

  #spoken(): string {
    const ahead = cursor.moment - cursor.now;
    if (cursor.side === "now") return `${say("now")} ${clock(cursor.now)}`;
    return cursor.side === "ahead" ? `${say("future")} +${span(ahead)}, ${clock(cursor.moment)}` : `${say("past")} ${moment(cursor.moment)}`;
  }

  override render() {
    const [from, to] = [this.#from(), cursor.now + AHEAD];
    return html`
      <button class="btn" type="button" aria-pressed=${cursor.playing} @click=${() => (cursor.playing ? cursor.pause() : cursor.play())}>
        <span aria-hidden="true">${cursor.playing ? "❚❚" : "▶"}</span> ${cursor.playing ? say("pause") : say("play")}</button>
      <label class="speed"><span class="vh">${say("speed")}</span>
        <select @change=${(e: Event) => this.#speed(Number((e.target as HTMLSelectElement).value))}>
          ${SPEEDS.map((x) => html`<option value=${x} ?selected=${x === cursor.speed}>×${x}</option>`)}</select></label>
      <div class="track">${this.#axis(from, to)}
        <input type="range" aria-label=${say("time")} aria-valuetext=${this.#spoken()} min=${from} max=${to} step=${STEP} .value=${String(cursor.moment)}
          @input=${(e: Event) => this.#slide(Number((e.target as HTMLInputElement).value))}></div>
      <output class="where ${cursor.side}">${this.#spoken()}</output>
      <button class="btn" type="button" ?disabled=${cursor.side === "now"} @click=${() => { cursor.pause(); cursor.set(null); }}>${say("to_now")}</button>`;
  }

  #axis(from: number, to: number) {
    const share = (t: number) => `${(((t - from) / (to - from)) * 100).toFixed(2)}%`;
    const every = [15, 30, 60, 120, 240, 360].map((m) => m * 60_000).find((m) => (to - from) / m <= 5) ?? 21_600_000;
    const ticks: number[] = [];
    for (let t = Math.ceil(from / every) * every; t < to; t += every) if (Math.abs(t - cursor.now) > (to - from) * (when(t, cursor.now).length > 5 ? 0.28 : 0.2)) ticks.push(t); // room for the word "now"
    if (ticks.length > 1 && ticks[0]! - from < every / 4 && when(ticks[0]!, cursor.now).length > 5) ticks.splice(1, 1); // a date at the edge reaches into the next hour
    const anchor = (t: number) => (t - from < every / 4 ? "start" : to - t < every / 4 ? "end" : "middle");
    return html`<svg class="axis" aria-hidden="true" width="100%" height="16">
      ${ticks.map((t) => svg`<text x=${share(t)} y="12" text-anchor=${anchor(t)}>${when(t, cursor.now)}</text>`)}
      ${svg`<text class="now" x=${share(cursor.now)} y="12" text-anchor="middle">${clock(cursor.now)} ${say("now")}</text>`}
      </svg>`;
  }

  #slide(at: number): void {
    cursor.pause();
    cursor.set(Math.abs(at - cursor.now) < STEP ? null : at);
  }

  #speed(speed: number): void {
    cursor.speed = speed;
    if (cursor.playing) cursor.play(speed);
  }
}
customElements.define("md-time", Time);
