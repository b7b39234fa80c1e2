"""Marks of severity on the page as it is drawn, seen by eyes that tell colours apart otherwise.

Chromium itself simulates the eye, so that what is measured is what came onto the screen.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import cast

import numpy as np
import pytest
from night import NOW, stormy
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page
from test_colours import contrast, lab
from watched import Opener, Served

from mindu.base.records import Judgement, Placed, Severity, Value, Words
from mindu.console.server import serving

EYES = ("none", "protanopia", "deuteranopia", "tritanopia", "achromatopsia")
OF_COLOUR = EYES[:-1]  # eyes that see two colours at least
LEAST = 3.0  # contrast of a mark with what it lies on, WCAG 1.4.11
APART = 14.0  # ΔE between two marks; shape and word tell them apart besides
ENOUGH = 6  # px of one colour that make a part of a mark
MARGIN = 4  # px round a mark that show what it lies on
LEVELS = ("crit", "warn", "watch", "info")
PLACES = {  # page → the marks on it
    "/alerts": "md-alerts svg.mk.{}",
    "/situation?thing=J2": "md-alerts svg.mk.{}",
    "/warnings": "main svg:has(path.mark.{})",
}
ON_MAP = "md-map canvas"
APART_FROM_ALL: dict[str, Value | list[Value] | None] = {"x": 119.30, "y": 26.055}
NEAR = 3  # px of edge and halo round a mark on the map
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Mark:
    """What is seen of a mark: its ground, its largest colour, and its best contrast."""

    ground: str
    fill: str
    contrast: float


@pytest.fixture(scope="module")
def desk() -> Iterator[Served]:
    night = stormy()
    night.write(Placed("Junction", APART_FROM_ALL), about="J4", by="wiring", at=NOW)
    for about, level in (("J3", Severity.ORANGE), ("J1", Severity.YELLOW), ("J4", Severity.BLUE)):
        says = Words(f"{about} is watched", f"{about} 受关注")
        night.write(Judgement("near", level, says, 0.7), about=about, by="water.eyes", at=NOW)
    with serving(night) as desk:
        yield cast("Served", desk)


def through(page: Page, eye: str) -> None:
    """See the page through an eye."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": eye})
    page.wait_for_timeout(150)


def seen(page: Page, at: Locator, margin: int = MARGIN) -> Picture:
    """Return what is on the screen there, with some of what lies round it."""
    at.scroll_into_view_if_needed()
    box = at.bounding_box()
    assert box is not None
    clip = {"x": box["x"] - margin, "y": box["y"] - margin,
            "width": box["width"] + 2 * margin, "height": box["height"] + 2 * margin}  # fmt: skip
    shot = page.screenshot(clip=clip, animations="disabled")  # type: ignore[arg-type]
    return np.asarray(Image.open(BytesIO(shot)).convert("RGB"))


def told(picture: Picture) -> Mark:
    """Return what a picture shows of a mark on its ground."""
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    ground = Counter(map(spelt, edge)).most_common(1)[0][0]
    inside = Counter(map(spelt, picture.reshape(-1, 3)))
    del inside[ground]
    parts = [colour for colour, count in inside.items() if count >= ENOUGH]
    assert parts, "there is no mark here"
    fill = inside.most_common(1)[0][0]
    return Mark(ground, fill, max(contrast(part, ground) for part in parts))


def spelt(pixel: Picture) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(int(part) for part in pixel))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PLACES)
def test_every_mark_stands_out_and_apart_for_every_eye(
    opened: Opener, path: str, theme: str
) -> None:
    watched = opened(size=(1280, 1200))
    selector = PLACES[path].format("crit")
    page = watched.go(f"{path}{'&' if '?' in path else '?'}theme={theme}", selector)
    shown = [level for level in LEVELS if page.locator(PLACES[path].format(level)).count()]
    assert len(shown) >= 3, shown
    wrong: list[str] = []
    for eye in EYES:
        through(page, eye)
        marks = {n: told(seen(page, page.locator(PLACES[path].format(n)).first)) for n in shown}
        wrong += [
            f"{eye}: {level} has {mark.contrast:.1f} on {mark.ground}"
            for level, mark in marks.items() if mark.contrast < LEAST
        ]  # fmt: skip
        wrong += parted(eye, marks) if eye in OF_COLOUR else []
    assert not wrong, "\n".join(wrong)
    watched.clean()


def between(one: str, two: str) -> float:
    """Return the ΔE of two colours as they were drawn: the eye was simulated already."""
    return math.dist(lab(one, "normal"), lab(two, "normal"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_of_every_severity_stand_out_and_apart_on_the_map_for_every_eye(
    opened: Opener, theme: str
) -> None:
    watched = opened(size=(1280, 1200))
    page = watched.go(f"/situation?theme={theme}", "md-map[data-drawn]")
    page.wait_for_selector("md-alerts svg.mk.info")
    legend = {n: told(seen(page, page.locator(f"md-alerts svg.mk.{n}").first)).fill for n in LEVELS}
    through(page, "none")
    drawn = seen(page, page.locator(ON_MAP).first, 0)
    spots = {level: spot(drawn, fill) for level, fill in legend.items()}
    wrong: list[str] = []
    for eye in EYES:
        through(page, eye)
        drawn = seen(page, page.locator(ON_MAP).first, 0)
        land = Counter(map(spelt, drawn[::4, ::4].reshape(-1, 3))).most_common(1)[0][0]
        marks = {level: on_map(drawn, at, land) for level, at in spots.items()}
        wrong += [
            f"{eye}: {level} has {mark.contrast:.1f} on {land}"
            for level, mark in marks.items() if mark.contrast < LEAST
        ]  # fmt: skip
        wrong += parted(eye, marks) if eye in OF_COLOUR else []
    assert not wrong, "\n".join(wrong)
    watched.clean()


def spot(drawn: Picture, fill: str) -> NDArray[np.bool_]:
    """Return where on the map a mark of that colour is, with its edge."""
    want = np.array([int(fill[i : i + 2], 16) for i in (1, 3, 5)])
    near: NDArray[np.bool_] = np.abs(drawn.astype(int) - want).max(axis=2) <= 3
    assert near.sum() >= ENOUGH, f"no mark of {fill} is drawn on the map"
    for _ in range(NEAR):
        near[1:] |= near[:-1]
        near[:-1] |= near[1:]
        near[:, 1:] |= near[:, :-1]
        near[:, :-1] |= near[:, 1:]
    return near


def on_map(drawn: Picture, at: NDArray[np.bool_], land: str) -> Mark:
    """Return what an eye sees of a mark there: its colour, and its best contrast with the land."""
    parts = Counter(map(spelt, drawn[at]))
    del parts[land]
    best = max(contrast(c, land) for c, count in parts.items() if count >= ENOUGH)
    return Mark(land, parts.most_common(1)[0][0], best)


def parted(eye: str, marks: dict[str, Mark]) -> list[str]:
    """Return the pairs of marks whose colours are too near to each other."""
    return [
        f"{eye}: {a} {one.fill} and {b} {two.fill} are {far:.0f} apart"
        for (a, one), (b, two) in itertools.combinations(marks.items(), 2)
        if (far := between(one.fill, two.fill)) < APART
    ]
