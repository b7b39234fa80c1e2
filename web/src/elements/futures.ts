// <md-futures job about prop>: one channel in two futures; <md-beside job>: the same two on maps, with a second look ahead to lay beside.
import { LitElement, html } from "lit";
import type { Ahead, Series } from "../chart/data.ts";
import { get, Refused } from "../api.ts";
import { learn, manifest, titles } from "../read.ts";
import { units, when } from "../text.ts";
import { cursor } from "../cursor.ts";
import { toast } from "../toasts.ts";
import type { Futures as Told, Job, JobOut, Jobs, Said, Track } from "../types.ts";
import { pick, say } from "../words.ts";
import "./picture.ts";
import "./map.ts";

/** What the levers are called, once the manifest is read. */
const levers = new Map<string, string>();
const read = new Map<string, Promise<JobOut>>();
/** One look ahead, read once a page. */
function job(id: string): Promise<JobOut> {
  const known = read.get(id) ?? get<JobOut>(`/lookahead/${encodeURIComponent(id)}`, { at: null }).then(async (told) => {
    for (const lever of (await manifest()).levers) levers.set(lever.name, pick(lever.title));
    await learn([...told.job.wish.settings, ...(told.futures?.tracks ?? [])].map((s) => s.about));
    return told;
  });
  read.set(id, known);
  known.catch(() => read.delete(id));
  return known;
}
const other = () => new URLSearchParams(location.search).get("beside") ?? "";

/** What a look ahead is called: its own name, or what it changes. */
export function title(j: Job): string {
  const changed = [...Object.entries(j.wish.levers).map(([k, v]) => `${levers.get(k) ?? k} ${v}`), ...j.wish.settings.map((s) => `${titles.get(s.about) ?? s.about} ${s.value}`)].join(", ");
  return j.wish.title || `${j.wish.at ? when(Date.parse(j.wish.at), cursor.now) : say("now")} +${j.wish.hours} h${changed ? `: ${changed}` : ""}`;
}

/** The two futures to show: as it was and changed; or the changed ones of two looks ahead. */
async function pair(id: string): Promise<{ names: [string, string]; one: Told; two: Told | null } | null> {
  const beside = other();
  const [a, b] = await Promise.all([job(id), beside ? job(beside) : null]);
  if (!a.futures) return null;
  return { names: b ? [title(a.job), title(b.job)] : [say("without_change"), title(a.job)], one: a.futures, two: b?.futures ?? null };
}

export class Futures extends LitElement {
  static override properties = { job: {}, about: {}, prop: {} };
  declare job: string;
  declare about: string;
  declare prop: string;
  #series: Series | null = null;

  constructor() {
    super();
    [this.job, this.about, this.prop] = ["", "", ""];
  }
  override createRenderRoot(): HTMLElement {
    const view = document.createElement("div");
    this.append(view);
    return view;
  }
  override async connectedCallback(): Promise<void> {
    super.connectedCallback();
    const [known, told] = await Promise.all([manifest(), pair(this.job)]).catch(() => [null, null] as const);
    const of = (f: Told | null) => f?.tracks.find((t) => t.about === this.about && t.prop === this.prop);
    const mine = of(told?.one ?? null);
    if (!known || !told || !mine) return;
    const [a, b] = told.two ? [mine.changed, of(told.two)?.changed ?? []] : [mine.was, mine.changed];
    const name = pick(known.terms[this.prop]) || this.prop.replaceAll("_", " ");
    this.#series = { title: `${titles.get(this.about) ?? this.about} ${name}`, unit: units(mine.unit), now: Date.parse(told.one.at),
      seen: [], ahead: line(a), other: line(b), aheadName: told.names[0], otherName: told.names[1], marks: [], chance: 1 };
    this.querySelectorAll(":scope > figure").forEach((f) => f.remove());
    this.requestUpdate();
  }
  override render() {
    return this.#series ? html`<md-picture .series=${this.#series}></md-picture>` : "";
  }
}

export class Beside extends LitElement {
  static override properties = { job: {} };
  declare job: string;
  #told: Awaited<ReturnType<typeof pair>> = null;
  #jobs: Job[] = [];

  constructor() {
    super();
    this.job = "";
  }
  override createRenderRoot(): HTMLElement {
    return this;
  }
  override async connectedCallback(): Promise<void> {
    super.connectedCallback();
    try {
      const [told, jobs] = await Promise.all([pair(this.job), get<Jobs>("/lookahead", { at: null })]);
      await learn(jobs.items.flatMap((j) => j.wish.settings.map((s) => s.about)));
      [this.#told, this.#jobs] = [told, jobs.items.filter((j) => j.state === "done" && j.id !== this.job)];
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
    }
    this.requestUpdate();
  }

  override render() {
    const t = this.#told;
    if (!t) return "";
    const [a, b] = t.two ? [t.one.changed, t.two.changed] : [t.one.was, t.one.changed];
    return html`<div class="row">
        ${this.#jobs.length ? html`<label>${say("beside")}<select @change=${this.#lay}><option value="">${say("without_change")}</option>${this.#jobs.map((j) => html`<option value=${j.id} ?selected=${j.id === other()}>${title(j)}</option>`)}</select></label>` : ""}
        <button class="btn" type="button" @click=${this.#share}>${say("share")}</button></div>
      <div class="beside">${[a, b].map((said, i) => html`<section aria-label=${t.names[i]}><h3>${t.names[i]}</h3><md-map class="small" .label="${say("map")}: ${t.names[i]}" .severities=${worst(said)}></md-map></section>`)}</div>`;
  }

  readonly #lay = (event: Event): void => {
    const url = new URL(location.href);
    const id = (event.target as HTMLSelectElement).value;
    if (id) url.searchParams.set("beside", id);
    else url.searchParams.delete("beside");
    location.assign(url);
  };
  readonly #share = async (): Promise<void> => {
    await navigator.clipboard?.writeText(location.href).catch(() => undefined);
    toast(`${say("copied")} ${location.href}`);
  };
}

const line = (t: Track["was"]): Ahead[] => t.map(([at, v]) => ({ at: at! * 1000, low: v!, mid: v!, high: v! }));
const worst = (said: readonly Said[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const s of said) found.set(s.about, Math.max(found.get(s.about) ?? 0, s.severity));
  return found;
};
customElements.define("md-futures", Futures);
customElements.define("md-beside", Beside);
