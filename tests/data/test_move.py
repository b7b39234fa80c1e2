"""A move: a log goes to a server and back, whole, once, and cut off wherever it may be."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gauges import START, fresh, write
from servers import on_server

from mindu.base.records import Event
from mindu.base.time import DAY
from mindu.data.book import rooms
from mindu.data.book.address import on_server as at_server
from mindu.data.keeping import move as moving
from mindu.data.keeping.move import move
from mindu.data.log import Log

ENTRIES = 700


@pytest.fixture(params=["to the server", "to files"])
def ways(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Give a place with a log that has rows of every kind, and one where nothing is."""
    file = str(tmp_path / "city.mindu")
    with on_server() as server:
        source, target = (file, server) if request.param == "to the server" else (server, file)
        with Log.open(source) as log:
            write(log, ENTRIES)
            log.keep("twins", 500, b"a state")
            log.keep("twins", 900, b"a later state")
            log.commit()
            log.carry(START + 2 * DAY)
        yield source, target


def still(_done: int, _total: int) -> None:
    """Say nothing."""


def alike(_was: Log, _now: Log) -> None:
    """Check nothing more."""


@contextmanager
def pages(entries: int) -> Iterator[None]:
    """Let a page of a move be small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "PAGE", entries)
        yield


def facts(log: Log) -> tuple[object, ...]:
    entries = [*log]
    blocks = [None if (b := log.block(e.seq)) is None else [*b.rows()] for e in entries]
    return entries, blocks, log.head, log.root(), log.snapshots("twins"), log.after(7)


def test_all_of_a_log_is_there_afterwards_and_the_old_one_can_not_go_on(
    ways: tuple[str, str],
) -> None:
    source, target = ways
    with Log.read(source) as log:
        before = facts(log)
    told: list[tuple[int, int]] = []
    seen: list[int] = []
    with pages(100):
        done = move(
            source, target, lambda *far: told.append(far), lambda *both: seen.extend(map(len, both))
        )
    assert told[0] == (100, ENTRIES)
    assert told[-1] == (ENTRIES, ENTRIES)
    assert seen == [ENTRIES, ENTRIES]
    assert (done.entries, done.head, done.root) == (ENTRIES, before[2], before[3])
    assert done.counts["block"] == ENTRIES / 5
    with Log.open(target) as log:
        log.verify()
        assert facts(log) == before
        write(log, 30, since=ENTRIES)
        log.verify()
    assert not rooms.there(source)
    with Log.read(f"{source}.moved") as log:
        log.verify()
    with pytest.raises(ValueError, match="is not there: nothing was moved"):
        move(source, target, still, alike)
    fresh(source, 1)
    with pytest.raises(ValueError, match="is left of an earlier move"):
        move(source, target, still, alike)


def test_a_move_onto_a_log_is_refused(ways: tuple[str, str]) -> None:
    source, target = ways
    fresh(target, 3)
    with pytest.raises(ValueError, match="holds a log of 3 entries already; a log moves only to"):
        move(source, target, still, alike)
    with Log.open(source) as log, Log.open(target) as other:
        assert (len(log), len(other)) == (ENTRIES, 3)


def test_what_is_being_written_is_not_moved(ways: tuple[str, str]) -> None:
    source, target = ways
    with Log.open(source), pytest.raises(RuntimeError, match="held by another writer"):
        move(source, target, still, alike)
    assert not rooms.there(target)


def killed(work: Callable[[], object]) -> None:
    """Do it in a child that is to die by SIGKILL on the way."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


@pytest.mark.parametrize("at", [1, 3, 7])
def test_a_move_that_was_killed_goes_on_where_it_was(ways: tuple[str, str], at: int) -> None:
    source, target = ways
    with Log.read(source) as log:
        before = facts(log)
    left = [at]

    def die(_done: int, _total: int) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    with pages(100):
        killed(lambda: move(source, target, die, alike))
        with pytest.raises(RuntimeError, match="half moved: run `mindu move` again"):
            Log.open(target)
        told: list[int] = []
        move(source, target, lambda done, _: told.append(done), alike)
    assert told[:1] == ([100 * (at + 1)] if at < 7 else [])
    with Log.read(target) as log:
        log.verify()
        assert facts(log) == before


def test_a_move_that_failed_its_check_takes_no_name_and_may_be_tried_again(
    ways: tuple[str, str],
) -> None:
    source, target = ways

    def no(_was: Log, _now: Log) -> None:
        raise ValueError("comes out otherwise")

    with pytest.raises(ValueError, match="otherwise"):
        move(source, target, still, no)
    assert rooms.there(source)
    assert not rooms.there(target)
    move(source, target, still, alike)


def test_a_move_that_died_before_the_old_log_lost_its_name_is_ended(ways: tuple[str, str]) -> None:
    source, target = ways
    move(source, target, still, alike)
    rooms.rename(f"{source}.moved", source)
    done = move(source, target, still, alike)
    assert done.entries == ENTRIES
    assert not rooms.there(source)


def test_a_move_begun_by_another_log_is_not_gone_on_with(
    ways: tuple[str, str], tmp_path: Path
) -> None:
    source, target = ways
    with Log.open(f"{target}.moving") as log:
        log.append(Event("of another city"), at=START, about="x", by="t")
    with pytest.raises(ValueError, match="begun by another move"):
        move(source, target, still, alike)
    with pytest.raises(ValueError, match="is not there: nothing was moved"):
        move(str(tmp_path / "nowhere.mindu"), target, still, alike)
    assert at_server(source) != at_server(target)
