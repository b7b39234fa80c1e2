"""A declaration to begin with: types, units and names guessed from rows, for a person to mend."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow.compute as pc

from mindu.data.collect.cast import cast
from mindu.data.collect.declare import NAME, Column, Kept, Source
from mindu.data.collect.headings import parted
from mindu.data.collect.part import Part, texts

ORDER: tuple[Kept, ...] = ("whole", "number", "day", "moment", "truth")
_SURE = 0.98  # share of the values that must fit


def guessed(part: Part, zone: int) -> tuple[Column, ...]:
    """Return a column for each heading, of the narrowest type that the values fit."""
    found: list[Column] = []
    seen: set[str] = set()
    for heading in part.table.column_names:
        name, unit = parted(heading)
        words = name
        name = name.lower() if NAME.fullmatch(name.lower()) else f"c{len(found) + 1}"
        name = name if name not in seen else f"c{len(found) + 1}"
        seen.add(name)
        column = part.table.column(heading).combine_chunks()
        of = _type(column, zone)
        found.append(
            Column(
                name=name,
                heading="" if name == heading else heading,
                of=of,
                unit=unit if of in {"whole", "number"} else "",
                zh=words if not words.isascii() else "",
                en=words if words.isascii() and words != name else "",
            )
        )
    return tuple(found)


def _type(column: Any, zone: int) -> Kept:  # noqa: ANN401 - pyarrow has no types
    words = texts(column.to_pylist(), len(column))
    told = words.filter(pc.fill_null(pc.greater(pc.utf8_length(words), 0), fill_value=False))
    if not len(told):
        return "text"
    if pc.any(pc.match_substring_regex(told, r"^0\d")).as_py():  # a code, not a number
        return "text"
    for of in ORDER:
        if of == "truth" and len(pc.unique(told)) < 2:
            continue
        if of == "day" and pc.any(pc.match_substring_regex(told, r"\d[:时]\d")).as_py():
            continue
        wrong = pc.sum(cast(told, of, zone).wrong).as_py() or 0
        if wrong <= (1 - _SURE) * len(told):
            return of
    return "text"


def written(source: Source) -> str:
    """Return a declaration as TOML."""
    plain = msgspec.to_builtins(source)
    assert isinstance(plain, dict)
    columns = plain.pop("columns")
    read = plain.pop("read")
    lines = ["[[source]]", *_pairs(plain), "", "[source.read]", *_pairs(read)]
    for column in columns:
        lines += ["", "[[source.columns]]", *_pairs(column)]
    return "\n".join(lines) + "\n"


def _pairs(told: dict[str, Any]) -> list[str]:
    shown = {name: value for name, value in told.items() if not _plain(value)}
    return [f"{name} = {_toml(value)}" for name, value in shown.items()]


def _plain(value: object) -> bool:
    return value is None or value is False or value in ("", (), [])


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_toml, value))}]"
    return msgspec.json.encode(str(value)).decode().replace("\x7f", "\\u007F")
