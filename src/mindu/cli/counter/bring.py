"""`mindu hotline import FILE`: old tickets row by row, with an account of every one."""

import argparse
import csv
from contextlib import ExitStack
from itertools import chain

from mindu.base.records import Words
from mindu.cli.counter.house import KIND, opened
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.edge.counter.old import bring as take
from mindu.edge.counter.papers import mapping, rows_of


def bring(asked: argparse.Namespace, voice: Voice) -> int:
    """Take a file in; 1 when some rows went to quarantine."""
    aside = asked.quarantine or asked.file.with_suffix(".quarantine.csv")
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
    with ExitStack() as held:
        _, counter = held.enter_context(opened(state(asked.data)))
        paper = held.enter_context(aside.open("w", encoding="utf-8", newline=""))
        writer = csv.DictWriter(paper, [*first, "reason"], extrasaction="ignore")
        writer.writeheader()
        account = take(counter, KIND.name, chain([first], rows), how, writer)
    if not account.quarantined:
        aside.unlink()
    told = {
        "read": account.read, "taken": account.taken, "before": account.before,
        "quarantined": account.quarantined, "reasons": account.reasons,
        "quarantine": str(aside) if account.quarantined else "",
    }  # fmt: skip
    voice.data(told, "\n".join(f"{name:>12}: {value}" for name, value in told.items()))
    return FOUND if account.quarantined else GOOD
