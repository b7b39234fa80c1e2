"""Words become numbers, truths, days and instants: by columns where plain, else one by one."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindu.data.collect.declare import Kept
from mindu.data.collect.part import texts

TYPES: dict[str, Any] = {
    "text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_(),
    "day": pa.date32(), "moment": pa.int64(),
}  # fmt: skip
_TRUE = ("true", "t", "yes", "y", "1", "是", "有", "真", "对", "√")
_FALSE = ("false", "f", "no", "n", "0", "否", "无", "假", "错", "×")
_INT = r"^[+-]?[0-9]{1,18}$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|\+00(:?00)?)?$"
)
_ZULU = r"(Z|\+00(:?00)?)$"
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.(\d{1,6}))?秒?)?分?)?"
    r"\s*(Z|[+-]\d{2}(?::?\d{2})?)?"
)
_EPOCH_MS = re.compile(r"-?\d{12,13}")
_SHORT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Cast(NamedTuple):
    """A column of our own type, and where the source's words made none."""

    column: Any
    wrong: Any  # bool mask


def cast(column: Any, of: Kept, zone: int) -> Cast:  # noqa: ANN401 - pyarrow has no types
    """Return a column in our type; `zone` is minutes east, for instants without one.

    Takes words, or what Parquet and Arrow hold already.
    """
    nothing = pa.array(np.zeros(len(column), bool))
    if of == "moment" and pa.types.is_timestamp(column.type):
        return Cast(_instants(column, zone), nothing)
    if of == "moment" and pa.types.is_integer(column.type):  # epoch ms
        return Cast(column.cast(pa.int64()), nothing)
    if not pa.types.is_string(column.type):
        if of != "moment" and _fits(column.type, of):
            try:
                return Cast(column.cast(TYPES[of]), nothing)
            except pa.ArrowInvalid:
                pass
        column = _worded(column)
    return Cast(column, nothing) if of == "text" else _from_words(column, of, zone)


def _fits(given: Any, of: Kept) -> bool:  # noqa: ANN401
    number = pa.types.is_integer(given) or pa.types.is_floating(given) or pa.types.is_decimal(given)
    return (number and of in {"whole", "number"}) or given == TYPES[of]


def _worded(column: Any) -> Any:  # noqa: ANN401
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return texts(column.to_pylist(), len(column))
    return column.cast(pa.string())


def _instants(column: Any, zone: int) -> Any:  # noqa: ANN401
    told = column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast(pa.int64())
    return told if column.type.tz else pc.subtract(told, zone * 60_000)


def _from_words(words: Any, of: Kept, zone: int) -> Cast:  # noqa: ANN401
    """Turn the plain ones at once and the others one by one."""
    plain = _plain(words, of)
    easy = pc.fill_null(plain, fill_value=True)
    odd = np.flatnonzero(~easy.to_numpy(zero_copy_only=False))
    good = words if not len(odd) else pc.if_else(easy, words, pa.scalar(None, pa.string()))
    try:
        column = _WHOLE[of](good, zone)
    except pa.ArrowInvalid:  # the 31st of February is plain, but no day
        odd = np.flatnonzero(pc.is_valid(words).to_numpy(zero_copy_only=False))
        column = pa.nulls(len(words), TYPES[of])
    wrong = np.zeros(len(words), bool)
    if len(odd):
        told = words.take(pa.array(odd)).to_pylist()
        one = _ONE[of]
        found = [one(unicodedata.normalize("NFKC", word).strip(), zone) for word in told]
        where = np.zeros(len(words), bool)
        where[odd] = True
        column = pc.replace_with_mask(column, pa.array(where), pa.array(found, TYPES[of]))
        blank = np.array([not word.strip() for word in told])
        none = np.array([value is None for value in found])
        wrong[odd] = none & ~blank
    return Cast(column, pa.array(wrong))


def _plain(words: Any, of: Kept) -> Any:  # noqa: ANN401
    if of == "truth":
        return pc.is_in(words, value_set=pa.array((*_TRUE, *_FALSE, None), pa.string()))
    pattern = {"whole": _INT, "number": _NUMBER, "day": _DATE, "moment": _TIME}[of]
    return pc.match_substring_regex(words, pattern)


def _times(words: Any, zone: int) -> Any:  # noqa: ANN401
    if pc.all(pc.match_substring_regex(words, _ZULU)).as_py():  # null counts as true
        words, zone = pc.replace_substring_regex(words, _ZULU, ""), 0
    told = words.cast(pa.timestamp("us")).cast(pa.int64())
    return pc.subtract(pc.divide(told, 1000), zone * 60_000)


_WHOLE: dict[Kept, Callable[[Any, int], Any]] = {
    "whole": lambda words, _: words.cast(pa.int64()),
    "number": lambda words, _: words.cast(pa.float64()),
    "truth": lambda words, _: pc.if_else(
        pc.is_valid(words), pc.is_in(words, value_set=pa.array(_TRUE)), pa.scalar(None, pa.bool_())
    ),
    "day": lambda words, _: words.cast(pa.date32()),
    "moment": _times,
}


def _int(word: str, zone: int) -> int | None:
    number = _number(word, zone)
    return (
        int(number) if number is not None and number.is_integer() and abs(number) < 1e15 else None
    )


def _number(word: str, _zone: int) -> float | None:
    if _GROUPS.fullmatch(word):
        word = word.replace(",", "")
    share = word.endswith("%")
    if not re.match(_NUMBER, word.removesuffix("%")):
        return None
    return float(word.removesuffix("%")) / (100 if share else 1)


def _bool(word: str, _zone: int) -> bool | None:
    low = word.lower()
    return True if low in _TRUE else False if low in _FALSE else None


def _date(word: str, zone: int) -> date | None:
    found = instant(word, zone)
    return None if found is None else (found + timedelta(minutes=zone)).date()


def _time(word: str, zone: int) -> int | None:
    if _EPOCH_MS.fullmatch(word):
        return int(word)
    found = instant(word, zone)
    return None if found is None else (found - _EPOCH) // timedelta(milliseconds=1)


def instant(word: str, zone: int) -> datetime | None:
    """Return the instant that somebody wrote, as 2026年5月1日 or 2026/5/1 8:00; or None."""
    found = _DAY.fullmatch(word) or _SHORT.fullmatch(word)
    if found is None:
        return None
    parts = [int(told or 0) for told in found.groups()[:6]]
    fraction = (found[7] or "") if found.re is _DAY else ""
    told_zone = found[8] if found.re is _DAY else None
    try:
        when = datetime(*parts[:6], int(fraction.ljust(6, "0")), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return when - timedelta(minutes=_offset(told_zone, zone))


def _offset(told: str | None, zone: int) -> int:
    if told is None:
        return zone
    if told == "Z":
        return 0
    minutes = int(told[1:3]) * 60 + (int(told[-2:]) if len(told) > 3 else 0)
    return minutes if told[0] == "+" else -minutes


_ONE: dict[Kept, Callable[[str, int], object]] = {
    "whole": _int, "number": _number, "truth": _bool, "day": _date, "moment": _time,
}  # fmt: skip
