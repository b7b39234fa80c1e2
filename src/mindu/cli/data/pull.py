"""`mindu data pull`: bring rows in, and go on where a pull was cut off."""

import argparse
import importlib
import signal
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from functools import partial
from pathlib import Path
from threading import Event

import msgspec

from mindu.base.records import Words
from mindu.cli.data import held
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.data.catalog.dataset import Grade
from mindu.data.collect.declare import Source
from mindu.data.collect.pull import due, pull
from mindu.data.collect.store import Holding, Pull
from mindu.data.vault import Vault
from mindu.edge.collect.door import reader

REGISTERS = "registers"
TICK = 30.0  # s between looks at what is due


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("names", nargs="*", help="sources; none: all, or with --due what is due")
    add.add_argument("--due", action="store_true", help="only what is due")
    add.add_argument("--watch", action="store_true", help="go on, and pull whenever it is due")
    add.add_argument("--full", action="store_true", help="take everything anew")
    add.add_argument("--fresh", action="store_true", help="drop a pull that was cut off")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Pull what was asked for; 1 where a source failed."""
    if asked.watch:
        return _watch(asked, voice)
    folder = state(asked.data)
    found = [held.source(folder, name) for name in asked.names] or held.sources(folder)
    if not found:
        raise Trouble(
            Words("No source is declared.", "尚未声明数据源。"),
            Words("mindu data source add FILE.toml", "mindu data source add 文件.toml"),
        )
    chosen = _due(folder, found) if asked.due else found
    done = [_one(folder, source, asked, voice) for source in chosen]
    told = [pulled for pulled in done if pulled is not None]
    whole = _follow(folder, voice)
    voice.data(told, "\n".join(map(_line, told)))
    return GOOD if whole and len(told) == len(done) else FOUND


def _due(folder: Path, found: list[Source]) -> list[Source]:
    last = {s.name: p.begun for s in found if (p := held.last(folder, s.name)) is not None}
    return due(found, last, held.now_ms())


def _watch(asked: argparse.Namespace, voice: Voice) -> int:
    """Look every half minute, until told to end."""
    ended = Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: ended.set())
    folder = state(asked.data)
    while not ended.is_set():
        found = [held.source(folder, name) for name in asked.names] or held.sources(folder)
        for source in _due(folder, found):
            done = _one(folder, source, asked, voice)
            if done is not None:
                voice.data(done, _line(done))
        _follow(folder, voice)
        ended.wait(TICK)
    return GOOD


def _follow(folder: Path, voice: Voice) -> bool:
    """Bring what rests on the pulls up to date; what that takes is loaded only where it is."""
    whole = True
    if (folder / REGISTERS / "feeds.json").exists():
        whole = importlib.import_module("mindu.cli.register.follow").follow(folder, voice)
    if any((folder / "derived").glob("*.pulls")):
        whole &= importlib.import_module("mindu.cli.data.derive").renew(folder, voice)
    return whole


def _one(folder: Path, source: Source, asked: argparse.Namespace, voice: Voice) -> Pull | None:
    """Pull one source; a failure is told and the next one has its turn."""
    wanted = msgspec.structs.replace(source, mode="full") if asked.full else source

    def see(told: Pull) -> None:
        a = told.account
        voice.note(
            Words(
                f"{source.name}: {a.received} rows, {a.quarantined} set aside",
                f"{source.name}:已读 {a.received} 行,隔离 {a.quarantined} 行",
            )
        )

    try:
        with _vault(folder, wanted) as seal:
            look = partial(_look, folder, source, vault=seal, voice=voice)
            holding = Holding(held.folder(folder, source.name), wanted, seal, look)
            try:
                told = reader(wanted, Path(), folder)
                return pull(holding, told, held.now_ms, see=see, fresh=asked.fresh)
            finally:
                holding.close()
    except (ValueError, OSError, RuntimeError) as wrong:
        voice.note(Words(f"{source.name}: {wrong}", f"{source.name}:{wrong}"))
        return None


def _look(
    folder: Path, source: Source, files: Sequence[str], vault: Vault | None, voice: Voice
) -> None:
    """Look for what names people before anybody sees a row; what is found anew is told."""
    was = held.grades(folder, source.name)
    told = held.look(folder, source, files, vault).dataset
    before = {} if was is None else was.fields
    open_ones = {column.name for column in source.columns if not column.personal}
    new = [
        f"{field.name} ({field.kind or field.grade.name})"
        for field in told.fields
        if field.name in open_ones and field.grade >= Grade.SENSITIVE
        and before.get(field.name, (Grade.OPEN, ""))[0] < field.grade
    ]  # fmt: skip
    if new:
        names = ", ".join(new)
        voice.note(
            Words(
                f"{source.name}: {names} may name people and is withheld; `mindu data grade "
                f"{source.name}` says why, and how to decide otherwise",
                f"{source.name}:{names} 疑为个人信息,暂不提供;mindu data grade {source.name} "
                "说明原因及如何裁定",
            )
        )


def _vault(folder: Path, source: Source) -> AbstractContextManager[Vault | None]:
    """Open the vault, if a column is personal."""
    return closing(Vault(folder / "vault")) if source.sealed else nullcontext()


def _line(told: Pull) -> str:
    a = told.account
    return (
        f"#{told.number} {a.received} = {a.stored} stored 入库 + {a.quarantined} set aside 隔离 "
        f"+ {a.known} known 已有; {told.replaced} replaced 更新"
    )
