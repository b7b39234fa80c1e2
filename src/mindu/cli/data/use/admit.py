"""`mindu data admit`: let somebody who was erased in again, for a reason that the log keeps."""

import argparse
from contextlib import closing

from mindu.base.records import Event
from mindu.base.time import SystemClock
from mindu.cli.say import GOOD, Voice, state
from mindu.data.erasure import ERASED, admit
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.registers.verdicts import BARRED, UNBARRED
from mindu.data.vault import Vault


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("subject", help="the person or firm, or as the vault and the log call them")
    add.add_argument("--why", required=True, help="the request or the law")
    add.add_argument("--by", default="steward", help="who does it")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Let them in, under every name that was erased with theirs, and into registers too."""
    folder, now = state(asked.data), SystemClock().now()
    with closing(Vault(folder / "vault")) as vault, Log.open(home(folder).log()) as log:
        name = asked.subject if vault.gone(asked.subject) else vault.subject(asked.subject)
        bars, names = _erased(log, name)
        for one in sorted({name, *filter(vault.gone, names)}):
            admit(vault, log, one, now=now, by=asked.by, why=asked.why, because=bars)
        for seq in bars:
            told = log[seq]
            assert isinstance(told.record, Event), "a bar is an event"
            freed = Event(UNBARRED, {"records": told.record.args["records"], "why": asked.why})
            log.append(freed, at=now, about=told.about, by=asked.by, because=(seq,))
        log.commit()
        voice.data({"admitted": name, "registers": len(bars), "head": log.head},
                   f"{name}  {log.head}")  # fmt: skip
    return GOOD


def _erased(log: Log, name: str) -> tuple[tuple[int, ...], set[str]]:
    """Return the bars that came with a subject's erasure, and whoever else was erased by them."""
    done = [
        entry for entry in log if isinstance(entry.record, Event) and entry.record.name == ERASED
    ]
    mine = {seq for entry in done if entry.about == f"subject:{name}" for seq in entry.because}
    bars = tuple(sorted(seq for seq in mine if getattr(log[seq].record, "name", "") == BARRED))
    names = {entry.about.partition(":")[2] for entry in done if set(entry.because) & set(bars)}
    return bars, names
