"""No source of a page asks the browser for more than one strict policy gives."""

import re
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "mindu"
ALONE = {"report.py", "picture.py", "replay.py"}  # make one file to be kept, which carries its look
ASKS = re.compile(r"unsafe-(?:inline|eval|hashes)")
LOOSE = re.compile(r"<style[\s>]|<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=\s*[\"'{]|javascript:")


def sources() -> list[Path]:
    found = [path for end in ("py", "html", "svg", "tmpl") for path in SRC.rglob(f"*.{end}")]
    return [path for path in found if "static" not in path.parts]


def test_no_policy_lets_in_what_stands_inline() -> None:
    found = [path.name for path in sources() if ASKS.search(path.read_text("utf-8"))]
    assert found == [], "serve a style sheet of its own, as mindu.engines.forms does"


def test_no_page_carries_a_style_or_a_handler_of_its_own() -> None:
    pages = [path for path in sources() if path.name not in ALONE]
    found = [path.name for path in pages if LOOSE.search(path.read_text("utf-8"))]
    assert found == [], "give it a class, and the class a line in the style sheet"
