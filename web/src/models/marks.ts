// What a page's lists say of elements, shown on the drawing: faults, tokens, counts, heat, differences.

export interface Mark { element: string; kind: string; badge: string; row: HTMLElement }

/** The rows of the page's lists that speak of an element of this drawing; `side` is old or new where two are compared. */
export function marks(side: string): Mark[] {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-element]")];
  return rows.filter((row) => row.dataset["element"] && (!row.dataset["side"] || row.dataset["side"].split(" ").includes(side)))
    .map((row) => ({ element: row.dataset["element"]!, kind: row.dataset["mark"] ?? "", badge: row.dataset["badge"] ?? "", row }));
}

/** A badge for an element. */
export function badge(mark: Mark): HTMLElement {
  const made = document.createElement("span");
  made.className = `badge ${mark.kind}`;
  made.textContent = mark.badge;
  return made;
}

/** How hot, in six steps, so that a sheet can colour it. */
export const warm = (row: HTMLElement): string => `heat-${Math.min(5, Math.round(Number(row.dataset["heat"] ?? 0) * 5))}`;

let sheet: CSSStyleSheet | null = null;
/** Let rules of a decision table show that they fired or differ, however often the table is drawn anew. */
export function ruleMarks(all: Mark[]): void {
  if (!sheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, (sheet = new CSSStyleSheet())];
  const known = all.filter((m) => m.kind).map((m) => `[data-row-id="${CSS.escape(m.element)}"] { box-shadow: inset 0 0 0 2px var(--${{ added: "accent", removed: "crit", flaw: "crit" }[m.kind] ?? "info"}); }`);
  sheet.replaceSync(known.join("\n"));
}
