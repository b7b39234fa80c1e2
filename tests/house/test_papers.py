"""The papers of the house speak only of the house, and say what is so."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from mindu.base.records import AnyRecord, Severity
from mindu.cli.counter.verbs import READS
from mindu.cli.counter.verbs import parser as hotline_parser
from mindu.cli.hotline.parser import parser as reading_parser
from mindu.cli.verbs import parser as verbs_parser
from mindu.cli.water import parser as water_parser

ROOT = Path(__file__).parents[2]
WORDS = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")

VERBS = "up|replay|night|why|score|fork|verify|doctor|new|picture|water run"
SHOWN = rf"(?:\.venv/bin/)?mindu ((?:{VERBS}) [^`\n|#]*?--?[^`\n|#]*)[`\n]"


def kept() -> list[Path]:
    """Return every file under version control, or every file where there is none."""
    done = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    found = (ROOT / name for name in done.stdout.decode().split("\0") if name)
    return [path for path in found if path.is_file()]


def test_lock_files_carry_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"https?://|--(?:extra-)?index|--find-links", text), lock.name
        assert "--hash=sha256:" in text, f"{lock.name} pins no hashes"


def test_every_pinned_package_carries_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        for block in re.split(r"\n(?=[a-z])", text):
            if "==" in block:
                assert "--hash=sha256:" in block, f"{lock.name}: {block[:40]}"


def test_no_paper_names_a_path_of_the_machine() -> None:
    pattern = re.compile(rb"(?<![\w.])/(?:wo[r]k|fa[r]m|ro[o]t|ho[m]e/\w+)/")
    for path in kept():
        assert not pattern.search(path.read_bytes()), path.relative_to(ROOT)


def test_every_record_kind_has_a_word_in_both_languages() -> None:
    for kind in get_args(AnyRecord):
        row = re.search(rf"^\| `{kind.__name__}` \| (.+?) \|", WORDS, re.MULTILINE)
        assert row, f"docs/words.md does not explain {kind.__name__}"
        assert re.search(r"[\u4e00-\u9fff]", row[1]), f"{kind.__name__} has no Chinese word"


def test_every_severity_has_a_word() -> None:
    for severity in Severity:
        assert f"`{severity.name}`" in WORDS


def test_every_verb_of_the_command_line_is_in_the_readme() -> None:
    for verb in (
        "up",
        "replay",
        "why",
        "night compare",
        "water run",
        "score",
        "fork",
        "verify",
        "doctor",
        "new app",
    ):
        assert f"mindu {verb}" in README, f"the README does not show `mindu {verb}`"


def shown_commands() -> list[str]:
    """Return every command line of `mindu` that a paper shows."""
    papers = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = []
    for paper in papers:
        text = paper.read_text(encoding="utf-8")
        found += re.findall(SHOWN, text)
    return sorted({line.strip() for line in found})


@pytest.mark.parametrize("line", shown_commands())
def test_every_command_that_a_paper_shows_is_one_that_mindu_takes(line: str) -> None:
    words = shlex.split(line)
    reads = len(words) > 1 and words[1] in READS
    own = {"water": water_parser, "hotline": reading_parser if reads else hotline_parser}
    parser = own.get(words[0], verbs_parser)()
    parser.parse_args(words[1:] if words[0] in own else words)


def test_every_link_between_papers_leads_somewhere() -> None:
    for paper in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", paper.read_text(encoding="utf-8")):
            assert (paper.parent / target).exists(), f"{paper.name} points to {target}"


def test_every_decision_says_what_why_and_what_it_rules_out() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert pages, "a house without decisions was not decided"
    numbers = [page.name[:5] for page in pages]
    assert len(set(numbers)) == len(numbers), "two decisions share a number"
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert re.match(r"\d{4}-", page.name), f"{page.name} has no number of four digits"
        for heading in ("## What", "## Why", "## Rules out"):
            assert heading in text, f"{page.name} lacks {heading!r}"
