// What the server packs is what the map gets: to a tenth of a metre, refused when cut short, found by a click.
import assert from "node:assert/strict";
import { test } from "node:test";
import { calm, nearest, readDense } from "../src/map/dense.ts";

const SPOTS = [[119.3, 26.05, 4.25, 0], [119.300001, 26.1, Number.NaN, 4], [119.25, 25.95, -1.5, 2]] as const;

function packed(): ArrayBuffer {
  const body = new ArrayBuffer(36 + SPOTS.length * 13);
  const view = new DataView(body);
  "MDP1".split("").forEach((c, i) => view.setUint8(i, c.charCodeAt(0)));
  view.setUint32(4, SPOTS.length, true);
  [119.3, 26.0, 1_700_000_000].forEach((v, i) => view.setFloat64(8 + 8 * i, v, true));
  view.setUint32(32, 42, true);
  SPOTS.forEach(([lon, lat, value, severity], i) => {
    view.setInt32(36 + 4 * i, Math.round((lon - 119.3) * 1e6), true);
    view.setInt32(36 + 4 * (SPOTS.length + i), Math.round((lat - 26) * 1e6), true);
    view.setFloat32(36 + 4 * (2 * SPOTS.length + i), value, true);
    view.setUint8(36 + 12 * SPOTS.length + i, severity);
  });
  return body;
}

test("columns are read as they were packed", () => {
  const d = readDense(packed());
  assert.equal(d.count, 3);
  assert.equal(d.seq, 42);
  assert.equal(d.at, 1_700_000_000_000);
  SPOTS.forEach(([lon, lat, value, severity], i) => {
    assert.ok(Math.abs(d.lon[i]! - lon) < 1e-6 && Math.abs(d.lat[i]! - lat) < 1e-6);
    assert.ok(Object.is(d.value[i], value));
    assert.equal(d.severity[i], severity);
  });
});

test("what is cut short, or is no such thing, is refused", () => {
  assert.throws(() => readDense(packed().slice(0, 50)), RangeError);
  assert.throws(() => readDense(new ArrayBuffer(40)), RangeError);
});

test("a click finds the nearest within its reach, and nothing beyond", () => {
  const d = readDense(packed());
  assert.equal(nearest(d, 119.2999, 26.0501, 0.001, 0.9), 0);
  assert.equal(nearest(d, 119.28, 26.0, 0.001, 0.9), -1);
});

test("severities that changed are noticed", () => {
  const [a, b] = [readDense(packed()), readDense(packed())];
  assert.ok(calm(a, b));
  b.severity[0] = 3;
  assert.ok(!calm(a, b));
  assert.ok(!calm(null, b));
});
