// Wall mode: the same page, larger and dark; it walks slowly over at most four scenes and stands still while a critical alert is open.
import { chosen } from "./chosen.ts";
import { get } from "./api.ts";
import { live } from "./live.ts";
import type { Alerts } from "./types.ts";
import { say } from "./words.ts";

const EVERY = 20_000; // ms a scene stays
const SCENES = 4;

/** Whether a critical alert is open now. */
export const critical = (told: Alerts): boolean => told.items.some((a) => a.severity >= 4 && a.state !== "silenced");

/** Begin to walk; the returned function tells which thing is shown, for tests and screen readers alike. */
export function walk(every = EVERY): void {
  const sign = document.createElement("p");
  sign.id = "wall-sign";
  sign.setAttribute("role", "status");
  document.body.append(sign);
  let at = 0;
  const look = async (step: number) => {
    const told = await get<Alerts>("/alerts", { limit: 20 }).catch(() => null);
    if (!told) return;
    const held = critical(told);
    document.documentElement.dataset["wall"] = held ? "held" : "rotating";
    sign.textContent = held ? say("held") : say("rotating");
    const scenes = [...new Set(told.items.map((a) => a.about))].slice(0, SCENES);
    if (!scenes.length) return;
    at = held ? 0 : (at + step) % scenes.length;
    chosen.set(scenes[at]!);
  };
  void look(0);
  setInterval(() => void look(1), every);
  live.addEventListener("changed", (event) => {
    if ((event as CustomEvent<string[]>).detail.includes("alerts")) void look(0);
  });
}
