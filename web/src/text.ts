// Numbers, moments and lengths of time as a person reads them.
import { lang } from "./words.ts";

let zone = "Asia/Shanghai";
/** Take the city's time zone (an IANA name); an unknown one is refused and the last kept. */
export function inZone(name: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    console.warn(`no such time zone: ${name}`);
  }
}

const parts = (at: number, wanted: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, ...wanted }).format(at);

/** 14:55 in the city. */
export const clock = (at: number): string => parts(at, { hour: "2-digit", minute: "2-digit" });
/** 2026-11-23 14:55 in the city. */
export const moment = (at: number): string =>
  parts(at, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
/** 14:55 today, with the date before it on any other day. */
export const when = (at: number, now: number): string => (moment(at).slice(0, 10) === moment(now).slice(0, 10) ? clock(at) : moment(at).slice(5));

/** Three figures, no exponent; a dash where there is no number. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace(/^-/, "−");
}

/** A unit as people read it: m³/s of m3/s; a plain number has none. */
export const units = (unit: string): string => (unit === "1" ? "" : unit.replaceAll(/\b(k?m)([23])\b/g, (_, m, n) => m + (n === "2" ? "²" : "³")));

/** A value beside its unit; a whole count has no decimals. */
export const measure = (value: number | null | undefined, unit: string): string =>
  `${!units(unit) && Number.isInteger(value) ? value!.toLocaleString("en").replace(/^-/, "−") : number(value)} ${units(unit)}`.trimEnd();

/** A length of time in ms, as hours, minutes or seconds. */
export function span(ms: number): string {
  const size = Math.abs(ms);
  const [value, zh, en] = size >= 5_400_000 ? [size / 3_600_000, "小时", "h"] : size >= 90_000 ? [size / 60_000, "分钟", "min"] : [size / 1000, "秒", "s"];
  const told = value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
  return lang === "zh" ? `${told} ${zh}` : `${told} ${en}`;
}

/** An ISO 8601 length of time (PT15M) in ms; numbers are seconds; 0 where it says nothing. */
export function length(told: string | number | null | undefined): number {
  if (typeof told === "number") return told * 1000;
  const m = /^(-)?P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(told ?? "");
  if (!m) return 0;
  const [d, h, min, s] = m.slice(2).map((x) => Number(x ?? 0)) as [number, number, number, number];
  return (m[1] ? -1 : 1) * (((d * 24 + h) * 60 + min) * 60 + s) * 1000;
}
