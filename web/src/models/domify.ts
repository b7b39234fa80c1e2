// Makes elements from a library's text; styles in it are set through the style object, as the policy wants.
import plain from "domify";

const STYLE = /(<[^>]*?\s)style\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Return what the text describes, as `domify` does. */
export function domify(text: string, document: Document = globalThis.document): Node {
  const made = plain(text.replace(STYLE, (_, head: string, one?: string, two?: string) => `${head}data-styled="${(one ?? two ?? "").replaceAll('"', "'")}"`), document);
  if (made instanceof Element) for (const element of [made, ...made.querySelectorAll("[data-styled]")]) dress(element);
  else if (made instanceof DocumentFragment) made.querySelectorAll("[data-styled]").forEach(dress);
  return made;
}

function dress(element: Element): void {
  const told = element.getAttribute("data-styled");
  if (told === null) return;
  element.removeAttribute("data-styled");
  const { style } = element as HTMLElement;
  for (const one of told.split(";")) {
    const [name, ...value] = one.split(":");
    if (name?.trim() && value.length) style.setProperty(name.trim(), value.join(":").trim());
  }
}
