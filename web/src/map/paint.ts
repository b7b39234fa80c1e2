// The map's colours come from the page's own tokens; the marks are drawn once on a small canvas.
import { levels } from "../severity.ts";
import type { Rgb } from "./points.ts";

export interface Colours { land: string; sea: string; river: string; district: string; ink: string; ink2: string; halo: string; accent: string; dot: string; rem: number }

const probe = (on: HTMLElement, name: string): string => {
  const tried = document.createElement("i");
  tried.hidden = true;
  tried.style.color = `var(${name})`;
  on.append(tried);
  const told = getComputedStyle(tried).color;
  tried.remove();
  return told;
};

/** Read the colours that hold where the element stands. */
export function colours(on: HTMLElement): Colours {
  const of = (name: string) => probe(on, name);
  return { land: of("--land"), sea: of("--sea"), river: of("--river"), district: of("--district"), ink: of("--ink"), ink2: of("--ink-2"),
    halo: of("--land"), accent: of("--accent"), dot: of("--dot"),
    rem: parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 }; // larger text on the page is larger text on the map
}

/** A colour of the page as three numbers 0..1. */
export function rgb(on: HTMLElement, name: string): Rgb {
  const found = probe(on, name).match(/[\d.]+/g)?.slice(0, 3).map((n) => Number(n) / 255) ?? [0.5, 0.5, 0.5];
  return found as unknown as Rgb;
}

/** Calm dot, then the four marks in rising order: what the points layer paints with. */
export const palette = (on: HTMLElement): Rgb[] => ["--dot", "--info-mark", "--watch-mark", "--warn-mark", "--crit-mark"].map((n) => rgb(on, n));

/** Draw each level's mark, alone and as the head of a cluster, at twice the size for sharp screens. */
export function icons(on: HTMLElement): Map<string, ImageData> {
  const drawn = new Map<string, ImageData>();
  const edge = probe(on, "--mark-edge");
  const halo = probe(on, "--mark-halo");
  for (const l of levels) {
    const fill = probe(on, `--${l.css}-mark`);
    for (const [name, size] of [["one", 22], ["many", 34]] as const) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = size * 2;
      const pen = canvas.getContext("2d");
      if (!pen) continue;
      pen.scale((size * 2) / 20, (size * 2) / 20);
      pen.translate(2, 2);
      const shape = new Path2D(l.path);
      pen.lineJoin = "round";
      pen.lineWidth = 3.4;
      pen.strokeStyle = halo;
      pen.stroke(shape);
      pen.fillStyle = fill;
      pen.fill(shape);
      pen.lineWidth = 1.2;
      pen.strokeStyle = edge;
      pen.stroke(shape);
      drawn.set(`${name}-${l.n}`, pen.getImageData(0, 0, size * 2, size * 2));
    }
  }
  return drawn;
}
