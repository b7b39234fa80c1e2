// One question at a time: a native dialog with a form that stays open, with all that was typed, until the answer was taken.
import { html, render, type TemplateResult } from "lit";
import { Refused } from "./api.ts";
import { forget, keep } from "./draft.ts";
import { say } from "./words.ts";

export interface Question {
  key: string;
  title: string;
  body: TemplateResult;
  yes: string;
  /** Sends the answer; throws `Refused` when it was not taken. */
  send: (form: FormData) => Promise<void>;
}

/** Ask; resolves true when the answer was taken, false when the reader left. */
export function question(q: Question): Promise<boolean> {
  const box = document.createElement("dialog");
  box.className = "ask";
  box.setAttribute("aria-labelledby", "ask-title");
  document.body.append(box);
  return new Promise((done) => {
    let taken = false;
    const draw = (trouble = "", status = 0) => render(html`<form method="dialog" @submit=${submit}>
      <h2 id="ask-title">${q.title}</h2>
      ${q.body}
      ${trouble ? html`<p class="bad" role="alert">${trouble} ${status === 401 ? html`<a href="/sign-in" target="_blank" rel="noopener">${say("sign_in")}</a>` : ""}</p>` : ""}
      <div class="row end"><button class="btn" type="button" @click=${() => box.close()}>${say("close")}</button>
        <button class="btn primary" type="submit">${q.yes}</button></div></form>`, box);
    const submit = async (event: SubmitEvent) => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      const send = form.querySelector<HTMLButtonElement>("[type=submit]")!;
      send.disabled = true;
      try {
        await q.send(new FormData(form));
        taken = true;
        forget(q.key);
        box.close();
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        draw(why.message, why.status);
        form.querySelector<HTMLElement>(`[name="${CSS.escape(why.field || "reason")}"]`)?.setAttribute("aria-invalid", "true");
      } finally {
        send.disabled = false;
      }
    };
    box.addEventListener("close", () => {
      box.remove();
      done(taken);
    });
    draw();
    keep(box.querySelector("form")!, q.key);
    box.showModal();
    box.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
  });
}
