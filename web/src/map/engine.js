// The parts of MapLibre that this console uses, taken from its sources so that the page and the worker share one chunk.
export { Map } from "#maplibre/ui/map.ts";
export { addProtocol } from "#maplibre/source/protocol_crud.ts";
export { MercatorCoordinate } from "#maplibre/geo/mercator_coordinate.ts";
import { config } from "#maplibre/util/config.ts";

export const setWorkerUrl = (url) => {
  config.WORKER_URL = url;
};
