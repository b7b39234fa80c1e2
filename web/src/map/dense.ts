// Dense positions as they are on the wire (docs/console-api.md): columns, without an object a point.
export interface Dense { count: number; at: number; seq: number; lon: Float64Array; lat: Float64Array; value: Float32Array; severity: Uint8Array }

const HEAD = 36; // bytes before the columns
const STEP = 1e-6; // degrees
const EVERYWHERE = 4 + 4 + 4 + 1; // bytes a point

/** Read one answer; throws a RangeError where it is cut short or is something else. */
export function readDense(body: ArrayBuffer): Dense {
  const head = new DataView(body);
  const magic = String.fromCharCode(...new Uint8Array(body, 0, 4));
  const count = head.getUint32(4, true);
  if (magic !== "MDP1" || body.byteLength !== HEAD + count * EVERYWHERE) throw new RangeError(`no dense points: ${magic}, ${body.byteLength} bytes`);
  const [lon0, lat0, at] = [8, 16, 24].map((i) => head.getFloat64(i, true)) as [number, number, number];
  const column = <T>(make: new (b: ArrayBuffer, at: number, n: number) => T, nth: number): T => new make(body, HEAD + nth * 4 * count, count);
  const [dx, dy] = [column(Int32Array, 0), column(Int32Array, 1)];
  const [lon, lat] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    lon[i] = lon0 + dx[i]! * STEP;
    lat[i] = lat0 + dy[i]! * STEP;
  }
  return { count, at: at * 1000, seq: head.getUint32(32, true), lon, lat, value: column(Float32Array, 2), severity: column(Uint8Array, 3) };
}

/** The point nearest to a spot within `reach` degrees of longitude, or -1; `flat` squeezes a degree of longitude to one of latitude. */
export function nearest(points: Dense, lon: number, lat: number, reach: number, flat: number): number {
  let [best, found] = [reach * reach, -1];
  for (let i = 0; i < points.count; i++) {
    const [x, y] = [points.lon[i]! - lon, (points.lat[i]! - lat) / flat];
    const far = x * x + y * y;
    if (far < best) [best, found] = [far, i];
  }
  return found;
}

/** Whether two answers say the same severities of the same things. */
export function calm(a: Dense | null, b: Dense): boolean {
  return a !== null && a.count === b.count && a.severity.every((s, i) => s === b.severity[i]);
}
