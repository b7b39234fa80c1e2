// Short news said politely: seen for a while, read aloud once, kept in no way.
import { say } from "./words.ts";

const KEPT = 8000; // ms a toast stays; longer than it takes to read two lines aloud
const MOST = 4;
let region: HTMLElement | null = null;

/** Put the region on the page before anything is said, or screen readers miss the first. */
export function openToasts(): void {
  region = document.createElement("div");
  region.id = "toasts";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
}

/** Say something to the reader. */
export function toast(text: string, kind: "plain" | "bad" = "plain"): void {
  if (!region) return;
  const shown = document.createElement("p");
  shown.className = `toast ${kind}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "btn small";
  close.type = "button";
  close.textContent = say("close");
  close.addEventListener("click", () => shown.remove());
  shown.append(words, close);
  region.append(shown);
  while (region.childElementCount > MOST) region.firstElementChild?.remove();
  setTimeout(() => { if (!shown.contains(document.activeElement)) shown.remove(); }, KEPT);
}
