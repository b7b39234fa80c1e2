"""Every room can be seen at a glance, and no exemption outlives its date."""

import ast
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "mindu"
KERNEL = {"base", "perceive", "data", "brain", "engines"}
EXEMPT = tomllib.loads((ROOT / "docs" / "exempt.toml").read_text(encoding="utf-8"))


def rooms() -> list[Path]:
    return sorted(p for p in SRC.rglob("*.py") if "__pycache__" not in p.parts)


def in_kernel(path: Path) -> bool:
    return path.relative_to(SRC).parts[0] in KERNEL


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            last = node.end_lineno or node.lineno
            yield node.name, last - node.lineno + 1


def too_long(path: Path) -> list[str]:
    lines_max, body_max = (300, 50) if in_kernel(path) else (200, 30)
    lines = len(path.read_text(encoding="utf-8").splitlines())
    found = [f"{name(path)}: {lines} lines of {lines_max}"] if lines > lines_max else []
    return found + [
        f"{name(path)}:{function}: {length} lines of {body_max}"
        for function, length in functions(path)
        if length > body_max
    ]


@pytest.mark.parametrize("path", rooms(), ids=name)
def test_a_room_is_seen_at_a_glance(path: Path) -> None:
    excused = EXEMPT.get("size", {})
    found = [line for line in too_long(path) if line.rsplit(":", 1)[0] not in excused]
    assert not found, "\n".join(found)


def test_a_folder_holds_no_more_than_sixteen_rooms() -> None:
    for folder in {path.parent for path in rooms()}:
        held = [p.name for p in folder.glob("*.py")]
        assert len(held) <= 16, f"{name(folder)} holds {len(held)} rooms: split it"


def test_every_room_opens_with_one_sentence() -> None:
    for path in rooms():
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert text, f"{name(path)} has no opening sentence"
        assert text.splitlines()[0].rstrip().endswith((".", "。")), name(path)


def test_every_exemption_gives_a_reason_and_has_not_run_out() -> None:
    today: date = datetime.now(UTC).date()
    for rule, cases in EXEMPT.items():
        for what, case in cases.items():
            assert case["reason"], f"{rule}: {what} gives no reason"
            assert date.fromisoformat(case["until"]) >= today, f"{rule}: {what} has run out"


def test_an_exemption_that_excuses_nothing_is_taken_off_the_list() -> None:
    needed = {line.rsplit(":", 1)[0] for path in rooms() for line in too_long(path)}
    stale = set(EXEMPT.get("size", {})) - needed
    assert not stale, f"these shrank, strike them off docs/exempt.toml: {sorted(stale)}"
