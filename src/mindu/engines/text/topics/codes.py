"""Codes: our own three levels of topics, each version kept, old codes mapped to new ones."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from io import StringIO

import msgspec

from mindu.engines.text.words import words

VERSION = "2026.1"
ENOUGH = 0.5  # shared letters over the root of a sample's size; less is chance


class Topic(msgspec.Struct, frozen=True):
    """One topic: two digits for each of its levels, and its name."""

    code: str
    zh: str
    en: str

    @property
    def level(self) -> int:
        """1 to 3."""
        return len(self.code) // 2

    @property
    def above(self) -> str:
        """The code one level up; empty at the top."""
        return self.code[:-2]


class Codes:
    """One version of the topics. A code that was given out never changes its meaning."""

    def __init__(self, version: str, topics: Sequence[Topic], names: Mapping[str, str]) -> None:
        self.version = version
        self.topics = {topic.code: topic for topic in topics}
        for topic in topics:
            if len(topic.code) not in (2, 4, 6) or not topic.code.isdigit():
                raise ValueError(
                    f"{topic.code!r} is no code: two digits for each of at most 3 levels"
                )
            if topic.above and topic.above not in self.topics:
                raise ValueError(
                    f"{topic.code} {topic.zh} stands under {topic.above}, which is missing"
                )
        strangers = sorted(set(names.values()) - set(self.topics))
        if strangers:
            raise ValueError(f"names point at codes that do not exist: {', '.join(strangers)}")
        self._names = {topic.zh: topic.code for topic in topics} | dict(names)
        self._heard: dict[str, Counter[str]] | None = None

    def find(self, label: str) -> Topic | None:
        """Return the topic of a code or of a name in use (also another city's), or None."""
        return self.topics.get(self._names.get(label, label))

    def under(self, code: str) -> tuple[Topic, ...]:
        """Return the topics one level below."""
        return tuple(topic for topic in self.topics.values() if topic.above == code)

    def finer(self, code: str, said: Sequence[str]) -> Topic | None:
        """Return the topic below `code` whose name and samples share most words with a message.

        A suggestion for a person, never certified; None when nothing fits.
        """
        if self._heard is None:
            self._heard = _heard(self)
        have = Counter(said)
        best: Topic | None = None
        most = ENOUGH
        for topic in self.topics.values():
            if topic.above and topic.code.startswith(code) and len(topic.code) > len(code):
                sample = self._heard.get(topic.code, Counter())
                points = sum(min(have[word], 3) * len(word) for word in sample if word in have)
                shared = points / (8 + sample.total()) ** 0.5
                if shared > most:
                    best, most = topic, shared
        return best


def mapped(code: str, changes: Mapping[str, str], codes: Codes) -> Topic:
    """Return the topic that a code of an older version means now; `changes` maps old codes to new.

    A chain of renamings is followed; raises KeyError naming the code when it leads nowhere.
    """
    seen = []
    while code in changes and code not in seen:
        seen.append(code)
        code = changes[code]
    if code in seen or code not in codes.topics:
        raise KeyError(
            f"code {code} means nothing in version {codes.version}; add it to the mapping"
        )
    return codes.topics[code]


def read_codes(version: str, table: str, names: str) -> Codes:
    """Read `code,zh,en` and `name,code` (texts of two CSV files) as one version of the topics."""
    topics = [Topic(row["code"], row["zh"], row["en"]) for row in csv.DictReader(StringIO(table))]
    return Codes(version, topics, {r["name"]: r["code"] for r in csv.DictReader(StringIO(names))})


@cache
def shipped() -> Codes:
    """Return the topics that we wrote: 15 of the first level, some 60 and 120 below."""
    return read_codes(VERSION, _read("codes.csv"), _read("names.csv"))


def samples() -> tuple[tuple[str, str], ...]:
    """Return (code of level 2, message) of the seed set: messages that we made up ourselves."""
    return _lines("seed.csv")


def formal() -> tuple[tuple[str, str], ...]:
    """Return more of our own messages, worded at length as people write to a leader's letterbox."""
    return _lines("seed_formal.csv")


def _lines(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((r["code"], r["text"]) for r in csv.DictReader(StringIO(_read(name))))


def _heard(codes: Codes) -> dict[str, Counter[str]]:
    heard = {topic.code: Counter(_long(topic.zh)) for topic in codes.topics.values()}
    for code, text in samples():
        if code in heard:
            heard[code].update(_long(text))
    return heard


def _long(text: str) -> list[str]:
    return [word for word in words(text) if len(word) > 1]


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
