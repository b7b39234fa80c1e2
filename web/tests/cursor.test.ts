// One cursor, in the URL: past asks the server for what was known then, ahead does not, and now leaves the address clean.
import assert from "node:assert/strict";
import { test } from "node:test";
import { goTo } from "./page.ts";

const { AHEAD, cursor } = await import("../src/cursor.ts");
const NOW = Date.parse("2023-09-05T15:00:00Z");
cursor.tick(NOW, NOW - 10 * AHEAD);

test("the address that was opened sets the moment", () => {
  assert.equal(cursor.side, "past");
  assert.equal(cursor.asOf, "2023-09-05T12:00:00.000Z");
});

test("coming back to now takes the moment out of the address", () => {
  cursor.set(null);
  assert.equal(cursor.side, "now");
  assert.equal(new URL(location.href).searchParams.get("at"), null);
});

test("ahead is kept in the address but the server is asked for now", () => {
  cursor.set(NOW + AHEAD / 2);
  assert.equal(cursor.side, "ahead");
  assert.equal(cursor.asOf, null);
  assert.equal(new URL(location.href).searchParams.get("at"), "2023-09-05T15:30:00Z");
});

test("no moment before the first thing known, none beyond the hour ahead", () => {
  cursor.set(0);
  assert.equal(cursor.at, NOW - 10 * AHEAD);
  cursor.set(NOW + 9 * AHEAD);
  assert.equal(cursor.at, NOW + AHEAD);
});

test("panels are told once a move, and not when nothing moved", () => {
  let told = 0;
  cursor.addEventListener("moved", () => { told += 1; });
  cursor.set(NOW - AHEAD);
  cursor.set(NOW - AHEAD);
  assert.equal(told, 1);
});

test("a log position in the address is asked for as it stands, until the cursor is moved", () => {
  goTo("/situation?at=%238");
  assert.equal(cursor.side, "past");
  assert.equal(cursor.asOf, "#8");
  assert.equal(cursor.at, Date.parse("2023-09-05T13:40:00Z"));
  cursor.set(cursor.at);
  assert.equal(cursor.asOf, "2023-09-05T13:40:00.000Z");
  goTo("/situation?at=2031");
  assert.equal(cursor.asOf, "2031");
  cursor.set(null);
});
