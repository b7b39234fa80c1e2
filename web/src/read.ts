// From answers to what panels show: the manifest once, series with their forecast, all pages of a list.
import { get as ask } from "./api.ts";
import { night } from "./carry.ts";
import type { Ahead, Mark, Seen, Series } from "./chart/data.ts";
import { cursor } from "./cursor.ts";
import { inZone, units } from "./text.ts";
import type { ForecastOut, Manifest, Rows, SeriesOut } from "./types.ts";
import { lang, pick } from "./words.ts";

export type Get = typeof ask;
const POINTS = 600; // points of a chart; more are cut into buckets by the server
const PAGE = 500;
const MOST = 20; // pages read of one list

let once: Promise<Manifest> | null = null;
/** What is declared: read once a page; a failure is tried again by the next who asks. */
export function manifest(): Promise<Manifest> {
  once ??= ask<Manifest>("/manifest", { at: null }).then((m) => {
    inZone(m.zone);
    if (m.first) cursor.tick(night && m.last ? Date.parse(m.last) : cursor.now, Date.parse(m.first)); // no stream says how late a stored night is
    return m;
  });
  once.catch(() => { once = null; });
  return once;
}

/** A declared name in the reader's language. */
export async function term(name: string): Promise<string> {
  return pick((await manifest()).terms[name]) || name.replaceAll("_", " ");
}

/** All items of a paged list, or as many as MOST pages hold. */
export async function every<T>(path: string, query: Record<string, string | number | null> = {}, page = PAGE): Promise<{ items: T[]; total: number }> {
  const items: T[] = [];
  let [after, total] = ["", 0];
  for (let turn = 0; turn < MOST; turn++) {
    const told = await ask<{ items: T[]; next: string | null; total: number }>(path, { ...query, limit: page, after });
    items.push(...told.items);
    total = told.total;
    if (!told.next) break;
    after = told.next;
  }
  return { items, total };
}

/** Points of a series as readings; a bucket counts with its mean. */
export const seenOf = (s: SeriesOut): Seen[] =>
  s.points.length ? s.points.map((p) => [p[0]! * 1000, p[1]!] as const) : s.buckets.map((b) => [b[0]! * 1000, b[2]!] as const);

export const marksOf = (s: SeriesOut): Mark[] => s.marks.map((m) => ({ name: pick(m.title) || m.name, value: m.value }));

/** The band of a forecast; the leads count from when it was made. */
export function aheadOf(f: ForecastOut): Ahead[] {
  const made = Date.parse(f.made ?? "");
  return f.leads.map((lead, i) => ({ at: made + lead * 60_000, low: f.low[i]!, mid: f.mid[i]!, high: f.high[i]! }));
}

/** One channel as a chart shows it: `back` hours seen before the cursor, and the newest forecast known there. */
export async function seriesOf(get: Get, about: string, prop: string, back: number): Promise<Series> {
  const known = await manifest();
  const upto = Math.min(cursor.moment, cursor.now);
  const since = new Date(upto - back * 3_600_000).toISOString();
  const [seen, ahead] = await Promise.all([
    get<SeriesOut>("/series", { about, prop, since, points: POINTS }),
    get<ForecastOut>("/forecasts", { about, prop }), // empty where nobody foretells this channel
  ]);
  const words = known.terms[prop];
  const title = pick(words) || prop.replaceAll("_", " ");
  await learn([about]);
  const name = titles.get(about) ?? about;
  return { title: `${name} ${title}`, unit: units(seen.unit), now: Date.parse(seen.seen.now), seen: seenOf(seen), ahead: aheadOf(ahead), marks: marksOf(seen), chance: ahead.level ?? 0.9 };
}

/** Names of things that any panel has met; a chart needs no list of its own for its title. */
export const titles = new Map<string, string>();
export const named = (id: string, words: { en: string; zh: string }): string => {
  const told = words[lang] || words.zh || words.en || id;
  titles.set(id, told);
  return told;
};

const LEARNT = 100; // names looked up at once
/** Read the names of things that no panel has met yet, a hundred at once; what is no thing is called as it is. */
export async function learn(ids: string[]): Promise<void> {
  const news = [...new Set(ids)].filter((id) => id && !titles.has(id)).slice(0, LEARNT * MOST);
  for (let i = 0; i < news.length; i += LEARNT) {
    const some = news.slice(i, i + LEARNT);
    const told = await ask<Rows>("/entities", { ids: some.join(","), limit: LEARNT, at: null }).catch(() => null);
    for (const row of told?.items ?? []) named(row.id, row.title);
    for (const id of told ? some : []) if (!titles.has(id)) titles.set(id, id);
  }
}

/** What a loop is called. */
export const loopName = (known: Manifest | null, by: string): string =>
  pick(known?.apps.flatMap((a) => a.loops).find((l) => l.name === by)?.title) || by;
