// The map itself: base, rivers, calm dots, alarmed marks in clusters, names; what is picked is told by name.
import { Map as GlMap, setWorkerUrl, type GeoJSONSource, type LngLatBoundsLike } from "maplibre-gl";
import type { Feature, FeatureCollection, Point as Spot } from "geojson";
import { say } from "../words.ts";
import { colours, icons, palette, rgb } from "./paint.ts";
import { Points } from "./points.ts";
import { nearest, type Dense } from "./dense.ts";
import { style, type Base } from "./style.ts";

export interface Thing { id: string; title: string; kind: string; lon: number; lat: number; severity: number; value?: string; big: boolean }
export interface Line { id: string; path: readonly (readonly [number, number])[] }
export interface Scene { things: readonly Thing[]; lines: readonly Line[]; dense?: { points: Dense; ids: readonly string[] } }

setWorkerUrl("/static/map-worker.js");
const MOST = 200_000; // points drawn at most
const NEAR = 14; // px: how far a click may miss
const NAMED = 400; // names offered to the map, the gravest and largest first

const all = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });
const point = (t: Thing, more: object = {}): Feature => ({
  type: "Feature", geometry: { type: "Point", coordinates: [t.lon, t.lat] }, properties: { id: t.id, title: t.title, severity: t.severity, ...more },
});

export class MapView extends EventTarget {
  readonly map: GlMap;
  #points: Points | undefined;
  #scene: Scene = { things: [], lines: [] };
  #chosen = "";
  #ready: Promise<void>;
  #framed = false;

  /** Throws where the browser has no WebGL. */
  constructor(readonly box: HTMLElement, bases: readonly Base[], center: [number, number]) {
    super();
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = new GlMap({ container: box, style: style(colours(box), bases), center, zoom: 11, fadeDuration: 0, attributionControl: false,
      dragRotate: false, pitchWithRotate: false, touchPitch: false, locale: { "Map.Title": box.getAttribute("aria-label") ?? say("map") }, canvasContextAttributes: { antialias: false }, ...(reduced ? { renderWorldCopies: false } : {}) });
    this.map.touchZoomRotate.disableRotation();
    this.map.on("click", (event) => this.#pick(event.point.x, event.point.y));
    this.map.on("moveend", () => this.dispatchEvent(new Event("moved")));
    this.#ready = new Promise((done) => this.map.once("load", () => {
      for (const [name, image] of icons(box)) this.map.addImage(name, image, { pixelRatio: 2 });
      this.map.getCanvas().setAttribute("aria-label", `${box.getAttribute("aria-label") ?? say("map")}. ${say("map_keys")}`);
      done();
      for (const base of bases.filter((b) => b.kind === "tiles")) void this.#lay(base);
    }));
  }

  /** Lay a base of tiles below all of ours; one that cannot be read leaves the city to be seen. */
  async #lay(base: Base): Promise<void> {
    try {
      await (await import("./tiles.ts")).lay(this.map, base, colours(this.box), "lines");
      this.dispatchEvent(new Event("laid"));
    } catch (why) {
      console.warn(`no tiles in ${base.name}:`, why);
      this.dispatchEvent(new CustomEvent<string>("unread", { detail: base.title }));
    }
  }

  /** Show a scene; the first one also sets the frame. */
  async show(scene: Scene): Promise<void> {
    this.#scene = scene;
    await this.#ready;
    if (scene !== this.#scene) return;
    this.#dots(scene);
    const alarmed = scene.things.filter((t) => t.severity > 0);
    const named = [...scene.things].filter((t) => t.big || t.severity > 0).sort((a, b) => b.severity - a.severity).slice(0, NAMED);
    this.#set("lines", scene.lines.map((l) => ({ type: "Feature", geometry: { type: "LineString", coordinates: l.path.map((p) => [...p]) }, properties: { id: l.id } })));
    this.#set("alarmed", alarmed.map((t) => point(t)));
    this.#set("names", named.map((t) => point(t, { order: -t.severity })));
    this.choose(this.#chosen);
    if (!this.#framed && (scene.things.length || scene.dense?.points.count)) this.whole(false);
  }

  /** Let the points move: the same things at other places, without new marks or names. */
  move(things: readonly Thing[]): void {
    this.#dots({ things, lines: [] });
  }

  /** Ring one thing, and bring it into view if it lies outside. */
  choose(id: string): void {
    this.#chosen = id;
    const found = this.#scene.things.find((t) => t.id === id);
    this.#set("chosen", found ? [point(found)] : []);
    if (found && this.#framed && !this.map.getBounds().contains([found.lon, found.lat])) this.go(found.lon, found.lat);
  }

  go(lon: number, lat: number, zoom?: number): void {
    this.map.easeTo({ center: [lon, lat], ...(zoom ? { zoom } : {}), duration: 150 });
  }

  zoom(by: number): void {
    this.map.zoomTo(this.map.getZoom() + by, { duration: 150 });
  }

  /** Frame everything that is drawn. */
  whole(moving = true): void {
    const { things, dense } = this.#scene;
    if (!things.length && !dense?.points.count) return;
    this.#framed = true;
    const at: [number, number, number, number] = [180, 90, -180, -90];
    const take = (lon: number, lat: number) => { [at[0], at[1], at[2], at[3]] = [Math.min(at[0], lon), Math.min(at[1], lat), Math.max(at[2], lon), Math.max(at[3], lat)]; };
    for (const t of things) take(t.lon, t.lat);
    for (let i = 0; dense && i < dense.points.count; i++) take(dense.points.lon[i]!, dense.points.lat[i]!);
    this.map.fitBounds([[at[0], at[1]], [at[2], at[3]]] as LngLatBoundsLike, { padding: { top: 64, bottom: 48, left: 56, right: 120 }, maxZoom: 14, duration: moving ? 150 : 0 });
  }

  end(): void {
    this.map.remove();
  }

  #set(source: string, features: Feature[]): void {
    (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(all(features));
  }

  /** The calm and the many: one draw call however many they are. */
  #dots({ things, dense }: Scene): void {
    const all = dense?.points;
    const count = Math.min(MOST, all?.count ?? things.length);
    if (!this.#points || this.#points.capacity < count) {
      if (this.#points) this.map.removeLayer(this.#points.id);
      const [lon, lat] = [all?.lon[0] ?? things[0]?.lon ?? 0, all?.lat[0] ?? things[0]?.lat ?? 0];
      this.#points = new Points("dots", Math.max(1024, Math.min(MOST, count * 2)), [lon, lat],
        { marks: palette(this.box), edge: rgb(this.box, "--land"), size: 7 * colours(this.box).rem });
      this.map.addLayer(this.#points, "chosen");
    }
    const points = this.#points;
    for (let i = 0; i < count; i++) points.set(i, all ? all.lon[i]! : things[i]!.lon, all ? all.lat[i]! : things[i]!.lat, 0);
    points.commit(count);
  }

  #pick(x: number, y: number): void {
    const [cluster] = this.map.queryRenderedFeatures([x, y], { layers: ["clusters"] });
    if (cluster) {
      const [lon, lat] = (cluster.geometry as Spot).coordinates as [number, number];
      return this.go(lon, lat, this.map.getZoom() + 2);
    }
    let best: [number, Thing | null] = [NEAR, null];
    for (const t of this.#scene.things) {
      const p = this.map.project([t.lon, t.lat]);
      const far = Math.hypot(p.x - x, p.y - y) - (t.severity ? 6 : 0);
      if (far < best[0]) best = [far, t];
    }
    const id = best[1]?.id ?? this.#pickDense(x, y);
    if (id) this.dispatchEvent(new CustomEvent<string>("pick", { detail: id }));
  }

  #pickDense(x: number, y: number): string | undefined {
    const { dense } = this.#scene;
    if (!dense) return undefined;
    const [here, beside] = [this.map.unproject([x, y]), this.map.unproject([x + NEAR, y])];
    return dense.ids[nearest(dense.points, here.lng, here.lat, beside.lng - here.lng, Math.cos((here.lat * Math.PI) / 180))];
  }
}
