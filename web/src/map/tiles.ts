// Base data in one file of tiles (PMTiles): read in ranges from this origin, and drawn as calmly as any base.
import { addProtocol, type LayerSpecification, type Map as GlMap } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";
import type { Colours } from "./paint.ts";
import type { Base } from "./style.ts";

const WET = /water|river|sea|lake|ocean|hydro|canal/i;
const WAYS = /road|street|transport|highway|rail|path/i;
let reading: Protocol | null = null;

/** The one reader of archives; the map asks it for each tile. */
function reader(): Protocol {
  if (!reading) {
    reading = new Protocol();
    addProtocol("pmtiles", reading.tile);
  }
  return reading;
}

/** Lay a base of tiles below a layer. Throws where the file is no archive of tiles. */
export async function lay(map: GlMap, base: Base, c: Colours, below: string): Promise<void> {
  const archive = new PMTiles(new URL(base.url, location.href).href);
  const [head, said] = await Promise.all([archive.getHeader(), archive.getMetadata() as Promise<{ vector_layers?: { id: string }[] }>]);
  reader().add(archive);
  const source = `base-${base.name}`;
  const url = `pmtiles://${archive.source.getKey()}`;
  if (head.tileType === TileType.Mvt) map.addSource(source, { type: "vector", url, attribution: base.source });
  else map.addSource(source, { type: "raster", url, tileSize: 256, attribution: base.source });
  const layers = head.tileType === TileType.Mvt ? (said.vector_layers ?? []).flatMap(({ id }) => drawn(source, id, c)) : [picture(source)];
  for (const layer of layers) map.addLayer(layer, below);
}

/** A picture steps back, so that colour still means that somebody should look. */
const picture = (source: string): LayerSpecification => ({ id: source, type: "raster", source, paint: { "raster-saturation": -0.8, "raster-opacity": 0.55 } });

function drawn(source: string, id: string, c: Colours): LayerSpecification[] {
  const [wet, way] = [WET.test(id), WAYS.test(id)];
  const line = wet ? c.river : c.district;
  const own = { source, "source-layer": id } as const;
  return [
    { id: `${source}-${id}-fill`, type: "fill", ...own, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": wet ? c.river : c.land, "fill-opacity": wet ? 0.35 : 1 } },
    { id: `${source}-${id}-edge`, type: "line", ...own, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": line, "line-width": way ? 0.8 : 1 } },
  ];
}
