// What was drawn and not saved yet stays in the browser, so that a lost line, a closed tab or an ended session loses nothing.

const KEY = "mindu.draft.";
const SOON = 800; // ms after the last stroke

export interface Kept { text: string; revision: number; at: number }
const timers = new Map<string, number>();

/** Keep a drawing soon; `text` is asked for when the time comes. */
export function keepSoon(draft: string, revision: number, text: () => Promise<string>): void {
  clearTimeout(timers.get(draft));
  timers.set(draft, window.setTimeout(() => void text().then((told) => {
    try {
      localStorage.setItem(KEY + draft, JSON.stringify({ text: told, revision, at: Date.now() } satisfies Kept));
    } catch {
      localStorage.removeItem(KEY + draft); // too large for the browser: the warning on leaving the page stays
    }
  }), SOON));
}

/** Return what was kept of a draft and differs from what the server has. */
export function keptOf(draft: string, here: string): Kept | null {
  const told = localStorage.getItem(KEY + draft);
  if (!told) return null;
  try {
    const kept = JSON.parse(told) as Kept;
    return typeof kept.text === "string" && kept.text !== here ? kept : null;
  } catch {
    return null;
  }
}

/** It was saved: the browser need not keep it. */
export function letGo(draft: string): void {
  clearTimeout(timers.get(draft));
  localStorage.removeItem(KEY + draft);
}
