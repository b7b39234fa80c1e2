// What goes along from page to page: moment and stored night, wherever a link of a panel leads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { goTo } from "./page.ts";

goTo("/situation?at=2026-06-01T08:00:00Z&night=city.1");
const { carried, night } = await import("../src/carry.ts");

test("a link of a panel takes moment and night along, and keeps what it says itself", () => {
  assert.equal(night, "city.1");
  assert.equal(carried("/why/7"), "/why/7?at=2026-06-01T08%3A00%3A00Z&night=city.1");
  assert.equal(carried("/alerts?at=3#ask-1"), "/alerts?at=3&night=city.1#ask-1");
});

test("a link of the loop that was drawn before follows the cursor, also back to now", () => {
  assert.equal(carried("/alerts?at=3&night=city.1", true), "/alerts?at=2026-06-01T08%3A00%3A00Z&night=city.1");
  goTo("/situation?night=city.1");
  assert.equal(carried("/alerts?at=3&night=city.1", true), "/alerts?night=city.1");
});
