// What the reader has done of the tour, noticed on every page and remembered in this browser.
import { chosen } from "./chosen.ts";
import { cursor } from "./cursor.ts";
import { live, type Told } from "./live.ts";

const NAME = "mindu-tour";
export const [CHOSE, READ, AHEAD, DECIDED, REPLAYED] = [0, 1, 2, 3, 4];

/** Whether the steps are shown; a reader who left them gets them back by a command. */
export const offered = (): boolean => localStorage.getItem(`${NAME}-off`) !== "yes";
export const offer = (on: boolean): void => localStorage.setItem(`${NAME}-off`, on ? "no" : "yes");

class Deeds extends EventTarget {
  readonly done = new Set<number>(JSON.parse(localStorage.getItem(NAME) ?? "[]") as number[]);

  /** Notice a deed. */
  reached(step: number): void {
    if (this.done.has(step)) return;
    this.done.add(step);
    localStorage.setItem(NAME, JSON.stringify([...this.done]));
    this.dispatchEvent(new Event("reached"));
  }

  /** Watch what is done on this page. */
  watch(): void {
    if (location.pathname.startsWith("/why/")) this.reached(READ);
    chosen.addEventListener("moved", () => this.reached(CHOSE));
    cursor.addEventListener("moved", () => { if (cursor.side === "ahead") this.reached(AHEAD); });
    cursor.addEventListener("tick", () => { if (cursor.playing && cursor.side === "past") this.reached(REPLAYED); });
    live.addEventListener("told", (event) => {
      const { event: name, data } = (event as CustomEvent<Told>).detail;
      if (name === "entry" && data["kind"] === "Decision" && location.pathname === "/approvals") this.reached(DECIDED);
    });
  }
}

export const deeds = new Deeds();
