"""Objects become rows: each heading is looked up in each object, also along a dotted path."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pyarrow as pa

from mindu.data.collect.declare import Source
from mindu.data.collect.part import Broken, Cursor, Fault, Part, shape, texts

STEP = 20_000  # rows a part


def headings(source: Source) -> list[str]:
    """Return what the source calls the declared columns."""
    return [column.heading or column.name for column in source.columns]


def part(source: Source, told: Sequence[object], first: int, cursor: Cursor) -> Part:
    """Return objects as a part; `first` is the number of the first one."""
    names = headings(source)
    good, faults, numbers = [], [], []
    for number, one in enumerate(told, first):
        if isinstance(one, dict):
            good.append(one)
            numbers.append(number)
        else:
            faults.append(Fault(number, "(row)", "object", shape(one)))
    columns = {name: texts([value(one, name) for one in good], len(good)) for name in names}
    rows = np.array(numbers, np.int64)
    return Part(pa.table(columns), rows, faults, len(told), cursor)


def value(one: dict[str, object], name: str) -> object:
    """Return what an object holds under a heading or along a dotted path; None for nothing."""
    if name in one or "." not in name:
        return one.get(name)
    head, _, rest = name.partition(".")
    inner = one.get(head)
    return value(inner, rest) if isinstance(inner, dict) else None


def pointed(told: object, pointer: str) -> object:
    """Return what a JSON pointer leads to.

    Raises:
        Broken: it leads nowhere.
    """
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(told, dict) and name in told:
            told = told[name]
        elif isinstance(told, list) and name.isdigit() and int(name) < len(told):
            told = told[int(name)]
        else:
            raise Broken(f"nothing lies at {pointer!r}: mend the pointer")
    return told


def decoded(body: bytes, what: str) -> object:
    """Return what JSON says.

    Raises:
        Broken: it is none; the error names the place, never what stands there.
    """
    try:
        found: object = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.DecodeError as wrong:
        place = str(wrong).rpartition("(byte ")[2].rstrip(")")
        where = f" at byte {place}" if place.isdigit() else ""
        raise Broken(f"{what} is no JSON{where}") from None
    except RecursionError:
        raise Broken(f"{what} is nested too deep") from None
    return found


def listed(told: object, what: str) -> list[object]:
    """Return a list of objects.

    Raises:
        Broken: it is none.
    """
    if isinstance(told, dict):
        return [told]
    if not isinstance(told, list):
        raise Broken(f"{what} holds no list of objects: say where it lies by a pointer")
    return told
