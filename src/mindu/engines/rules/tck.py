"""The public judge: runs the DMN TCK from a folder and counts what passes at each level.

`python -m mindu.engines.rules.tck FOLDER [--level 2|3] [--fails]` prints one JSON line a level,
and with `--fails` every case that fails, and why, on standard error.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from mindu.engines.rules.dmn.load import load
from mindu.engines.rules.dmn.model import Model
from mindu.engines.rules.dmn.problems import ModelError
from mindu.engines.rules.dmn.xml import Element, read_xml
from mindu.engines.rules.library.conversion import text_of
from mindu.engines.rules.value.compare import equal
from mindu.engines.rules.value.numbers import number
from mindu.engines.rules.value.run import Run
from mindu.engines.rules.value.texts import read_any, read_duration, read_time

TOLERANCE = Decimal("1e-8")  # relative; the suite writes irrational numbers in some 8 to 34 digits
NOW = datetime(2026, 1, 1, tzinfo=UTC)  # the suite asks only of what kind now() and today() are
LEVELS = {2: "compliance-level-2", 3: "compliance-level-3"}


@dataclass(frozen=True, slots=True)
class Case:
    """One result that a test case expects."""

    suite: str
    name: str
    inputs: dict[str, object]
    invocable: str
    node: str
    expected: object


def value_of(element: Element) -> object:
    """Return the value that an element of a test case writes."""
    components = list(element.all("component"))
    if components:
        return {one.get("name"): value_of(one) for one in components}
    items = element.first("list")
    if items is not None:
        return None if items.get("nil") == "true" else [value_of(one) for one in items.all("item")]
    value = element.first("value")
    if value is None or value.get("nil") == "true":
        return None
    return typed(value.get("type").rpartition(":")[2], value.text)


def typed(kind: str, text: str) -> object:
    """Return a value of an XML Schema type."""
    if kind.endswith("uration"):
        return read_duration(text.strip())
    return READ.get(kind, str)(text if kind not in READ else text.strip())


READ: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("decimal", "double", "integer", "int", "long", "float"), number),
    "boolean": lambda text: text == "true",
    "time": read_time,
    "date": read_any,
    "dateTime": read_any,
}


def cases(path: Path) -> Iterator[tuple[str, Case]]:
    """Yield the model's file name and each expected result of a test file."""
    root = read_xml(path.read_bytes())
    for case in root.all("testCase"):
        inputs = {_key(node): value_of(node) for node in case.all("inputNode")}
        for node in case.all("resultNode"):
            expected = node.first("expected")
            yield (
                root.text_of("modelName"),
                Case(
                    path.parent.name,
                    case.get("id"),
                    inputs,
                    case.get("invocableName"),
                    node.get("name"),
                    None if expected is None else value_of(expected),
                ),
            )


def _key(node: Element) -> str:
    space = node.get("namespace")
    return f"{space}#{node.get('name')}" if space else node.get("name")


def same(expected: object, given: object) -> bool:
    """Say whether a value is what is expected, numbers within the tolerance."""
    if isinstance(expected, Decimal) and isinstance(given, Decimal):
        return abs(expected - given) <= TOLERANCE * max(abs(expected), Decimal(1))
    if isinstance(expected, list) and isinstance(given, list):
        return len(expected) == len(given) and all(map(same, expected, given))
    if isinstance(expected, dict) and isinstance(given, dict):
        return expected.keys() == given.keys() and all(
            same(one, given[key]) for key, one in expected.items()
        )
    return equal(Run(), expected, given) is True


def judge(model: Model, case: Case) -> str:
    """Return why a case fails, empty where it passes."""
    result = model.decide(case.invocable or case.node, case.inputs, now=NOW)
    value = result.value
    several = isinstance(value, dict) and case.node in value
    if case.invocable and several and len(model.part(case.invocable, "service").outputs) > 1:
        assert isinstance(value, dict), "several outputs are a context"
        value = value[case.node]
    if same(case.expected, value):
        return ""
    warned = "; ".join(f"{one.where}: {one.en}" for one in result.warnings[:3])
    return f"expected {text_of(Run(), case.expected)}, got {text_of(Run(), value)} [{warned}]"


def _models(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.glob("*.dmn")):
        text = path.read_text(encoding="utf-8")
        found[read_xml(text).get("namespace")] = text
    return found


def suite(folder: Path) -> Iterator[tuple[Case, str]]:
    """Yield every case of a folder, and why it fails."""
    library = _models(folder)
    models: dict[str, Model | str] = {}
    for path in sorted(folder.glob("*.xml")):
        for file, case in cases(path):
            if file not in models:
                models[file] = _loaded(folder / file, library)
            model = models[file]
            yield case, model if isinstance(model, str) else _judged(model, case)


def _loaded(path: Path, library: dict[str, str]) -> Model | str:
    try:
        return load(path.read_bytes(), resolve=lambda space, _location: library.get(space))
    except (ModelError, OSError) as why:
        return f"not loaded: {why}"


def _judged(model: Model, case: Case) -> str:
    try:
        return judge(model, case)
    except KeyError as why:
        return str(why)


def level(folder: Path, *, fails: bool) -> tuple[int, int]:
    """Return how many cases of a level pass, and how many there are."""
    wrong: dict[tuple[str, str], bool] = {}
    for tests in sorted(path for path in folder.iterdir() if path.is_dir()):
        for number_, (case, why) in enumerate(suite(tests)):
            name = (case.suite, case.name or str(number_))
            wrong[name] = wrong.get(name, False) or bool(why)
            if why and fails:
                sys.stderr.write(f"{case.suite} {case.name} {case.node}: {why}\n")
    return sum(1 for bad in wrong.values() if not bad), len(wrong)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the judge; 0 when the goals hold (99 % of level 2, 97 % of level 3)."""
    parser = argparse.ArgumentParser(prog="python -m mindu.engines.rules.tck")
    parser.add_argument("folder", type=Path, help="the TCK, or its folder TestCases")
    parser.add_argument("--level", type=int, choices=sorted(LEVELS))
    parser.add_argument("--fails", action="store_true", help="list what fails, and why")
    asked = parser.parse_args(arguments)
    inner = asked.folder / "TestCases"
    folder = inner if inner.is_dir() else asked.folder
    good = True
    for number_ in [asked.level] if asked.level else sorted(LEVELS):
        passed, total = level(folder / LEVELS[number_], fails=asked.fails)
        share = passed / total if total else 0.0
        good = good and share >= {2: 0.99, 3: 0.97}[number_]
        line = {"level": number_, "passed": passed, "total": total, "share": round(share, 4)}
        sys.stdout.write(json.dumps(line) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
