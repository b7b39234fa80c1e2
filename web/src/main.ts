// Wakes the elements that a page names; what is heavy comes only where it is needed.
import { carry, night } from "./carry.ts";
import { live } from "./live.ts";
import { hearKeys } from "./palette.ts";
import { manifest } from "./read.ts";
import { keepRegions } from "./regions.ts";
import { openToasts, toast } from "./toasts.ts";
import { inZone } from "./text.ts";
import { cursor } from "./cursor.ts";
import { keepCounts } from "./counts.ts";
import { deeds } from "./deeds.ts";
import { walk } from "./wall.ts";
import { addTools } from "./tools.ts";
import { say } from "./words.ts";

const ELEMENTS: Record<string, () => Promise<unknown>> = {
  "md-clock": () => import("./elements/clock.ts"),
  "md-time": () => import("./elements/time.ts"),
  "md-map": () => import("./elements/map.ts"),
  "md-chart": () => import("./elements/chart.ts"),
  "md-thing": () => import("./elements/thing.ts"),
  "md-alerts": () => import("./elements/alerts.ts"),
  "md-approvals": () => import("./elements/approvals.ts"),
  "md-why": () => import("./elements/why.ts"),
  "md-ahead": () => import("./elements/ahead.ts"),
  "md-scores": () => import("./elements/scores.ts"),
  "md-futures": () => import("./elements/futures.ts"),
  "md-beside": () => import("./elements/futures.ts"),
  "md-bring": () => import("./elements/bring.ts"),
  "md-tour": () => import("./elements/tour.ts"),
  "md-diagram": () => import("./elements/diagram.ts"),
};

const { zone, now } = document.body.dataset;
if (zone) inZone(zone);
if (now && !Number.isNaN(Date.parse(now))) cursor.tick(Date.parse(now));
openToasts();
hearKeys();
let lost = false;
live.addEventListener("state", () => {
  if (live.state === "lost" && !lost) toast(say("lost"), "bad");
  if (live.state === "live" && lost) toast(say("back"));
  lost = live.state === "lost";
});
keepRegions();
const role = document.querySelector<HTMLMetaElement>('meta[name="role"]')?.content;
keepCounts();
if (role !== "guest" && !night) live.start(); // a guest has no line that could be lost, and a stored night tells nothing new
carry();
deeds.watch();
if (document.querySelector("md-time")) manifest().catch((why: unknown) => console.warn("no manifest:", why)); // how far back the cursor may go
/** Wake what the page names; a region that the server drew anew may name more. */
const wakeAll = () => { for (const [name, wake] of Object.entries(ELEMENTS)) if (document.querySelector(name)) void wake(); };
wakeAll();
document.addEventListener("mindu-renewed", wakeAll);
addTools();
if (document.documentElement.dataset["view"] === "wall") walk();
