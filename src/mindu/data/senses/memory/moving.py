"""Moving: the tail goes to the tables while more is taken in, and is found once meanwhile."""

from pathlib import Path
from threading import RLock
from typing import Protocol

from mindu.data.senses.beside.amended import Amended
from mindu.data.senses.beside.words import Words, coded
from mindu.data.senses.intake import Intake
from mindu.data.senses.journal import Journal
from mindu.data.senses.memory.corrected import add_words, bring_up
from mindu.data.senses.memory.following import follow
from mindu.data.senses.memory.rolls import Rolls
from mindu.data.senses.memory.table import Readings
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import NO_ROWS, Rows


class Store(Protocol):
    """What rows are moved in."""

    folder: Path
    lock: RLock
    journal: Journal
    registry: Registry
    intake: Intake
    table: Readings
    rolls: Rolls
    amended: Amended
    words: Words
    moving: Rows  # rows on their way into the tables


def move(store: Store, now: int) -> bool:
    """Move the tail to the tables (`now`: epoch ms); say whether there was one.

    Raises:
        OSError: the disk refuses; the rows stay in the journal and in memory.
    """
    with store.lock:
        rows, end, upto = store.intake.tail.all(), store.journal.end, store.amended.total
        store.moving = rows
        store.intake.tail.clear()
    try:
        if rows:
            into_tables(store, rows, end, now)
    except BaseException:
        with store.lock:
            if store.table.delta.position < end:
                store.intake.tail.add(rows)
        raise
    finally:
        with store.lock:
            store.moving = NO_ROWS
    bring_up(store.folder, store.amended, now)
    add_words(store.folder, store.words, now)
    follow(store, upto, now)
    return bool(rows)


def move_again(store: Store, end: int) -> None:
    """Move what the journal said up to `end`, as a start comes back to it."""
    into_tables(store, store.intake.tail.all(), end, store.intake.latest_arrival)
    store.intake.tail.clear()


def into_tables(store: Store, rows: Rows, end: int, now: int) -> None:
    """Put rows into both tables, which then hold all of the journal up to `end`."""
    if store.rolls.delta.position < end:
        series, words = store.registry.series, coded(store.registry)
        sums = rows.take(~words[rows.series]) if words.any() else rows
        group = store.registry.devices["group"][series["device"][sums.series]].astype("i8")
        store.rolls.add(sums, group, series["prop"][sums.series].astype("i8"), end, now)
    new = store.table.written(rows)
    with store.lock:  # whoever reads finds each row once: on its way, or in a piece
        store.table.change(new, [], now, end)
        store.moving = NO_ROWS
