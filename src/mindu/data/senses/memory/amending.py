"""Amending: a reading that stands is told anew or taken back, durably, with who did it and why."""

from collections.abc import Sequence
from contextlib import suppress
from math import isfinite, nan
from pathlib import Path
from threading import RLock
from typing import NamedTuple, Protocol

from mindu.data.senses.beside import folds
from mindu.data.senses.beside.amended import MOST, WORDS, Amended, Amendment, encode
from mindu.data.senses.beside.words import CODED, Fresh, Words, is_text
from mindu.data.senses.beside.words import encode as worded
from mindu.data.senses.memory import reads
from mindu.data.senses.memory.corrected import bring_up
from mindu.data.senses.memory.table import Readings
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import Rows
from mindu.perceive.declare import Form


class Wish(NamedTuple):
    """What a reading shall be from now on. `at`: epoch ms; `value` None: taken back.

    `word`: what it shall tell, as JSON, where that is no number.
    """

    series: int
    at: int
    value: float | None
    why: str = ""
    word: str = ""


class Store(Protocol):
    """What is amended."""

    folder: Path
    lock: RLock
    amended: Amended
    words: Words
    table: Readings
    registry: Registry
    now: Now

    def waiting(self) -> list[Rows]:
        """Return the sorted runs that the tables do not hold yet."""
        ...

    def commit(self, frames: list[tuple[int, bytes]]) -> None:
        """Make frames durable, then let them count."""
        ...


def amend(store: Store, wishes: Sequence[Wish], by: str, now: int) -> list[Amendment]:
    """Amend readings, all or none (`now`: epoch ms).

    Raises:
        KeyError: no such reading stands.
        ValueError: the value is no number, one is named twice, or there are too many amendments.
        OSError: the disk refuses; nothing is amended.
    """
    with store.lock:
        if store.amended.total + len(wishes) > MOST:
            raise ValueError(f"{MOST} readings are amended already: that is no exception any more")
        if len({(it.series, it.at) for it in wishes}) < len(wishes):
            raise ValueError("a reading is named twice: say once what it shall be")
        fresh = Fresh()
        told = [_made(store, _numbered(store, it, fresh), by, now) for it in wishes]
        if told:
            new = [(folds.WORDS, worded(list(fresh.places)))] if fresh.places else []
            store.commit([*new, (folds.AMENDED, encode(told))])
            with suppress(OSError):  # they are durable: the next flush brings the table up
                bring_up(store.folder, store.amended, now)
    return told


def _numbered(store: Store, it: Wish, fresh: Fresh) -> Wish:
    """Return a wish for a word as one for its number.

    Raises:
        ValueError: something else than a text is told where texts are.
    """
    prop = store.registry.prop(it.series)
    told = it.word or it.value is not None
    if told and prop.form is Form.WORDS and not is_text(it.word):
        raise ValueError(f"not a word: {prop.name} tells texts, so it is corrected by one")
    if not it.word:
        return it
    return it._replace(value=store.words.number(it.word, fresh) if prop.form in CODED else nan)


def _made(store: Store, it: Wish, by: str, now: int) -> Amendment:
    rows = reads.window(store, it.series, it.at, it.at)
    if not rows:
        raise KeyError(f"no reading of {store.registry.owner(it.series)} stands at {it.at}")
    if it.value is not None and not isfinite(it.value):
        words = store.registry.prop(it.series).form in CODED
        raise ValueError(f"a reading is a number{', or a word that there is room for' * words}")
    before = None
    if it.value is None and int(store.now.columns["at"][it.series]) == it.at:
        past = reads.last(store, it.series, 1, until=it.at - 1)
        before = (int(past.at[0]), float(past.value[0]), int(past.quality[0])) if past else None
    was, why = float(rows.value[0]), it.why[:WORDS]
    return Amendment(it.series, it.at, now, it.value, was, by, why, before)
