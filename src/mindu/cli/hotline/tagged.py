"""Read addresses: `piece TAG` lines with blank ones between, or plain addresses."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from mindu.base.records import Words
from mindu.cli.hotline.files import first_of, text_of
from mindu.cli.say import Trouble
from mindu.engines.text import clean


def addresses(path: Path) -> list[tuple[list[str], list[str]]]:
    """Return (pieces, tags) of each address: `piece TAG` lines, blank between; else plain ones.

    Plain addresses stand one on a line, or in a column `address` of a CSV; their tags are empty.
    """
    text = text_of(path)
    lines = text.splitlines()
    if any(_is_tagged(line) for line in lines[:50]):
        return list(_tagged(lines, path))
    head = lines[0].lower() if lines else ""
    if "," in head and ("address" in head or "地址" in head):
        rows = csv.DictReader(StringIO(text))
        found = [first_of(row, ("address", "地址", "text")) for row in rows]
    else:
        found = lines
    return [(list(clean(one).text), []) for one in found if one.strip()]


def is_addresses(path: Path) -> bool:
    """Return whether a file is one of `piece TAG` lines."""
    if not path.is_file():
        return False
    with path.open("rb") as opened:
        head = opened.read(4_000)
    return any(_is_tagged(line) for line in head.decode("utf-8", "replace").splitlines()[:50])


def _is_tagged(line: str) -> bool:
    parts = line.split()
    return len(parts) == 2 and (parts[1] == "O" or parts[1][:2] in {"B-", "I-", "E-", "S-", "M-"})


def _tagged(lines: list[str], path: Path) -> Iterator[tuple[list[str], list[str]]]:
    pieces: list[str] = []
    tags: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        parts = line.split()
        if not parts:
            if pieces:
                yield pieces, tags
            pieces, tags = [], []
        elif len(parts) == 2:
            pieces.append(parts[0])
            tags.append(parts[1])
        else:
            raise Trouble(
                Words(
                    f"{path.name} line {number} is no `piece TAG`.",
                    f"{path.name} 第 {number} 行格式不对。",
                ),
                Words(
                    "Write a piece, a space and its tag, or a blank line.",
                    "每行一个字、空格、标签,地址之间空行。",
                ),
            )
