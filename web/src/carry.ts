// What goes along from page to page: the cursor's moment, and the stored night that is looked at instead of the living city.

/** The stored night of this page; "" for the living city. */
export const night = new URLSearchParams(location.search).get("night") ?? "";

/** Return an address of this city with what is looked at; what it says itself stays. */
export function carried(href: string, anew = false): string {
  const url = new URL(href, location.origin);
  const here = new URLSearchParams(location.search);
  for (const name of ["at", "night"]) {
    const told = here.get(name);
    if (told && (anew || !url.searchParams.has(name))) url.searchParams.set(name, told);
    if (!told && anew) url.searchParams.delete(name);
  }
  return url.pathname + url.search + url.hash;
}

/** Whatever link of a panel or of the loop is followed, moment and night go along; the cursor may have moved since it was drawn. */
export function carry(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const href = link?.getAttribute("href") ?? "";
    if (!link || !href.startsWith("/") || /^\/(?:static|api|geo|sign-|open)/.test(href)) return;
    const panel = [...climbed(link)].some((above) => above.localName.startsWith("md-"));
    const loop = link.closest("nav.loop") !== null;
    if (panel || loop) link.setAttribute("href", carried(href, loop));
  }, true);
}

function* climbed(from: Element): Iterable<Element> {
  for (let above: Element | null = from; above; above = above.parentElement) yield above;
}
