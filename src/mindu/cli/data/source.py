"""`mindu data source`: add declarations, guess one from a file, list what there is."""

import argparse
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.brain.stewards.grading import MASKS
from mindu.cli.data import held
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.data.collect import declare
from mindu.data.collect.declare import Column, Source
from mindu.data.collect.guess import guessed, written
from mindu.data.collect.part import Part
from mindu.edge.collect.door import reader
from mindu.engines.text.detect import column as detected

_FILES = {
    ".csv": declare.Csv, ".txt": declare.Csv, ".tsv": declare.Csv, ".xlsx": declare.Excel,
    ".xls": declare.Excel, ".ods": declare.Excel, ".xlsb": declare.Excel,
    ".parquet": declare.Parquet,
}  # fmt: skip


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("what", choices=["add", "guess", "list"])
    add.add_argument("file", type=Path, nargs="?", help="add: FILE.toml; guess: the file itself")
    add.add_argument("--name", default="", help="guess: what the source is to be called")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Do what was asked."""
    if asked.what == "list":
        return _list(asked, voice)
    if asked.file is None:
        raise Trouble(Words("No file is named.", "未指定文件。"), Words("Name it.", "请指定文件。"))
    return _add(asked, voice) if asked.what == "add" else _guess(asked, voice)


def _add(asked: argparse.Namespace, voice: Voice) -> int:
    found = declare.read(asked.file.read_bytes())
    for source in found:
        held.keep(state(asked.data), _placed(source, asked.file.resolve().parent))
    voice.data([s.name for s in found], "\n".join(s.name for s in found))
    return GOOD


def _placed(source: Source, base: Path) -> Source:
    """Return the source with its file's whole path."""
    path = getattr(source.read, "path", "")
    if not path:
        return source
    read = msgspec.structs.replace(source.read, path=str(base / path))
    return msgspec.structs.replace(source, read=read)


def _guess(asked: argparse.Namespace, voice: Voice) -> int:
    kind = _FILES.get(asked.file.suffix.lower())
    if kind is None:
        told = ", ".join(_FILES)
        raise Trouble(
            Words(f"{asked.file.suffix} cannot be guessed.", f"无法识别 {asked.file.suffix}。"),
            Words(f"Give {told}, or write the declaration.", f"请给出 {told},或自行编写声明。"),
        )
    more = {"delimiter": "\t"} if asked.file.suffix == ".tsv" else {}
    name = asked.name or _slug(asked.file.stem)
    bare = Source(name=name, read=kind(path=str(asked.file), **more))
    first = next(reader(bare, Path(), Path()).parts({}, ""))
    source = _personal(msgspec.structs.replace(bare, columns=guessed(first, bare.zone)), first)
    voice.data(source, written(source).rstrip())
    return GOOD


def _personal(source: Source, first: Part) -> Source:
    """Return the declaration with columns that name people as personal, and the best subject."""
    columns: list[Column] = []
    kinds: dict[str, str] = {}
    for column in source.columns:
        heading = column.heading or column.name
        values = first.table.column(heading)[:1_000].to_pylist()
        words = [str(value) for value in values if value is not None]
        kind = next((found.kind for found in detected(heading, words) if found.whole), "")
        if kind in MASKS:
            column = msgspec.structs.replace(column, personal=True, of="text", unit="")  # noqa: PLW2901
        kinds.setdefault(kind, column.name)
        columns.append(column)
    subject = next((kinds[kind] for kind in ("id", "credit", "phone", "name") if kind in kinds), "")
    if not subject and any(column.personal for column in columns):
        subject = next(column.name for column in columns if column.personal)
    return msgspec.structs.replace(source, columns=tuple(columns), subject=subject)


def _slug(stem: str) -> str:
    told = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in stem.lower())
    slug = "_".join(part for part in told.split("_") if part)
    return slug if slug[:1].isalpha() else f"source_{slug}".rstrip("_")


def _list(asked: argparse.Namespace, voice: Voice) -> int:
    folder = state(asked.data)
    told, lines = [], []
    for source in held.sources(folder):
        done, going = held.last(folder, source.name), held.running(folder, source.name)
        told.append({"source": source, "last": done, "running": going})
        line = f"{source.name}  {source.zh or source.en}  {type(source.read).__name__.lower()}"
        if done is not None:
            a = done.account
            line += f"  #{done.number}: {a.received} = {a.stored} + {a.quarantined} + {a.known}"
        if going is not None:
            line += f"  … {going.account.received} {going.trouble}".rstrip()
        lines.append(line)
    voice.data(told, "\n".join(lines))
    return GOOD
