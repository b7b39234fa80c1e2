// What a map shows of a city: a small one whole, thing by thing; a large one as dense points, and by name only what is alarmed.
import { bytes, get } from "../api.ts";
import { cursor } from "../cursor.ts";
import { every, named } from "../read.ts";
import type { Manifest, Row, Rows } from "../types.ts";
import { calm, readDense, type Dense } from "./dense.ts";
import type { Line, Scene, Thing } from "./view.ts";

const SMALL = 2_000; // things that are read one by one
const PAGE = 5_000; // things an answer

/** Ahead, things are as severe as their forecasts say of that moment; all else is asked for at the cursor as everywhere. */
const then = (): { at?: string } => (cursor.side === "ahead" ? { at: new Date(cursor.moment).toISOString() } : {});

/** Things that name two ends are lines between them; the rest are points. */
export function scene(rows: readonly Row[], where = spots(rows)): Scene {
  const lines = rows.flatMap((r) => line(r, where));
  const drawn = new Set(lines.map((l) => l.id));
  return { lines, things: rows.flatMap((r) => (r.xy && (!drawn.has(r.id) || r.severity > 0 || r.values.length > 0) ? [thing(r)] : [])) };
}

const spots = (rows: readonly Row[]) => new Map(rows.filter((r) => r.xy).map((r) => [r.id, r.xy as [number, number]]));
const thing = (r: Row): Thing => ({ id: r.id, title: named(r.id, r.title), kind: r.kind, lon: r.xy![0]!, lat: r.xy![1]!, severity: r.severity, big: r.values.length > 0 });

function line(r: Row, where: Map<string, [number, number]>): Line[] {
  const [a, b] = [where.get(r.up), where.get(r.down)];
  return a && b ? [{ id: r.id, path: r.xy ? [a, r.xy as [number, number], b] : [a, b] }] : [];
}

/** What is known of the things of one map, read anew as little as it takes. */
export class Sight {
  rows: Row[] = [];
  total = 0;
  #points: Dense | null = null;
  #ids: string[] = [];
  #tag = "";
  #lines: Row[] = [];

  constructor(readonly kind: string) {}

  /** Whether there is too much to read it thing by thing. */
  get large(): boolean {
    return this.total > SMALL;
  }

  /** Read; returns what takes the answer in. */
  async read(known: Manifest): Promise<() => void> {
    if (this.large) return this.#dense(known);
    const first = await get<Rows>("/entities", { kind: this.kind, limit: SMALL, ...then() });
    const take = () => { [this.rows, this.total] = [first.items, first.total]; };
    if (first.total <= SMALL) return take;
    this.total = first.total;
    return this.#dense(known);
  }

  /** Every thing, for the list: read when somebody looks at it. */
  async whole(): Promise<Row[]> {
    return this.large ? (await every<Row>("/entities", { kind: this.kind, ...then() }, PAGE)).items : this.rows;
  }

  /** What is drawn; a future may tell other severities than those that are known. */
  scene(other: ReadonlyMap<string, number> | null): Scene {
    const rows = other ? this.rows.map((r) => ({ ...r, severity: other.get(r.id) ?? 0 })) : this.rows;
    if (!this.large || !this.#points) return scene(rows);
    const points = this.#points;
    const where = new Map(this.#lines.length ? this.#ids.map((id, i) => [id, [points.lon[i]!, points.lat[i]!] as [number, number]]) : []);
    return { things: rows.filter((r) => r.xy && r.severity > 0).map(thing), lines: this.#lines.flatMap((r) => line(r, where)), dense: { points, ids: this.#ids } };
  }

  async #dense(known: Manifest): Promise<() => void> {
    const told = await bytes("/points", { kind: this.kind, ...then() });
    const points = readDense(told.body);
    const news = told.ids !== this.#tag;
    const ids = news ? await get<string[]>("/points/ids", { kind: this.kind }) : this.#ids;
    const lines = news ? await this.#pipes(known) : this.#lines;
    const same = !news && calm(this.#points, points);
    const rows = same ? this.rows : (await every<Row>("/entities", { kind: this.kind, severity: 1, ...then() }, PAGE)).items;
    return () => { [this.#points, this.#ids, this.#tag, this.#lines, this.rows] = [points, ids, told.ids, lines, rows]; };
  }

  /** The things that lie between two others. */
  async #pipes(known: Manifest): Promise<Row[]> {
    const kinds = known.kinds.filter((k) => ["up", "down"].every((end) => k.props.some((p) => p.name === end)) && (!this.kind || k.name === this.kind));
    return (await Promise.all(kinds.map((k) => every<Row>("/entities", { kind: k.name }, PAGE)))).flatMap((t) => t.items);
  }
}
