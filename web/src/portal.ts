// The portal's own door: its charts and maps are drawn by the console's parts, from the addresses that its pages name.
import type { Series } from "./chart/data.ts";
import "./elements/picture.ts";
import type { Picture } from "./elements/picture.ts";
import { inZone } from "./text.ts";

inZone("UTC"); // rows say instants without a zone: the axis says them as the table does

interface Chart { title: string; unit: string; points: [number, number][] }
interface Places { title: string; places: { lon: number; lat: number; title: string }[] }

/** Read what a page names; null where it cannot be had, so that the server's drawing stays. */
async function read<T>(from: string): Promise<T | null> {
  const answer = await fetch(from, { headers: { Accept: "application/json" } }).catch(() => null);
  return answer?.ok ? ((await answer.json()) as T) : null;
}

/** <md-portal-chart src>: the line that the server drew, drawn again for the pointer; it stays where nothing comes. */
class PortalChart extends HTMLElement {
  async connectedCallback(): Promise<void> {
    const told = await read<Chart>(this.getAttribute("src") ?? "");
    if (!told?.points.length || !this.isConnected) return;
    const picture = document.createElement("md-picture") as Picture;
    const series: Series = { title: told.title.replace(` (${told.unit})`, ""), unit: told.unit, now: told.points.at(-1)![0], seen: told.points, ahead: [], marks: [], chance: 0 };
    picture.series = series;
    this.replaceChildren(picture);
  }
}

/** <md-portal-map src>: the points that the server drew, on a map that moves; without WebGL the drawing stays. */
class PortalMap extends HTMLElement {
  connectedCallback(): void {
    const sight = new IntersectionObserver((seen) => {
      if (!seen.some((s) => s.isIntersecting)) return;
      sight.disconnect();
      void this.#wake();
    }, { rootMargin: "120px" });
    sight.observe(this);
  }

  async #wake(): Promise<void> {
    const told = await read<Places>(this.getAttribute("src") ?? "");
    const [first] = told?.places ?? [];
    if (!told || !first || !this.isConnected) return;
    const { MapView } = await import("./map/view.ts");
    const box = document.createElement("div");
    box.className = "box";
    box.hidden = true;
    this.append(box);
    try {
      box.hidden = false;
      const view = new MapView(box, [], [first.lon, first.lat]);
      const things = told.places.map((p, i) => ({ id: String(i), title: p.title, kind: "", lon: p.lon, lat: p.lat, severity: 0, big: told.places.length <= 60 }));
      await view.show({ things, lines: [] });
      for (const plain of [...this.children]) if (plain !== box) plain.toggleAttribute("hidden", true);
    } catch (why) {
      box.remove();
      console.warn("no map here:", why);
    }
  }
}

customElements.define("md-portal-chart", PortalChart);
customElements.define("md-portal-map", PortalMap);
