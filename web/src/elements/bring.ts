// <md-bring>: the form that brings a file in, with its progress; what is refused leaves file and words where they are.
import { keep, forget } from "../draft.ts";
import { say } from "../words.ts";

export class Bring extends HTMLElement {
  #form: HTMLFormElement | null = null;
  #bar = document.createElement("progress");
  #said = document.createElement("p");

  connectedCallback(): void {
    this.#form = this.querySelector("form");
    if (!this.#form) return;
    keep(this.#form, "bring");
    this.#said.setAttribute("role", "alert");
    this.#bar.setAttribute("aria-label", say("uploading"));
    [this.#bar.max, this.#bar.hidden] = [1, true];
    this.#form.append(this.#bar, this.#said);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(this.#form!);
    });
  }

  #send(form: HTMLFormElement): void {
    const line = new XMLHttpRequest();
    const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
    const busy = (now: boolean) => {
      this.#bar.hidden = !now;
      if (button) button.disabled = now;
    };
    line.upload.addEventListener("progress", (event) => { if (event.lengthComputable) this.#bar.value = event.loaded / event.total; });
    line.addEventListener("load", () => {
      busy(false);
      if (line.status < 400) {
        forget("bring");
        location.assign(line.responseURL);
        return;
      }
      this.#tell(this.#why(line));
    });
    line.addEventListener("error", () => {
      busy(false);
      this.#tell(say("lost"));
    });
    this.#tell("");
    busy(true);
    line.open("POST", form.action);
    line.send(new FormData(form));
  }

  /** What the city says, whether as a page or as a value. */
  #why(line: XMLHttpRequest): string {
    if (line.status === 401) return say("not_signed");
    if (line.getResponseHeader("Content-Type")?.includes("json")) {
      const told = JSON.parse(line.responseText) as Record<string, Record<string, string>>;
      const side = document.documentElement.lang.startsWith("en") ? "en" : "zh";
      return `${told["error"]?.[side] ?? ""} ${told["mend"]?.[side] ?? ""}`;
    }
    const page = new DOMParser().parseFromString(line.responseText, "text/html");
    return page.querySelector("[role=alert]")?.textContent?.trim() || say("refused_by");
  }

  #tell(what: string): void {
    this.#said.className = what ? "note bad" : "";
    this.#said.textContent = what;
  }
}
customElements.define("md-bring", Bring);
