// The spoken sentence says what a reader who cannot see the chart must know: now, then, which mark, when, and where the record breaks.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.ts";

const { crossing, gaps, sentence, step } = await import("../src/chart/data.ts");
const { axis, TICKS, tick } = await import("../src/chart/axis.ts");
const { inZone, length, number, span } = await import("../src/text.ts");
inZone("Asia/Shanghai");
const T = Date.parse("2023-09-05T06:00:00Z"); // 14:00 in the city
const MIN = 60_000;
const seen = [0, 5, 10, 15].map((m) => [T - 30 * MIN + m * MIN, 4.5 + m / 100] as const);
const ahead = [0, 20, 40, 60].map((m, i) => ({ at: T + m * MIN, low: 4.6 + i * 0.1, mid: 4.7 + i * 0.2, high: 4.8 + i * 0.3 }));
const series = { title: "Jin'an level", unit: "m", now: T, seen, ahead, marks: [{ name: "warning mark", value: 5 }], chance: 0.9 };

test("a mark that the middle passes is told with its time and the times of both edges", () => {
  const pass = crossing(ahead, 5);
  assert.ok(pass);
  assert.equal(pass.mid, T + 30 * MIN);
  assert.ok(pass.first !== null && pass.first < pass.mid);
  assert.equal(pass.last, null);
  assert.equal(crossing(ahead, 9), null);
});

test("the sentence names value, forecast, mark, time and gap, and no epoch number", () => {
  const said = sentence(series);
  for (const part of ["4.65 m at 13:45", "in 60 min", "90 % interval 4.90 to 5.70", "Passes the warning mark 5.00 m at 14:30"]) assert.ok(said.includes(part), `${part} is not in: ${said}`);
  assert.doesNotMatch(said, /\d{9,}/);
  assert.match(sentence({ ...series, now: T + 5 * MIN }), /1 data gap, the last 13:45 to 14:05/);
});

test("readings in doubt are counted aloud", () => {
  const doubted = seen.map(([at, v], i) => [at, v, i === 1] as const);
  assert.match(sentence({ ...series, seen: doubted }), /1 reading in doubt/);
});

test("a silence three steps long is a gap; a shorter one is not", () => {
  assert.equal(step(seen), 5 * MIN);
  assert.deepEqual(gaps(seen, T - 10 * MIN), []);
  assert.deepEqual(gaps(seen, T + 5 * MIN), [[T - 15 * MIN, T + 5 * MIN]]);
});

test("two futures are told by their ends and where they part most", () => {
  const other = ahead.map((a) => ({ ...a, mid: a.mid - (a.at === T + 40 * MIN ? 0.5 : 0.1) }));
  assert.match(sentence({ ...series, other }), /end at 5\.30 and 5\.20 m; furthest apart at 14:40 by −0\.50 m/);
});

test("numbers keep three figures, lengths of time read as a person says them", () => {
  assert.deepEqual([number(4.8649), number(38.24), number(1934.2), number(null), number(-0.5)], ["4.86", "38.2", "1,934", "–", "−0.50"]);
  assert.deepEqual([length("PT15M"), length("P1DT2H"), length(30), length("x")], [900_000, 93_600_000, 30_000, 0]);
  assert.deepEqual([span(45_000), span(900_000), span(7_200_000)], ["45 s", "15 min", "2 h"]);
});

test("no two ticks of an axis read the same: of a flat line, of a large one, of one that hardly moves", () => {
  for (const values of [[2.64], [124, 124], [0, 0], [-3, -3], [42.01, 42.04], [508_036, 508_040], [0.001, 0.0012], [1, 900]]) {
    const { min, max, digits } = axis(values);
    assert.ok(min < Math.min(...values) && max > Math.max(...values), `${values}`);
    const step = 10 ** Math.floor(Math.log10((max - min) / TICKS)); // no round step of the drawing is finer
    const read = Array.from({ length: 6 }, (_, i) => tick(Math.ceil(min / step) * step + i * step, digits));
    assert.equal(new Set(read).size, read.length, `${values}: ${read}`);
  }
});
