// Keeps a page alive until the built console is there: swaps in the regions that went stale.
const SLOWEST = 30000; // ms between two tries at most
const GAP = 1000; // ms between two swaps of one region
const body = document.body;
const lost = document.getElementById("lost");
const last = new Map();
let wait = 1000;

function busy(region) {
  const held = document.activeElement;
  const typing = region.contains(held) && ["INPUT", "BUTTON", "SELECT", "TEXTAREA"].includes(held.tagName);
  const typed = [...region.querySelectorAll("input:not([type=hidden])")];
  return typing || region.querySelector("details[open]") !== null ||
    typed.some((field) => field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
}

async function refresh(region) {
  const now = Date.now();
  if (document.hidden || busy(region) || now - (last.get(region.id) ?? 0) < GAP) return;
  last.set(region.id, now);
  const answer = await fetch(location.href, { headers: { "X-Mindu-Part": region.id } });
  if (!answer.ok || busy(region)) return;
  const held = region.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const top = region.scrollTop;
  region.innerHTML = await answer.text(); // rendered and escaped by our own server
  region.scrollTop = top;
  if (held) region.querySelector(`[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

function stale(names) {
  for (const region of document.querySelectorAll("[data-live]")) {
    const of = region.dataset.live.split(" ");
    if (names.some((name) => of.includes(name))) refresh(region).catch(() => {});
  }
}

const STALES = { Judgement: ["alerts"], Settlement: ["alerts"], Event: ["alerts", "approvals"], Action: ["approvals"],
  Decision: ["approvals"], Sending: ["approvals"], Outcome: ["approvals"], Weighing: ["approvals"] };

function watch(since) {
  const source = new EventSource(`/api/v1/stream?since=${since}`);
  source.onopen = () => { lost.hidden = true; wait = 1000; };
  source.onerror = () => {
    lost.textContent = body.dataset.lost;
    lost.hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(() => watch(body.dataset.seq), wait = Math.min(wait * 2, SLOWEST));
  };
  const all = () => stale(["alerts", "approvals", "values", "turn", "jobs"]);
  source.addEventListener("hello", (event) => { if (JSON.parse(event.data).snapshot) all(); });
  source.addEventListener("entry", (event) => stale(STALES[JSON.parse(event.data).kind] ?? []));
  source.addEventListener("values", () => stale(["values"]));
  source.addEventListener("turn", (event) => { body.dataset.seq = JSON.parse(event.data).seq; stale(["turn"]); });
  source.addEventListener("job", () => stale(["jobs"]));
  source.addEventListener("lag", all);
}

if (!body.dataset.at && document.querySelector('meta[name="role"]').content !== "guest") watch(body.dataset.seq);
