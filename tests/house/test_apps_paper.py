"""The paper on the apps is made from the apps, so it is always true."""

from pathlib import Path

from mindu.cli.apps import tables

PAPER = Path(__file__).parents[2] / "docs" / "apps.md"


def test_the_paper_on_the_apps_is_as_the_code_is() -> None:
    written = PAPER.read_text(encoding="utf-8")
    assert written == tables(), "run `mindu apps --write docs/apps.md` and read what changed"
