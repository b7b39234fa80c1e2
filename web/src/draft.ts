// What is being typed outlives an expired session, a lost line and a reload: kept in this tab until it was sent.
const NAME = "mindu-draft:";

/** Bring back what was typed into the fields of a form, and keep what is typed from now on. */
export function keep(form: HTMLFormElement, key: string): void {
  const held = JSON.parse(sessionStorage.getItem(NAME + key) ?? "{}") as Record<string, string>;
  for (const [name, value] of Object.entries(held)) {
    const field = form.elements.namedItem(name);
    if ((field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) && !field.value) field.value = value;
  }
  form.addEventListener("input", () => {
    const now = Object.fromEntries([...new FormData(form)].filter(([, v]) => typeof v === "string" && v !== ""));
    sessionStorage.setItem(NAME + key, JSON.stringify(now));
  });
}

/** It was sent: forget it. */
export const forget = (key: string): void => sessionStorage.removeItem(NAME + key);
