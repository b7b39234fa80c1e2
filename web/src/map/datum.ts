// Datums: WGS-84 inside; GCJ-02 and BD-09 are read at the edge only, and an unknown datum is refused.
export interface Wgs84 { readonly datum: "WGS-84"; readonly lon: number; readonly lat: number }
export interface Gcj02 { readonly datum: "GCJ-02"; readonly lon: number; readonly lat: number }
export interface Bd09 { readonly datum: "BD-09"; readonly lon: number; readonly lat: number }
export type Spot = Wgs84 | Gcj02 | Bd09;

// The published approximation of the GCJ-02 offset on the Krasovsky 1940 ellipsoid.
const AXIS = 6378245; // m, semi-major
const ECC2 = 0.00669342162296594323; // first eccentricity squared
const SPIN = (Math.PI * 3000) / 180; // BD-09's own wave number

export const wgs84 = (lon: number, lat: number): Wgs84 => ({ datum: "WGS-84", lon, lat });
export const gcj02 = (lon: number, lat: number): Gcj02 => ({ datum: "GCJ-02", lon, lat });
export const bd09 = (lon: number, lat: number): Bd09 => ({ datum: "BD-09", lon, lat });

/** GCJ-02 shifts only what lies within these bounds. */
const shifted = (lon: number, lat: number) => lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271;

function offset(lon: number, lat: number): [number, number] {
  const [x, y] = [lon - 105, lat - 35];
  const root = 0.2 * Math.sqrt(Math.abs(x));
  const wave = (v: number, k: number) => Math.sin(v * k * Math.PI);
  const near = (20 * wave(x, 6) + 20 * wave(x, 2)) * (2 / 3);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + root + near
    + (20 * wave(y, 1) + 40 * wave(y, 1 / 3)) * (2 / 3) + (160 * wave(y, 1 / 12) + 320 * wave(y, 1 / 30)) * (2 / 3);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.5 * root + near
    + (20 * wave(x, 1) + 40 * wave(x, 1 / 3)) * (2 / 3) + (150 * wave(x, 1 / 12) + 300 * wave(x, 1 / 30)) * (2 / 3);
  const phi = (lat / 180) * Math.PI;
  const bend = 1 - ECC2 * Math.sin(phi) ** 2;
  return [
    (east * 180) / ((AXIS / Math.sqrt(bend)) * Math.cos(phi) * Math.PI),
    (north * 180) / (((AXIS * (1 - ECC2)) / (bend * Math.sqrt(bend))) * Math.PI),
  ];
}

/** Shift a WGS-84 spot into GCJ-02. */
export function toGcj02({ lon, lat }: Wgs84): Gcj02 {
  if (!shifted(lon, lat)) return gcj02(lon, lat);
  const [dx, dy] = offset(lon, lat);
  return gcj02(lon + dx, lat + dy);
}

/** Undo the GCJ-02 shift by fixed-point steps, to less than a millimetre. */
function fromGcj02({ lon, lat }: Gcj02): Wgs84 {
  let [x, y] = [lon, lat];
  for (let i = 0; i < 8; i++) {
    const there = toGcj02(wgs84(x, y));
    [x, y] = [x + lon - there.lon, y + lat - there.lat];
  }
  return wgs84(x, y);
}

function fromBd09({ lon, lat }: Bd09): Gcj02 {
  const [x, y] = [lon - 0.0065, lat - 0.006];
  const z = Math.hypot(x, y) - 0.00002 * Math.sin(y * SPIN);
  const theta = Math.atan2(y, x) - 0.000003 * Math.cos(x * SPIN);
  return gcj02(z * Math.cos(theta), z * Math.sin(theta));
}

/** Bring a spot of any known datum to WGS-84. */
export function toWgs84(spot: Spot): Wgs84 {
  if (spot.datum === "WGS-84") return spot;
  return fromGcj02(spot.datum === "GCJ-02" ? spot : fromBd09(spot));
}

const NAMES: Record<string, (lon: number, lat: number) => Spot> = {
  "wgs84": wgs84, "wgs-84": wgs84, "cgcs2000": wgs84, "gcj02": gcj02, "gcj-02": gcj02, "bd09": bd09, "bd-09": bd09,
};

/** Read "gcj02 119.30,26.08"; a spot without a datum, or outside the globe, is refused with null. */
export function readSpot(text: string): Wgs84 | null {
  const m = /^([\w-]+)\s+(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)$/.exec(text.trim());
  const make = NAMES[m?.[1]?.toLowerCase() ?? ""];
  if (!m || !make) return null;
  const [lon, lat] = [Number(m[2]), Number(m[3])];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? toWgs84(make(lon, lat)) : null;
}
