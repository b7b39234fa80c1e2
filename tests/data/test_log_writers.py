"""Many writers: threads that write at once share one flush of the disk."""

from collections.abc import Iterator
from threading import Barrier, Thread
from threading import Event as Flag

import pytest
from gauges import START, write

from mindu.base.records import Event
from mindu.data.book.store import Batch
from mindu.data.log import Log

WRITERS, EACH = 64, 12


def test_sixty_four_writers_each_find_their_entries_durable(place: str) -> None:
    log = Log.open(place)
    commits: list[int] = []
    write = log._store.write

    def counted(batch: Batch, *rest: int | bytes) -> None:
        commits.append(len(batch.entry))
        write(batch, *rest)  # type: ignore[arg-type]

    log._store.write = counted  # type: ignore[assignment]
    start = Barrier(WRITERS)
    broken: list[str] = []

    def work(writer: int) -> None:
        start.wait()
        for i in range(EACH):
            entry = log.append(Event("did", {"i": i}), at=START, about=f"w{writer}", by="t")
            log.commit()
            if log.durable <= entry.seq:
                broken.append(f"{writer} was told that {entry.seq} is durable")

    threads = [Thread(target=work, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    assert sum(commits) == len(log) == WRITERS * EACH
    assert len(commits) < len(log) / 4, "writers did not share their commits"
    log.verify()
    own = {f"w{n}": [e.record.args["i"] for e in log if e.about == f"w{n}"] for n in range(WRITERS)}  # type: ignore[union-attr]
    assert all(seen == list(range(EACH)) for seen in own.values())
    log.close()


def test_what_belongs_together_goes_out_together_whoever_flushes(place: str) -> None:
    log = Log.open(place)
    half: list[int] = []
    write = log._store.write

    def seen(batch: Batch, *rest: int | bytes) -> None:
        half.append(len(batch.entry) % 2)
        write(batch, *rest)  # type: ignore[arg-type]

    log._store.write = seen  # type: ignore[assignment]
    over = Flag()

    def flushes() -> None:
        while not over.is_set():
            log.commit()

    flusher = Thread(target=flushes)
    flusher.start()
    for i in range(300):
        with log.whole():
            for _ in range(2):
                log.append(Event("did", {"i": i}), at=START, about="w", by="t")
    over.set()
    flusher.join()
    log.commit()
    assert log.durable == 600
    assert set(half) == {0}, "a flush took one of two that belong together"
    log.close()


def read_until(log: Log, count: int) -> list[int]:
    """Walk the log again and again while it grows; return the lengths at which a hole was seen."""
    holes = []
    while len(log) < count:
        seen = [entry.seq for entry in log]
        if seen != list(range(len(seen))):
            holes.append(len(seen))
    return holes


def test_a_reader_never_sees_a_hole_while_others_write(place: str) -> None:
    log = Log.open(place)
    holes: list[int] = []

    def write() -> None:
        for i in range(400):
            log.append(Event("did", {"i": i}), at=START, about="x", by="t")
            if i % 20 == 0:
                log.commit()

    threads = [Thread(target=write), Thread(target=lambda: holes.extend(read_until(log, 400)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not holes
    log.close()


def test_a_reader_checks_one_moment_of_a_log_that_grows_beside_it(place: str) -> None:
    path = place
    log = Log.open(path)
    write(log, 300)
    growing = Thread(target=lambda: write(log, 600, since=300, group=5))
    growing.start()
    checks = 0
    while growing.is_alive() or not checks:
        with Log.read(path) as reader:
            reader.verify()
            assert 300 <= len(reader) == len([*reader]) <= 900
            reader.refresh()
            checks += 1
    growing.join()
    log.close()


def test_a_commit_that_the_disk_refuses_is_made_good_by_the_next(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log.open(place)

    def refused(*_: object) -> None:
        raise OSError("the disk refused")

    with monkeypatch.context() as broken:
        broken.setattr(log._store, "write", refused)
        for name in ("a", "b"):
            log.append(Event(name), at=START, about="x", by="t")
            with pytest.raises(OSError, match="the disk refused"):
                log.commit()
    assert log.durable == 0
    log.append(Event("c"), at=START, about="x", by="t")
    log.commit()
    log.verify()
    assert [e.record.name for e in log if isinstance(e.record, Event)] == ["a", "b", "c"]
    log.close()


def tried(log: Log, times: int) -> Iterator[tuple[int, bool]]:
    """Write so many entries; yield each with whether it was said to be durable, and check that."""
    for _ in range(times):
        entry = log.append(Event("did"), at=START, about="x", by="t")
        try:
            log.commit()
        except OSError:
            yield entry.seq, False
        else:
            assert log.durable > entry.seq
            yield entry.seq, True


def test_when_a_shared_flush_fails_each_writer_learns_it_or_is_served_by_another(
    place: str,
) -> None:
    log = Log.open(place)
    write, calls = log._store.write, []

    def flaky(batch: Batch, *rest: int | bytes) -> None:
        calls.append(len(batch.entry))
        if len(calls) % 3:
            raise OSError("the disk refused")
        write(batch, *rest)  # type: ignore[arg-type]

    log._store.write = flaky  # type: ignore[assignment]
    told: dict[int, bool] = {}  # entry -> what its writer was told of it
    threads = [Thread(target=lambda: told.update(tried(log, 20))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(told.values()) == {True, False}
    assert len(told) == 160, "a writer was told of durability too early"
    assert log._turns._waiting == 0
    log._store.write = write  # type: ignore[method-assign]
    log.commit()
    log.verify()
    assert log.durable == len(log) == 160
    log.close()
