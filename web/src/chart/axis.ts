// The upright axis of a chart: how far it reaches, and how many figures tell its ticks apart.

export const TICKS = 4; // steps wished for; the drawing takes round ones near it
const FLAT = 0.02; // half the height of a line that never moves, in its own unit; of large values a hundredth

export interface Axis { min: number; max: number; digits: number }

/** An axis around these values; a line that never moves gets some height, and no two ticks read the same. */
export function axis(values: readonly number[]): Axis {
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const most = Math.max(Math.abs(low), Math.abs(high));
  const pad = high - low > most * 1e-6 ? Math.max(FLAT, (high - low) * 0.1) : Math.max(FLAT, most / 100);
  const [min, max] = [low - pad, high + pad];
  return { min, max, digits: Math.max(0, -Math.floor(Math.log10((max - min) / TICKS) + 1e-9)) };
}

/** A tick in as many figures as the axis needs. */
export const tick = (value: number, digits: number): string =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace(/^-/, "−");
