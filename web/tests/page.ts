// The little of a page that pure modules ask for, so that they can be tried without a browser.
Object.assign(globalThis, {
  document: { documentElement: { lang: "en", dataset: {} }, querySelector: () => null },
  location: new URL("http://127.0.0.1/situation?at=2023-09-05T12:00:00Z"),
  history: { state: null, replaceState: (_: unknown, __: string, url: URL) => { Object.assign(globalThis, { location: new URL(url) }); } },
  addEventListener: () => undefined,
  window: globalThis,
  CustomEvent: globalThis.CustomEvent ?? class extends Event {},
});
