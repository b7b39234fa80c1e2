"""Words that series tell: each text, or other JSON, has a number, and the series holds that.

So words go the way of all readings: one journal, one account, one table, corrected and forgotten
alike. Numbers of words lie where no reading is, below -2^52, so a series may tell both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
import numpy as np

from mindu.data.arrays import Floats, Ints, Truths
from mindu.data.senses.registry import Registry
from mindu.perceive.declare import Form
from mindu.perceive.said import Said

LOWEST = -(1 << 52)  # the number of the first word; that of the next is one less
MOST = 1_000_000  # words that are told apart
LONGEST = 4_000  # characters of one, as JSON
ROOM = 64 << 20  # characters of all
CODED = {Form.WORDS, Form.ANY}  # forms whose series hold words
_TOLD = msgspec.msgpack.Decoder(list[str])


@dataclass(slots=True)
class Fresh:
    """Words that are told for the first time, with the place that each will have."""

    places: dict[str, int] = field(default_factory=dict)
    size: int = 0


class Words:
    """Every word that was ever told, by its number."""

    def __init__(self) -> None:
        """Know none."""
        self.told: list[str] = []
        self._places: dict[str, int] = {}
        self._size = 0

    def number(self, word: str, fresh: "Fresh") -> float:
        """Return the number of a word; a new one goes into `fresh`. NaN where there is no room."""
        place = self._places.get(word, fresh.places.get(word, -1))
        if place < 0:
            place, size = len(self.told) + len(fresh.places), fresh.size + len(word)
            if len(word) > LONGEST or place >= MOST or self._size + size > ROOM:
                return float("nan")
            fresh.places[word], fresh.size = place, size
        return float(LOWEST - place)

    def of(self, value: float) -> Any:  # noqa: ANN401 - any JSON
        """Return the word that a number stands for, or the number itself."""
        place = LOWEST - int(value) if value <= LOWEST else -1
        return msgspec.json.decode(self.told[place]) if 0 <= place < len(self.told) else value

    def text(self, value: float) -> str | None:
        """Return the word that a number stands for, as JSON; None where it stands for none."""
        place = LOWEST - int(value) if value <= LOWEST else -1
        return self.told[place] if 0 <= place < len(self.told) else None

    # -- folding ---------------------------------------------------------------------------

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for word in _TOLD.decode(body):
            if word not in self._places:
                self._places[word] = len(self.told)
                self.told.append(word)
                self._size += len(word)

    def dump(self) -> bytes:
        """Return the state."""
        return encode(self.told)

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        self.told, self._places, self._size = [], {}, 0
        self.count(told)


def encode(words: Sequence[str]) -> bytes:
    """Return words as the body of a frame."""
    return msgspec.msgpack.encode(list(words))


def is_text(word: str) -> bool:
    """Say whether a word, which is JSON, is a text."""
    return word.lstrip().startswith('"')


def plain(value: object) -> str:
    """Return a value as the JSON that it is known by."""
    return msgspec.json.encode(value, order="sorted").decode()


def coded(registry: Registry) -> Truths:
    """Say of every series whether it holds words: there is no mean of those."""
    told = np.array([it.form in CODED for it in registry.decls], bool)
    if not told.any():
        return np.zeros(len(registry.series), bool)
    found: Truths = told[registry.series["decl"]]
    return found


def worded(
    said: Sequence[Said], series: Ints, value: Floats, registry: Registry, words: Words
) -> tuple[Floats, Sequence[str]]:
    """Return values with the numbers of what is told in words, and the words that are new."""
    value, fresh, start = value.copy(), Fresh(), 0
    for one in said:
        for row, word in (one.words or {}).items():
            of = int(series[start + row])
            form = registry.prop(of).form if of >= 0 else Form.NUMBER
            if form is Form.ANY or (form is Form.WORDS and is_text(word)):
                value[start + row] = words.number(word, fresh)
        start += len(one)
    return value, tuple(fresh.places)


def wordless(said: Sequence[Said], series: Ints, registry: Registry) -> Truths:
    """Say which rows tell something else than a text to a series of words."""
    found = np.zeros(len(series), bool)
    if not registry.texts.any():
        return found
    known = np.flatnonzero(series >= 0)
    found[known] = registry.texts[registry.series["decl"][series[known]]]
    start = 0
    for one in said:
        texts = [start + row for row, word in (one.words or {}).items() if is_text(word)]
        found[texts] = False
        start += len(one)
    return found


def shown(words: Words, form: Form, value: float) -> Any:  # noqa: ANN401 - any JSON
    """Return what a series tells by a number, in its form."""
    if form in CODED:
        return words.of(value)
    if form is Form.TRUTH and value in (0.0, 1.0):
        return bool(value)
    return int(value) if form is Form.COUNT and value == value // 1 else value


class Telling(Protocol):
    """What tells in words: a store with its register."""

    words: Words
    registry: Registry


def told_as(store: Telling, series: int, value: float) -> Any:  # noqa: ANN401 - any JSON
    """Return what a series tells by one of its numbers."""
    return shown(store.words, store.registry.prop(series).form, value)


def measured(store: Telling, series: int) -> None:
    """Refuse to reckon with a series of words.

    Raises:
        ValueError: it tells words, of which there is no mean and no outlook.
    """
    prop = store.registry.prop(series)
    if prop.form in CODED:
        raise ValueError(f"{prop.name} tells {prop.form}, no numbers: ask for a window")


def all_shown(words: Words, form: Form, value: Floats) -> list[Any]:
    """Return what a series tells by many numbers."""
    many = value.tolist()
    return many if form is Form.NUMBER else [shown(words, form, it) for it in many]


def texts(words: Words, value: Floats) -> Mapping[int, str]:
    """Return of each row that stands for a word the word, as JSON."""
    rows = np.flatnonzero(value <= LOWEST).tolist()
    found = ((row, words.text(float(value[row]))) for row in rows)
    return {row: word for row, word in found if word is not None}
