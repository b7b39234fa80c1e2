"""Cues: nature and urgency read off words that anybody can check, in a table anybody can edit."""

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from io import StringIO

import msgspec

NATURES = {
    "inquiry": "咨询", "help": "求助", "complaint": "投诉", "report": "举报",
    "suggestion": "建议", "thanks": "感谢", "other": "其他",
}  # fmt: skip
URGENCIES = {"critical": "特急", "urgent": "紧急", "normal": "一般", "complex": "复杂"}
LEAST = 1.0  # points below which nothing is held: other, normal
TITLE = 40  # characters of the beginning that count double: people say there what they want
MOST = 3  # times that one cue counts


class Cue(msgspec.Struct, frozen=True):
    """Words that speak for one code of one axis, and for how many points."""

    axis: str
    code: str
    pattern: re.Pattern[str]
    weight: float


class Held(msgspec.Struct, frozen=True):
    """What an axis holds: code, Chinese name, share of all points, the words that spoke."""

    code: str
    zh: str
    share: float
    because: tuple[str, ...] = ()


def nature(text: str) -> Held:
    """Return whether somebody asks, needs help, complains, reports, suggests or thanks."""
    return _held(text, _shipped(), axis="nature", names=NATURES, otherwise="other")


def urgency(text: str) -> Held:
    """Return how soon somebody must act; a long story with many sides is `complex`."""
    return _held(text, _shipped(), axis="urgency", names=URGENCIES, otherwise="normal")


def cues(table: str) -> tuple[Cue, ...]:
    """Read a table `axis,code,cue,weight` whose cues are `|`-separated words or patterns."""
    found = []
    for number, row in enumerate(csv.DictReader(StringIO(table)), start=2):
        try:
            found.append(
                Cue(row["axis"], row["code"], re.compile(row["cue"]), float(row["weight"]))
            )
        except (KeyError, TypeError, ValueError, re.error) as wrong:
            raise ValueError(
                f"line {number} of the cues is no `axis,code,cue,weight`: {wrong}"
            ) from wrong
    return tuple(found)


@cache
def _shipped() -> tuple[Cue, ...]:
    return cues(resources.files(__package__).joinpath("cues.csv").read_text(encoding="utf-8"))


def _held(
    text: str, table: Iterable[Cue], *, axis: str, names: dict[str, str], otherwise: str
) -> Held:
    points: dict[str, float] = {}
    because: dict[str, list[str]] = {}
    for cue in table:
        if cue.axis != axis:
            continue
        said = [(m.start(), m[0]) for m in cue.pattern.finditer(text)][:MOST]
        for at, word in said:
            gained = cue.weight * (2.0 if at < TITLE else 1.0)
            points[cue.code] = points.get(cue.code, 0.0) + gained
            because.setdefault(cue.code, []).append(word)
    if not points or max(points.values()) < LEAST:
        return Held(code=otherwise, zh=names[otherwise], share=1.0)
    code = max(points, key=lambda name: points[name])
    words = tuple(dict.fromkeys(because[code]))[:5]
    share = round(points[code] / sum(points.values()), 3)
    return Held(code=code, zh=names[code], share=share, because=words)
