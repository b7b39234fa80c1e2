"""`mindu hotline import FILE`: old tickets row by row, with an account of every one.

Where a line serves the folder the rows go in beside it, some at a time, so that calls come between.
"""

import argparse
import csv
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import chain, islice

import msgspec

from mindu.base.records import Words
from mindu.cli.counter.beside import MOST, Bring
from mindu.cli.counter.orders import giving
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.edge.counter.old import Account
from mindu.edge.counter.papers import Plan, mapping, rows_of

BATCH = 100  # rows that hold the line up at once
Rows = Iterator[dict[str, str]]


def bring(asked: argparse.Namespace, voice: Voice) -> int:
    """Take a file in; 1 when some rows went to quarantine."""
    aside = asked.quarantine or asked.file.with_suffix(".quarantine.csv")
    how, first, rows = _opened(asked)
    total = Account()
    with ExitStack() as held:
        paper = held.enter_context(aside.open("w", encoding="utf-8", newline=""))
        give = held.enter_context(giving(state(asked.data)))
        writer = csv.DictWriter(paper, [*first, "reason"], extrasaction="ignore")
        writer.writeheader()
        for some in _batches(chain([first], rows)):
            told = give(Bring(some, how))
            total.add(msgspec.json.decode(told["account"], type=Account))
            writer.writerows(msgspec.json.decode(told["aside"], type=list[dict[str, str]]))
    if not total.quarantined:
        aside.unlink()
    said: Mapping[str, object] = msgspec.to_builtins(total) | {
        "quarantine": str(aside) if total.quarantined else ""
    }
    voice.data(said, "\n".join(f"{name:>12}: {value}" for name, value in said.items()))
    return FOUND if total.quarantined else GOOD


def _opened(asked: argparse.Namespace) -> tuple[Plan | None, dict[str, str], Rows]:
    """Return the mapping, the first row and the others.

    Raises:
        Trouble: the file or the mapping cannot be read, or there is no row.
    """
    try:
        how = mapping(asked.mapping.read_text(encoding="utf-8")) if asked.mapping else None
        rows = rows_of(asked.file)
        first = next(rows, None)
    except (ValueError, OSError) as wrong:
        raise Trouble(
            Words(f"{asked.file} cannot be read: {wrong}", f"{asked.file} 无法读取:{wrong}"),
            Words("Mend the file or the mapping.", "请修正文件或映射。"),
        ) from wrong
    if first is None:
        raise Trouble(Words("The file has no row.", "文件没有数据行。"), Words("", ""))
    return how, first, rows


def _batches(rows: Rows) -> Iterator[tuple[dict[str, str], ...]]:
    """Yield rows in lots that one order can carry; a row alone may be too large and is refused."""
    while lot := tuple(islice(rows, BATCH)):
        while len(lot) > 1 and len(msgspec.json.encode(lot)) > MOST // 2:
            half = len(lot) // 2
            rows, lot = chain(lot[half:], rows), lot[:half]
        yield lot
