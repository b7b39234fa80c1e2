"""`mindu data plan`: lay down the year's opening plan, or see how it stands."""

import argparse
import csv
from datetime import datetime
from pathlib import Path

import msgspec

from mindu.cli.counter.beside import Done
from mindu.cli.data.open.house import Held
from mindu.cli.data.open.orders import give
from mindu.cli.data.use.lake import officer
from mindu.cli.say import FOUND, GOOD, Voice
from mindu.data.opening.opening import PLAN_COLUMNS


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("file", type=Path, nargs="?", help=f"CSV: {', '.join(PLAN_COLUMNS)}")
    add.add_argument("--by", default="data office", help="who lays it down")
    add.add_argument("--department", default="", help="code of their department")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Lay it down, or list it; 1 if something is late."""
    asked.rows = _read(asked.file) if asked.file is not None else []
    asked.file = ""
    done = give(asked, voice, "plan")
    return FOUND if any(one["state"] == "late" for one in done["plan"]) else GOOD


def do(held: Held, asked: argparse.Namespace, now: datetime) -> Done:
    """Write the plan down where one is given, and tell how it stands."""
    openings = held.portal.openings
    if asked.rows:
        openings.plan([tuple(row) for row in asked.rows], officer(asked), now=now)
    found = openings.planned(now)
    lines = [f"{p.state}  {p.due}  {p.dataset}  {p.title_zh}  {p.department}" for p in found]
    return Done({"plan": msgspec.to_builtins(found)}, "\n".join(lines))


def _read(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [tuple(cell.strip() for cell in row) for row in csv.reader(file) if any(row)]
    if not rows or rows[0] != PLAN_COLUMNS:
        raise ValueError(f"{path.name}: the first line names {','.join(PLAN_COLUMNS)}")
    return rows[1:]
