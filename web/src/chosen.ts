// Which thing is looked at: one choice for map, list and charts, kept in the URL.
class Chosen extends EventTarget {
  id = new URLSearchParams(location.search).get("thing") ?? "";

  set(id: string): void {
    if (id === this.id) return;
    this.id = id;
    const url = new URL(location.href);
    if (id) url.searchParams.set("thing", id);
    else url.searchParams.delete("thing");
    history.replaceState(history.state, "", url);
    this.dispatchEvent(new Event("moved"));
  }
}

export const chosen = new Chosen();
