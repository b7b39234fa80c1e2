"""A small city in a folder for tests of backups: a log, and one thing of all that lies by it."""

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mindu.base.records import Event
from mindu.base.seal import SUITES
from mindu.console.modelling.drafts import Drafts
from mindu.console.people.house import People
from mindu.data.catalog.book import Catalogue
from mindu.data.keeping.backup import backed_up
from mindu.data.keeping.home import home
from mindu.data.keeping.paper import Noted
from mindu.data.log import Log
from mindu.data.proof.keys import NOTES, announce, opened
from mindu.data.proof.notary import FILE, NAME, Notary
from mindu.data.senses.memory.delta import Delta, synced
from mindu.data.vault import Vault
from mindu.perceive.source import Reading

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


def city(folder: Path, entries: int = 200) -> Path:
    """Let a city live in a folder, of every kind of state one thing; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with Log.open(home(folder).log()) as log:
        key = opened(folder / "keys" / "note.key", next(iter(SUITES)))
        announce(log, NOTES, key, NOW)
        wrote(log, entries)
        log.commit()
        Notary(log, folder / FILE, NAME, [key]).sign()
    with Log.open(home(folder).log("open")) as log:
        wrote(log, 5)
    with closing(Vault(folder / "vault")) as vault:
        vault.put("a1", "phone", "13800000000")
    for room in (People(folder), Drafts(folder), Catalogue(home(folder).catalogue())):
        room.close()
    (folder / "media").mkdir()
    (folder / "media" / "a.jpg").write_bytes(bytes(range(256)) * 40)
    table(folder / "collect" / "rain" / "rows")
    return folder


def wrote(log: Log, count: int, *, since: int = 0) -> None:
    """Write events and readings, each group durable."""
    for i in range(since, since + count):
        log.append(Event("rain", {"n": i}), at=NOW, about="gauge:1", by="t")
        read = Reading(at=NOW, about="gauge:1", prop="level", value=float(i), unit="m")
        log.store([read], now=NOW, by="t")
        if i % 10 == 9:
            log.commit()
    log.commit()


def table(folder: Path) -> None:
    """Lay down a table of one file."""
    delta = Delta(folder, pa.schema({"mm": pa.int64()}), [])
    pq.write_table(pa.table({"mm": [1, 2, 3]}), folder / "a.parquet")
    synced(folder / "a.parquet")
    delta.change({"a.parquet": ({}, 3)}, [], 1)


def kept(folder: Path, to: Path, *, now: datetime = NOW, keep: int = 0) -> Noted:
    """Make a backup without a word on the way."""
    return backed_up(folder, to, now=now, keep=keep, tell=lambda _done, _all: None)


def copy_of(folder: Path, name: str) -> Path:
    """Return a copy of a backup, to be damaged."""
    there = folder.with_name(name)
    shutil.copytree(folder, there)
    return there
