// <md-ahead>: the form that forks the city, with a slider beside each lever, kept while it is typed, leaving at the cursor.
import { cursor } from "../cursor.ts";
import { keep } from "../draft.ts";

/** Put a slider beside a number that has a lowest and a highest; the two follow each other. */
export function slider(field: HTMLInputElement): HTMLInputElement {
  const bar = document.createElement("input");
  bar.type = "range";
  [bar.min, bar.max, bar.step, bar.value] = [field.min, field.max, field.step, field.value];
  bar.setAttribute("aria-label", field.closest("label")?.firstChild?.textContent?.trim() ?? field.name);
  bar.addEventListener("input", () => {
    field.value = bar.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => { bar.value = field.value; });
  (field.closest("label") ?? field).after(bar);
  return bar;
}

export class Ahead extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    keep(form, "ahead");
    form.addEventListener("submit", () => sessionStorage.removeItem("mindu-draft:ahead"));
    form.querySelectorAll<HTMLInputElement>('input[type=number][name^="lever"]').forEach(slider);
    const at = form.elements.namedItem("at");
    const follow = () => {
      if (at instanceof HTMLInputElement) at.value = cursor.asOf ?? "";
    };
    cursor.addEventListener("moved", follow);
    if (cursor.side === "past") follow();
  }
}
customElements.define("md-ahead", Ahead);
