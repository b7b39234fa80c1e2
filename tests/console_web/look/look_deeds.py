"""Several actions are answered at once; what cannot be taken back alone, by its name."""

from collections.abc import Iterator
from typing import cast

import pytest
from night import NOW, Night, stormy
from playwright.sync_api import expect
from watched import Opener, Served

from mindu.base.records import Action, Placed, Words
from mindu.base.time import MINUTE
from mindu.console.server import serving

GATES = ("J2", "J3")
ROAD = "road:guohuo"


@pytest.fixture(scope="module")
def night() -> Night:
    """Return the storm night with two settings that can be taken back, and a crew that cannot."""
    night = stormy()
    names = Placed("Road", {"name_en": "Guohuo Road", "name_zh": "国货路"})
    night.write(names, about=ROAD, by="wiring", at=NOW)
    for about, undo in (*((gate, "set") for gate in GATES), (ROAD, "")):
        says = Words(f"Look after {about}", f"处置 {about}")
        ask = Action("set", about, says, args={about: 1.0}, decide_within=90 * MINUTE, undo=undo)
        night.write(ask, about=about, by="water.dispatch", at=NOW)
    return night


@pytest.fixture(scope="module")
def desk(night: Night) -> Iterator[Served]:
    with serving(night) as desk:
        yield cast("Served", desk)


def test_two_settings_are_refused_at_once_with_one_reason(opened: Opener, night: Night) -> None:
    page = opened(owner=True).go("/approvals?lang=en", "md-approvals .view article.ask")
    for about in GATES:
        page.get_by_label(f"Batch: Look after {about}").check()
    before = len(night.board.decisions)
    page.locator("md-approvals .batch [data-no]").click()
    expect(page.locator("dialog li")).to_have_count(2)
    page.locator("dialog input[name=reason]").fill("the tide turns")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("written down")
    assert len(night.board.decisions) == before + 2


def test_what_cannot_be_taken_back_is_no_part_of_a_batch_and_is_confirmed_by_its_name(
    opened: Opener, night: Night
) -> None:
    page = opened(owner=True).go("/approvals?lang=en", "md-approvals .view article.ask")
    card = page.locator("md-approvals .view article.ask", has_text=f"Look after {ROAD}")
    expect(card).to_be_visible()
    expect(card.locator("input[type=checkbox]")).to_have_count(0)
    before = len(night.board.decisions)
    card.locator("[data-yes]").click()
    expect(page.locator("dialog strong")).to_have_text("Guohuo Road")
    page.locator("dialog input[name=reason]").fill("people called")
    page.locator("dialog input[name=typed]").fill("Guohuo")
    page.keyboard.press("Enter")
    expect(page.locator("dialog [role=alert]")).to_contain_text("Guohuo Road")
    page.locator("dialog input[name=typed]").fill("Guohuo Road")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("written down")
    assert len(night.board.decisions) == before + 1
