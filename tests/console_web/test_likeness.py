"""A golden picture notices what is gone or of another colour, and forgives a hair of a letter."""

from pathlib import Path

import pytest
from likeness import compared, difference, shrunk
from PIL import Image, ImageChops, ImageDraw

KEPT = Path(__file__).parent / "look" / "golden"
MOST_BYTES = 3_000_000  # of all kept pictures
PICTURES = sorted(KEPT.glob("*.png"))


def page() -> Image.Image:
    """Return a picture like a page: panels, a mark, a line of text."""
    drawn = Image.new("RGB", (1280, 800), "#eceeec")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((180, 60, 820, 780), fill="#fafbfa", outline="#d3d8d5")
    for line in range(20):
        pen.rectangle((200, 80 + 30 * line, 600, 92 + 30 * line), fill="#8a9295")
    pen.polygon([(700, 300), (724, 340), (676, 340)], fill="#8c1515")
    return drawn


def test_the_same_page_is_the_same_and_a_hair_of_a_letter_is_forgiven() -> None:
    kept = shrunk(page())
    assert compared(kept, shrunk(page())).same
    assert compared(kept, shrunk(ImageChops.offset(page(), 1, 0))).same


@pytest.mark.parametrize("what", ["mark gone", "mark of another colour", "panel gone", "line gone"])
def test_what_is_gone_or_of_another_colour_is_noticed(what: str) -> None:
    now, kept = page(), shrunk(page())
    pen = ImageDraw.Draw(now)
    if what == "mark gone":
        pen.rectangle((670, 296, 730, 344), fill="#fafbfa")
    if what == "mark of another colour":
        pen.polygon([(700, 300), (724, 340), (676, 340)], fill="#1f6fb5")
    if what == "panel gone":
        pen.rectangle((180, 60, 820, 780), fill="#eceeec")
    if what == "line gone":
        pen.rectangle((200, 80, 600, 92), fill="#fafbfa")
    found = compared(kept, shrunk(now))
    assert not found.same, found
    assert difference(kept, shrunk(now)).width > 2 * kept.width


def test_another_size_is_another_picture() -> None:
    assert not compared(shrunk(page()), shrunk(page().crop((0, 0, 900, 800)))).same


def test_the_kept_pictures_are_many_small_and_readable() -> None:
    assert len(PICTURES) >= 15
    assert sum(p.stat().st_size for p in PICTURES) <= MOST_BYTES
    for path in PICTURES:
        with Image.open(path) as kept:
            assert len(kept.convert("L").histogram()) == 256
            assert min(kept.size) > 100, path.name
