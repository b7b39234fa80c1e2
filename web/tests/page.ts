// The little of a page that pure modules ask for, so that they can be tried without a browser.
const heard = new Map<string, () => void>();
/** Go to another address, as the browser's own buttons do. */
export function goTo(address: string): void {
  Object.assign(globalThis, { location: new URL(address, "http://127.0.0.1") });
  heard.get("popstate")?.();
}
Object.assign(globalThis, {
  document: { body: { dataset: { now: "2023-09-05T13:40:00Z" } }, documentElement: { lang: "en", dataset: {} }, querySelector: () => null },
  location: new URL("http://127.0.0.1/situation?at=2023-09-05T12:00:00Z"),
  history: { state: null, replaceState: (_: unknown, __: string, url: URL) => { Object.assign(globalThis, { location: new URL(url) }); } },
  addEventListener: (name: string, hears: () => void) => { heard.set(name, hears); },
  window: globalThis,
  CustomEvent: globalThis.CustomEvent ?? class extends Event {},
});
