"""`mindu hotline table` and `dissolve`: what holds from now on, and a unit that is no more."""

import argparse
import csv
import io
from pathlib import Path

from mindu.base.records import Words
from mindu.cli.counter.beside import Dissolve, Lay
from mindu.cli.counter.grant import CLERK, rows_of
from mindu.cli.counter.house import looked
from mindu.cli.counter.laid import TABLES, holding
from mindu.cli.counter.orders import give
from mindu.cli.say import GOOD, Trouble, Voice, state


def table(asked: argparse.Namespace, voice: Voice) -> int:
    """Show the table that holds, check a file, or lay it down."""
    found, folder = TABLES.get(asked.name), state(asked.data)
    if found is None:
        known = ", ".join(TABLES)
        raise Trouble(
            Words(f"There is no table {asked.name}.", f"没有 {asked.name} 表。"),
            Words(f"There are: {known}.", f"可用的表:{known}。"),
        )
    if asked.file is None:
        return _shown(folder, asked.name, found.columns, voice)
    rows = rows_of(asked.file)
    try:
        found.check(rows)
        told = {"rows": str(len(rows))}
        if asked.lay:
            order = Lay(asked.name, rows, str(asked.file), asked.by or CLERK)
            told = dict(give(folder, order))
    except ValueError as wrong:
        raise Trouble(
            Words(f"{asked.file} cannot be laid down: {wrong}", f"{asked.file} 有误:{wrong}"),
            Words("Mend the line and try again.", "请修正该行后重试。"),
        ) from wrong
    voice.data({"table": asked.name, "laid": asked.lay, **told},
               "\n".join(f"{name}: {value}" for name, value in told.items()))  # fmt: skip
    return GOOD


def _shown(folder: Path, name: str, columns: tuple[str, ...], voice: Voice) -> int:
    with looked(folder) as office:
        rows = holding(office, name)
    paper = io.StringIO()
    csv.writer(paper, lineterminator="\n").writerows([columns, *rows])
    voice.data({"table": name, "columns": columns, "rows": rows}, paper.getvalue())
    return GOOD


def dissolve(asked: argparse.Namespace, voice: Voice) -> int:
    """Send the open cases of a unit to its successor, or back to dispatch."""
    try:
        told = give(state(asked.data), Dissolve(asked.unit, asked.into, asked.by or CLERK))
    except ValueError as wrong:
        raise Trouble(
            Words(str(wrong), f"未能移交:{wrong}"),
            Words("Name a unit that stands with --into.", "请用 --into 指定在册单位。"),
        ) from wrong
    voice.data({"unit": asked.unit, "into": asked.into, **told}, f"{told.get('moved', '0')}")
    return GOOD
