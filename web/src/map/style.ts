// Our own style: no glyph files, no sprites, no tiles from elsewhere; labels are drawn from the machine's fonts.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { Colours } from "./paint.ts";

export interface Base { name: string; url: string; title: string; source: string; kind: "area" | "line" | "tiles" }
const FONT = ["Noto Sans CJK SC"];
const EMPTY = { type: "FeatureCollection" as const, features: [] };

export function style(c: Colours, bases: readonly Base[]): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    lines: { type: "geojson", data: EMPTY },
    names: { type: "geojson", data: EMPTY },
    chosen: { type: "geojson", data: EMPTY },
    alarmed: { type: "geojson", data: EMPTY, cluster: true, clusterRadius: 30, clusterMaxZoom: 15,
      clusterProperties: { worst: ["max", ["get", "severity"]] } },
  };
  for (const b of bases.filter((one) => one.kind !== "tiles")) sources[`base-${b.name}`] = { type: "geojson", data: b.url, attribution: b.source };
  return { version: 8, sources, layers: [
    { id: "land", type: "background", paint: { "background-color": c.land } },
    ...bases.flatMap((b) => base(b, c)),
    ...rivers(c),
    { id: "chosen", type: "circle", source: "chosen", paint: { "circle-radius": 15, "circle-color": "transparent", "circle-stroke-color": c.accent, "circle-stroke-width": 2.5 } },
    ...names(c), // below the marks: what lies above is placed first, and names keep clear of it
    ...marks(c),
  ] };
}

function base(b: Base, c: Colours): LayerSpecification[] {
  const source = `base-${b.name}`;
  if (b.kind === "tiles") return []; // laid when the archive has said what it holds
  if (b.kind === "line") return [{ id: source, type: "line", source, paint: { "line-color": c.district, "line-width": 1.2 } }];
  return [
    { id: `${source}-fill`, type: "fill", source, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": c.land } },
    { id: `${source}-edge`, type: "line", source, paint: { "line-color": c.district, "line-width": 1, "line-dasharray": [4, 2] } },
  ];
}

/** The inner rivers: a wide calm stroke, and a dashed core that says 示意: drawn by us, not surveyed. */
function rivers(c: Colours): LayerSpecification[] {
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  const width = (low: number, high: number) => ["interpolate", ["exponential", 1.5], ["zoom"], 10, low, 16, high] as unknown as number;
  return [
    { id: "lines", type: "line", source: "lines", layout, paint: { "line-color": c.river, "line-opacity": 0.55, "line-width": width(1.6, 9) } },
    { id: "lines-core", type: "line", source: "lines", layout: { "line-join": "round" }, paint: { "line-color": c.river, "line-width": width(0.7, 2), "line-dasharray": [3, 2] } },
  ];
}

function marks(c: Colours): LayerSpecification[] {
  return [
    { id: "alarmed", type: "symbol", source: "alarmed", filter: ["!", ["has", "point_count"]],
      layout: { "icon-image": ["concat", "one-", ["to-string", ["get", "severity"]]], "icon-allow-overlap": true, "symbol-sort-key": ["get", "severity"] } },
    { id: "clusters", type: "symbol", source: "alarmed", filter: ["has", "point_count"],
      layout: { "icon-image": ["concat", "many-", ["to-string", ["get", "worst"]]], "icon-allow-overlap": true,
        "text-field": ["to-string", ["get", "point_count"]], "text-font": FONT, "text-size": 13 * c.rem, "text-offset": [1.35, -1], "text-allow-overlap": true, "symbol-sort-key": ["get", "worst"] },
      paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 2 } },
  ];
}

function names(c: Colours): LayerSpecification[] {
  return [{ id: "names", type: "symbol", source: "names", minzoom: 9,
    layout: { "text-field": ["get", "title"], "text-font": FONT, "text-size": 12 * c.rem, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": ["case", [">", ["get", "severity"], 0], 1.6, 1.1],
      "text-justify": "auto", "text-optional": true, "symbol-sort-key": ["get", "order"], "text-padding": 6, "text-max-width": 12 },
    paint: { "text-color": ["case", [">", ["get", "severity"], 0], c.ink, c.ink2], "text-halo-color": c.halo, "text-halo-width": 1.6 } }];
}
