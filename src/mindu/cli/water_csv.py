"""Read rain and tide from CSV: `time,<gauge>[,...]` or `time,rain`; say where a file is wrong.

Times: ISO dates (in the model's clock), `HH:MM[:SS]` since the model's start, or plain numbers:
hours in a column `hours` or `time_h`, minutes in `minutes` or `time_min`, seconds in `seconds`;
in one just called `time` hours, if no step is longer than 1 and the last is within the event,
else minutes.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from mindu.engines.hydraulics.port import Array

MOST_ROWS = 1_000_000
SCALE = {"hours": 3600.0, "time_h": 3600.0, "h": 3600.0, "minutes": 60.0, "time_min": 60.0}
SCALE |= {"min": 60.0, "seconds": 1.0, "time_s": 1.0, "s": 1.0}
PLACES = {"rain gauge": "雨量站", "outfall": "排放口"}
FOR_ALL = {"rain", "tide", "stage", "level", "value", "mm_h", "mm/h"}


class UseError(ValueError):
    """What was asked or brought cannot be used; says where and how to mend it, in both tongues."""

    def __init__(self, en: str, zh: str) -> None:
        """Say it in both; as text it is English."""
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Table:
    """Values by time: (rows,) seconds since the start and (rows, columns)."""

    t: Array
    columns: tuple[str, ...]
    values: Array


def _clock(text: str) -> float:
    parts = [float(p) for p in text.split(":")]
    return sum(p * s for p, s in zip(parts, (3600.0, 60.0, 1.0), strict=False))


def _moment(text: str, start: float) -> float:
    """Return seconds since the start for a date or a clock time; raise ValueError for others."""
    if ":" in text and "-" not in text and "/" not in text:
        return _clock(text)
    stamp = datetime.fromisoformat(text.replace("/", "-"))
    return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp() - start


def _unrolled(t: Array) -> Array:
    """Let clock times run on past midnight."""
    days = np.concatenate([[0.0], np.cumsum(np.diff(t) < -43200.0)])
    return np.asarray(t + days * 86400.0)


def _times(name: str, found: Sequence[str], start: float, hours: float, path: Path) -> Array:
    head = found[0] if found else ""
    if ":" not in head and "-" not in head.lstrip("-") and "/" not in head:
        numbers = np.array([_number(v, i + 2, name, path) for i, v in enumerate(found)])
        scale = SCALE.get(name.lower())
        if scale is None:
            steps = np.diff(numbers)
            as_hours = bool((steps <= 1.0).all()) and numbers[-1] <= 1.5 * hours
            scale = 3600.0 if as_hours else 60.0
        return numbers * scale
    t = np.zeros(len(found))
    for i, text in enumerate(found):
        try:
            t[i] = _moment(text, start)
        except ValueError:
            raise UseError(
                f"{path.name} line {i + 2}, column '{name}': {text!r} is not a time; "
                "write 2023-09-05T03:00, 03:00, hours or minutes",
                f"{path.name} 第 {i + 2} 行“{name}”列：{text!r} 不是时间，"
                "应写 2023-09-05T03:00、03:00、小时或分钟",
            ) from None
    return _unrolled(t)


def _number(text: str, line: int, column: str, path: Path) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise UseError(
            f"{path.name} line {line}, column '{column}': {text!r} is not a number",
            f"{path.name} 第 {line} 行“{column}”列：{text!r} 不是数字",
        )
    return value


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows, all of one width."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.reader(file) if r and not r[0].lstrip().startswith("#")]
    if len(rows) < 2 or len(rows[0]) < 2:
        raise UseError(
            f"{path.name}: needs a header such as `time,rain` and at least one row",
            f"{path.name}：须有表头（如 `time,rain`）和至少一行数据",
        )
    if len(rows) > MOST_ROWS:
        raise UseError(
            f"{path.name}: more than {MOST_ROWS} rows", f"{path.name}：超过 {MOST_ROWS} 行"
        )
    head = [h.strip() for h in rows[0]]
    for i, row in enumerate(rows[1:], 2):
        if len(row) != len(head):
            raise UseError(
                f"{path.name} line {i}: {len(row)} values for {len(head)} columns",
                f"{path.name} 第 {i} 行：{len(head)} 列却有 {len(row)} 个值",
            )
    return head, rows[1:]


def read_table(path: Path, *, start: float, hours: float) -> Table:
    """Read a CSV of times and numbers; raise `UseError` with line and column where it is wrong."""
    head, rows = _rows(path)
    t = _times(head[0], [r[0].strip() for r in rows], start, hours, path)
    if (np.diff(t) <= 0).any():
        line = int(np.argmax(np.diff(t) <= 0)) + 3
        raise UseError(
            f"{path.name} line {line}, column '{head[0]}': time does not go forward",
            f"{path.name} 第 {line} 行“{head[0]}”列：时间没有向前",
        )
    values = [
        [_number(v, i, head[k], path) for k, v in enumerate(r[1:], 1)]
        for i, r in enumerate(rows, 2)
    ]
    return Table(t=t, columns=tuple(head[1:]), values=np.array(values, dtype=float))


def spread(table: Table, ids: Sequence[str], *, what: str, path: Path) -> Array:
    """Lay the columns on the model's gauges or outfalls; a single general column serves all."""
    if len(table.columns) == 1 and table.columns[0].lower() in FOR_ALL:
        return np.repeat(table.values, len(ids), axis=1)
    found = np.full((len(table.t), len(ids)), np.nan)
    for k, name in enumerate(table.columns):
        if name not in ids:
            known = ", ".join(ids[:10]) or "none"
            raise UseError(
                f"{path.name} line 1, column '{name}': no such {what}; there are: {known}",
                f"{path.name} 第 1 行“{name}”列：没有此{PLACES[what]}；现有：{known}",
            )
        found[:, list(ids).index(name)] = table.values[:, k]
    return found
