"""The settings file: read, or refused with the line that is wrong and how to mend it."""

import re
import tomllib
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.edge.loops.declared import wrong
from mindu.edge.settings import Settings

PAPER = Words("The paper on doors shows every setting.", "docs/senses.md 列出全部设置。")
_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_PART = re.compile(r"(?P<name>\w+)(?:\[(?P<index>\d+)\])?")
_FIELD = re.compile(r"unknown field `(?P<name>\w+)`")


class Misfit(ValueError):  # noqa: N818 - it is told to a person
    """What is wrong with the settings, and how to mend it."""

    def __init__(self, says: Words, mend: Words) -> None:
        """Carry both."""
        super().__init__(says.en)
        self.says, self.mend = says, mend


def read(path: Path) -> Settings:
    """Return the settings in a file.

    Raises:
        Misfit: it cannot be read, or what it says cannot be; the message says in which line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        plain = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as bad:
        raise Misfit(Words(f"{path}: {bad}", f"{path}:{bad}"), PAPER) from bad
    try:
        told = msgspec.convert(plain, Settings)
    except msgspec.ValidationError as bad:
        why = str(bad)
        at = _AT.search(why)
        line = line_of(text, at["path"] if at else "", _FIELD.search(why))
        says = Words(f"{path}, line {line}: {why}", f"{path} 第 {line} 行:{why}")
        raise Misfit(says, PAPER) from bad
    for index, field, why_, mend in wrong(told.loops):
        line = line_of(text, f"loops[{index}].{field}", None)
        name = told.loops[index].name
        raise Misfit(
            Words(f"{path}, line {line}, loop {name!r}: {why_.en}",
                  f"{path} 第 {line} 行,回路“{name}”:{why_.zh}"), mend,
        )  # fmt: skip
    return told


def line_of(text: str, path: str, field: "re.Match[str] | None") -> int:
    """Return the line of a setting, as `loops[1].tier`, or of the table that it should stand in."""
    parts = [(it["name"], int(it["index"] or 0)) for it in _PART.finditer(path)]
    if field is not None:
        parts.append((field["name"], 0))
    lines = text.splitlines()
    start, until = 0, len(lines)
    for depth, (name, index) in enumerate(parts):
        table = r"\s*\.\s*".join(it for it, _ in parts[: depth + 1])
        heads = re.compile(rf"^\s*\[+\s*{table}\s*\]+")
        found = [i for i in range(start, until) if heads.match(lines[i])]
        if len(found) <= index:
            key = re.compile(rf"^\s*{name}\s*[=.]")
            return next((i + 1 for i in range(start, until) if key.match(lines[i])), start + 1)
        start = found[index]
        until = found[index + 1] if len(found) > index + 1 else until
    return start + 1
