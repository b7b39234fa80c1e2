// What a chart shows, and the one sentence that says it aloud.
import { clock, number, span } from "../text.ts";
import { lang, say } from "../words.ts";

/** One reading: ms, value, and whether its quality is in doubt. */
export type Seen = readonly [at: number, value: number, doubt?: boolean];
export interface Ahead { at: number; low: number; mid: number; high: number }
export interface Mark { name: string; value: number }
export interface Series {
  title: string;
  unit: string;
  now: number;
  seen: readonly Seen[];
  ahead: readonly Ahead[];
  marks: readonly Mark[];
  /** Chance that the truth lies inside the band, 0..1. */
  chance: number;
  /** A second future beside the first, for comparisons. */
  other?: readonly Ahead[];
  otherName?: string;
  aheadName?: string;
}

const GAP = 3; // times the usual step: a longer silence is drawn as a gap

/** The usual step between readings in ms: the median; 5 min where there are too few. */
export function step(seen: readonly Seen[]): number {
  const steps = seen.slice(1).map((s, i) => s[0] - seen[i]![0]).sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 300_000;
}

/** Where nothing was heard for long: [from, to] in ms. */
export function gaps(seen: readonly Seen[], now: number): [number, number][] {
  const most = GAP * step(seen);
  const found: [number, number][] = [];
  seen.forEach((s, i) => {
    const next = seen[i + 1]?.[0] ?? now;
    if (next - s[0] > most) found.push([s[0], next]);
  });
  return found;
}

/** When the middle first passes a mark upward, with the times of the two edges of the band. */
export function crossing(ahead: readonly Ahead[], mark: number): { mid: number; first: number | null; last: number | null } | null {
  const when = (pick: (a: Ahead) => number) => {
    for (let i = 1; i < ahead.length; i++) {
      const [a, b] = [ahead[i - 1]!, ahead[i]!];
      if (pick(a) < mark && pick(b) >= mark) return a.at + ((mark - pick(a)) / (pick(b) - pick(a))) * (b.at - a.at);
    }
    return null;
  };
  const mid = when((a) => a.mid);
  return mid === null ? null : { mid, first: when((a) => a.high), last: when((a) => a.low) };
}

/** The sentence: what it is now, where it is going, which mark it passes when, where the record is broken. */
export function sentence(s: Series): string {
  return s.other ? compared(s, s.other) : told(s);
}

/** Two futures: where each ends, and when they are furthest apart. */
function compared(s: Series, other: readonly Ahead[]): string {
  const [a, b] = [s.ahead.at(-1), other.at(-1)];
  const there = new Map(other.map((x) => [x.at, x.mid]));
  const most = s.ahead.reduce<[number, number]>((m, x) => (Math.abs((there.get(x.at) ?? x.mid) - x.mid) > Math.abs(m[1]) ? [x.at, (there.get(x.at) ?? x.mid) - x.mid] : m), [s.now, 0]);
  const [zh, unit] = [lang === "zh", s.unit ? ` ${s.unit}` : ""];
  return zh
    ? `${s.title}：终值 ${number(a?.mid)} 与 ${number(b?.mid)}${unit}；${clock(most[0])} 相差最大 ${number(most[1])}${unit}。`
    : `${s.title}: end at ${number(a?.mid)} and ${number(b?.mid)}${unit}; furthest apart at ${clock(most[0])} by ${number(most[1])}${unit}.`;
}

function told(s: Series): string {
  const zh = lang === "zh";
  const unit = s.unit ? ` ${s.unit}` : "";
  const said: string[] = [];
  const last = s.seen.at(-1);
  said.push(last ? (zh ? `${s.title}：${clock(last[0])} 为 ${number(last[1])}${unit}。` : `${s.title}: ${number(last[1])}${unit} at ${clock(last[0])}.`) : `${s.title}${zh ? "：" : ": "}${say("no_data")}`);
  const end = s.ahead.at(-1);
  if (end) {
    const chance = Math.round(s.chance * 100);
    const within = span(end.at - s.now);
    said.push(zh
      ? `${within}后中位 ${number(end.mid)}${unit}，${chance}% 区间 ${number(end.low)} 至 ${number(end.high)}。`
      : `Middle ${number(end.mid)}${unit} in ${within}, ${chance} % interval ${number(end.low)} to ${number(end.high)}.`);
  }
  for (const mark of s.marks) {
    const pass = crossing(s.ahead, mark.value);
    if (!pass) continue;
    const edges = [pass.first, pass.last].map((t) => (t === null ? "–" : clock(t)));
    said.push(zh
      ? `${clock(pass.mid)} 越过${mark.name} ${number(mark.value)}${unit}，区间 ${edges[0]} 至 ${edges[1]}。`
      : `Passes the ${mark.name} ${number(mark.value)}${unit} at ${clock(pass.mid)}, interval ${edges[0]} to ${edges[1]}.`);
  }
  const silent = gaps(s.seen, s.now);
  if (silent.length) {
    const [from, to] = silent.at(-1)!;
    said.push(zh ? `${silent.length} 处数据中断，最近一处 ${clock(from)} 至 ${clock(to)}。` : `${silent.length} data gap${silent.length > 1 ? "s" : ""}, the last ${clock(from)} to ${clock(to)}.`);
  }
  const doubts = s.seen.filter((x) => x[2]).length;
  if (doubts) said.push(zh ? `${doubts} 个读数存疑。` : `${doubts} reading${doubts > 1 ? "s" : ""} in doubt.`);
  return said.join(zh ? "" : " ");
}
