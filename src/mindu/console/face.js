// Swaps in what changed; without it the page reads the same and is reloaded by hand.
const EVERY = 2000; // ms between looks; doubled after each failure, at most SLOWEST
const SLOWEST = 30000;
const body = document.body;
let place = new URLSearchParams(location.search).get("place") ?? "";
let why = new URLSearchParams(location.search).get("why") ?? "";
let mark = "";
let wait = EVERY;

function busy(panel) {
  const held = document.activeElement;
  return panel.contains(held) && ["INPUT", "BUTTON"].includes(held.tagName) ||
    [...panel.querySelectorAll("input:not([type=hidden])")].some((field) => field.value !== "");
}

function swap(name, html) {
  const section = document.getElementById(name);
  const panel = section?.querySelector(":scope > .in") ?? section;
  if (!panel || panel.dataset.was === html || busy(panel)) return;
  const opened = panel.querySelector("details")?.open;
  const held = panel.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const top = panel.scrollTop;
  panel.innerHTML = html;
  panel.dataset.was = html;
  panel.scrollTop = top;
  if (opened && panel.querySelector("details")) panel.querySelector("details").open = true;
  if (held) panel.querySelector(`[href="${CSS.escape(held)}"]`)?.focus();
}

async function look() {
  const lost = document.getElementById("lost");
  try {
    const asked = new URLSearchParams({ place, why, mark });
    const answer = await fetch(`/api/panels?${asked}`, { headers: { Accept: "application/json" } });
    if (answer.status === 200) {
      const told = await answer.json();
      mark = told.mark;
      for (const [name, html] of Object.entries(told.panels)) swap(name, html);
    } else if (answer.status !== 204) throw new Error(String(answer.status));
    wait = EVERY;
    lost.hidden = true;
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
    if (lost.hidden) lost.textContent = body.dataset.lost;
    lost.hidden = false;
  }
}

async function turn() {
  if (!document.hidden) await look();
  setTimeout(turn, wait);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-place], a[data-why]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  place = link.dataset.place ?? place;
  why = link.dataset.why ?? why;
  mark = "";
  const query = new URLSearchParams();
  if (place) query.set("place", place);
  if (why) query.set("why", why);
  history.replaceState(null, "", `/?${query}`);
  look().then(() => {
    const target = document.getElementById(link.dataset.why ? "why" : "level");
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  });
});

setTimeout(turn, EVERY);
