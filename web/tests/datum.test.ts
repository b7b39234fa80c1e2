// Known points in three datums: what is typed at the edge lands where it should, and a spot without a datum lands nowhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bd09, gcj02, readSpot, toGcj02, toWgs84, wgs84 } from "../src/map/datum.ts";

// Public check values of the GCJ-02 and BD-09 formulas: [lat, lon] there and [lat, lon] here.
const GCJ = [
  ["Shanghai", 31.1774276, 121.5272106, 31.17530398364597, 121.531541859215],
  ["Shenzhen", 22.543847, 113.912316, 22.540796131694766, 113.9171764808363],
  ["Beijing", 39.911954, 116.377817, 39.91334545536069, 116.38404722455657],
] as const;
const BD = [[39.915, 116.404, 39.90865673957631, 116.39762729119315]] as const; // BD-09 and the GCJ-02 it stands for

const METRE = 1 / 111_320; // degrees of latitude
const near = (a: number, b: number, metres: number) => assert.ok(Math.abs(a - b) < metres * METRE, `${a} is not ${b}`);

for (const [name, lat, lon, gLat, gLon] of GCJ) {
  test(`WGS-84 shifts to the known GCJ-02 of ${name}, and back within a millimetre`, () => {
    const there = toGcj02(wgs84(lon, lat));
    near(there.lat, gLat, 0.01);
    near(there.lon, gLon, 0.01);
    const back = toWgs84(gcj02(gLon, gLat));
    near(back.lat, lat, 0.001);
    near(back.lon, lon, 0.001);
  });
}

test("a BD-09 spot comes to WGS-84 by way of the known GCJ-02", () => {
  for (const [lat, lon, gLat, gLon] of BD) {
    const direct = toWgs84(gcj02(gLon, gLat));
    const here = toWgs84(bd09(lon, lat));
    near(here.lat, direct.lat, 0.01);
    near(here.lon, direct.lon, 0.01);
  }
});

test("the offset at Fuzhou is some 481 m east and 343 m south: enough to put a pump on the wrong bank", () => {
  const shifted = toGcj02(wgs84(119.3, 26.08));
  const east = ((shifted.lon - 119.3) / METRE) * Math.cos((26.08 / 180) * Math.PI);
  const south = (26.08 - shifted.lat) / METRE;
  assert.ok(Math.abs(east - 481) < 25, `east ${east}`);
  assert.ok(Math.abs(south - 343) < 25, `south ${south}`);
});

test("nothing is shifted outside the bounds of GCJ-02", () => {
  assert.deepEqual(toGcj02(wgs84(2.35, 48.85)), gcj02(2.35, 48.85));
});

test("a typed spot names its datum; without one, or off the globe, it is refused", () => {
  assert.deepEqual(readSpot("wgs84 119.3,26.08"), wgs84(119.3, 26.08));
  const typed = readSpot("gcj02 119.30481, 26.07692");
  assert.ok(typed && Math.abs(typed.lon - 119.3) < 0.0005 && Math.abs(typed.lat - 26.08) < 0.0005);
  assert.equal(readSpot("119.3,26.08"), null);
  assert.equal(readSpot("mars 119.3,26.08"), null);
  assert.equal(readSpot("wgs84 219.3,26.08"), null);
});
