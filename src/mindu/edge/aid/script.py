"""The script of a call: what to say and ask, in order, and what the caller has told already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mindu.base.records import Words
from mindu.brain.casework.kinds import Service
from mindu.engines.text import Gazetteer, fuzhou

SCRIPT = "script"
COLUMNS = ("service", "order", "asks", "zh", "en", "source")
_WHEN = re.compile(
    r"今天|昨天|前天|今早|早上|上午|中午|下午|晚上|夜里|凌晨|刚才|每天|一直|周[一二三四五六日]|星期|"
    r"[零一二两三四五六七八九十百\d]+ ?(?:点|时|天|日|周|个月|月|年|小时|分钟)"
    r"|since|yesterday|today|week|month"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script: what is said, and whether the caller's words hold the answer."""

    says: Words
    asks: str = ""  # what it asks for: "where", "when", a question of the service; "" asks nothing
    heard: bool = False


def script(rows: Sequence[Sequence[str]], service: Service | None, text: str) -> list[Line]:
    """Return the lines of a call: those for all, those of the service, its own questions."""
    code = service.code if service is not None else ""
    told = sorted(
        (row for row in rows if len(row) == len(COLUMNS) and row[0] in {"*", code}),
        key=lambda row: int(row[1]),
    )
    lines = [Line(Words(en, zh), asks, _heard(asks, text)) for _, _, asks, zh, en, _ in told]
    at = next((n for n, line in enumerate(lines) if line.asks == "end"), len(lines))
    questions = [Line(a.asks, a.code) for a in service.attributes] if service is not None else []
    return [*lines[:at], *questions, *lines[at:]]


def read(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a script as they may be laid down.

    Raises:
        ValueError: names the first line that cannot be read.
    """
    for line, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS) or not row[1].isdigit() or not (row[3] and row[4]):
            raise ValueError(f"line {line}: give {', '.join(COLUMNS)}; order is a number")
    return tuple(tuple(row) for row in rows)


def _heard(asks: str, text: str) -> bool:
    if asks == "where":
        return bool(_gazetteer().find(text))
    return asks == "when" and _WHEN.search(text) is not None


@cache
def _gazetteer() -> Gazetteer:
    return fuzhou()
