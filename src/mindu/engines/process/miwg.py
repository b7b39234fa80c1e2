"""The public models: reads, writes back and runs the BPMN MIWG reference models of a folder.

`python -m mindu.engines.process.miwg FOLDER [--why]` prints one JSON line a model and one for all;
`--why` adds what keeps a model from running, by its element.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mindu.engines.process.bpmn.check import check
from mindu.engines.process.bpmn.read import read
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.core.machine import Engine
from mindu.engines.process.happenings import Start, Stuck
from mindu.engines.process.model import Definition
from mindu.engines.process.walk import Shelf, walk
from mindu.engines.rules import ModelError

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # the models read no date
DATA: dict[str, Any] = {  # what the forms of the models C.9.x would bring
    "riskLevels": ["yellow"],
    "approved": True,
    "documentReferenceId": "1",
    "fraudSuspectedId": "2",
    "documents": ["passport"],
    "risks": [],
    "requestedDocument": "passport",
}


def judged(text: bytes, shelf: Shelf, name: str = "") -> dict[str, Any]:
    """Return what becomes of one model; those before it are on the shelf, to be called.

    `name` is that of its file: several files of the suite bear one id.
    """
    try:
        definition = read(text)
    except ModelError as no:
        return {"read": False, "same": False, "ran": False, "why": [str(no)]}
    problems = [f"{one.where}: {one.en}" for one in check(definition)]
    same = again(definition)
    why = problems or ran(definition, shelf, name)
    return {"read": True, "same": same, "ran": not why, "why": why}


def again(definition: Definition) -> bool:
    """Say whether a definition is the same when it was written and read again."""
    other = read(write(definition))
    return (definition.nodes, definition.flows, definition.bodies, definition.shapes) == (
        other.nodes,
        other.flows,
        other.bodies,
        other.shapes,
    )


def ran(definition: Definition, shelf: Shelf, name: str = "") -> list[str]:
    """Run every process of a model to its end; return why one does not come there."""
    key = shelf.add(definition, name)
    why: list[str] = []
    for body in definition.processes():
        starts = definition.starts(body.id)
        plain = any(one.kind != "start" or one.trigger.kind == "none" for one in starts)
        start = Start(process=body.id, node="" if plain else starts[0].id, vars=DATA)
        try:
            moved, _ = walk(Engine(shelf), key, start, NOW)
        except Stuck as stuck:
            why.append(str(stuck))
            continue
        if moved.state.status == "running":
            why.append(f"{body.id}: it did not come to an end")
    return why


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the judge; 0 when every model is read and is the same when written back."""
    parser = argparse.ArgumentParser(prog="python -m mindu.engines.process.miwg")
    parser.add_argument("folder", type=Path, help="the test suite, or its folder Reference")
    parser.add_argument("--why", action="store_true", help="say what keeps a model from running")
    asked = parser.parse_args(arguments)
    inner = asked.folder / "Reference"
    files = sorted((inner if inner.is_dir() else asked.folder).glob("*.bpmn"))
    if not files:
        parser.error(f"{asked.folder} holds no .bpmn file: give the folder of the test suite")
    total = {"read": 0, "same": 0, "ran": 0}
    shelf = Shelf(said={"risk": ["yellow"], "riskLevel": ["yellow"]})
    for path in reversed(files):
        line = judged(path.read_bytes(), shelf, path.name)
        for name in total:
            total[name] += line[name]
        why = line if asked.why else {k: v for k, v in line.items() if k != "why"}
        sys.stdout.write(json.dumps({"model": path.name, **why}, ensure_ascii=False) + "\n")
    sys.stdout.write(json.dumps({"models": len(files), **total}) + "\n")
    return 0 if total["read"] == total["same"] == len(files) else 1


if __name__ == "__main__":
    raise SystemExit(main())
