"""Golden pictures: each page as it looked when somebody last agreed that it looks right.

The night is written by hand and stands still, the cursor is in the address; the letters are the
machine's own, so pictures are compared shrunken (`likeness.py`).
"""

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from likeness import compared, difference, save, shrunk
from night import Night, stormy
from PIL import Image
from playwright.sync_api import Page
from watched import Opener
from whole_night import whole

KEPT = Path(__file__).parent / "golden"
OUT = Path(__file__).parents[3] / "out" / "golden"
ACCEPT = os.environ.get("GOLDEN") == "accept"
HOW = 'look at it; if the page is right now: GOLDEN=accept make look ARGS="-k {name}"'
DESK, WALL, PHONE = (1280, 800), (1920, 1080), (390, 844)
TRIES = 12  # looks until a page stands still
LAST = stormy().board.seq


@dataclass(frozen=True)
class Scene:
    """One picture to take."""

    path: str
    until: str = "main"
    size: tuple[int, int] = DESK
    lang: str = "zh"
    theme: str = "light"
    owner: bool = True


MAP, ALERTS = "md-map[data-drawn]", "md-alerts .view:not([hidden])"
ASKS, CHART = "md-approvals .view article.ask", "md-chart .drawing svg"
SCENES = {
    "situation": Scene("/situation?thing=J2", MAP),
    "situation-dark": Scene("/situation?thing=J2", MAP, lang="en", theme="dark"),
    "situation-past": Scene(f"/situation?thing=J2&at={LAST - 8}", MAP, lang="en"),
    "situation-phone": Scene("/situation?thing=J2", MAP, PHONE),
    "situation-wall": Scene("/situation?view=wall", "html[data-wall]", WALL, theme="dark"),
    "alerts": Scene("/alerts", ALERTS),
    "alerts-phone": Scene("/alerts", ALERTS, PHONE, lang="en", theme="dark"),
    "approvals": Scene("/approvals", ASKS, lang="en"),
    "approvals-phone": Scene("/approvals", ASKS, PHONE),
    "look-ahead": Scene("/look-ahead?job=rain&beside=gate", "md-beside md-map[data-drawn]"),
    "replay": Scene("/replay", "md-time button", lang="en", theme="dark"),
    "data": Scene("/data", "main table"),
    "learning": Scene("/learning", "md-scores .view:not([hidden])", lang="en"),
    "why": Scene("/why/11", "md-why .view:not([hidden])"),
    "thing": Scene("/thing/J2", CHART, lang="en", theme="dark"),
    "status": Scene("/status", owner=False),
    "status-phone": Scene("/status", size=PHONE, lang="en", theme="dark", owner=False),
    "warnings": Scene("/warnings", lang="en", owner=False),
    "decisions": Scene("/decisions", owner=False),
    "sign-in": Scene("/sign-in", "main form", PHONE, owner=False),
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return whole(tmp_path_factory.mktemp("maps"))


@pytest.mark.parametrize("name", SCENES)
def test_a_page_looks_as_somebody_agreed(opened: Opener, name: str) -> None:
    scene = SCENES[name]
    watched = opened(size=scene.size, owner=scene.owner)
    told = f"{'&' if '?' in scene.path else '?'}lang={scene.lang}&theme={scene.theme}"
    now = shrunk(still(watched.go(scene.path + told, scene.until)))
    path = KEPT / f"{name}.png"
    if ACCEPT:
        save(now, path)
    how = HOW.format(name=name)
    assert path.exists(), f"there is no golden picture {path.name} yet; {how}"
    with Image.open(path) as kept:
        found = compared(kept, now)
        if found.same:
            return
        save(difference(kept, now), OUT / f"{name}.png")
    pytest.fail(
        f"{name}: {found.share:.1%} of the tiles differ, the worst by {found.worst:.0f} of 255; "
        f"kept, now and difference stand in out/golden/{name}.png: {how}"
    )


def still(page: Page) -> Image.Image:
    """Return a picture of a page that has come to rest; its clock is covered."""
    before = b""
    for _ in range(TRIES):
        page.wait_for_timeout(400)
        seen = page.screenshot(
            animations="disabled", mask=[page.locator("#pulse, #toasts")], mask_color="#808080"
        )
        if seen == before:
            break
        before = seen
    return Image.open(BytesIO(before)).convert("RGB")
