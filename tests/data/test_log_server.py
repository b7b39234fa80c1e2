"""PostgreSQL under a log: it dies, restarts, loses an answer, is taken over; nothing is doubled."""

from collections import Counter
from collections.abc import Iterator
from threading import Barrier, Thread

import psycopg
import pytest
from cutting import Line
from gauges import START, fresh, level, write
from servers import Server, changing, drop, on_server, server

from mindu.base.records import Event
from mindu.data.book import postgres
from mindu.data.log import Log

THREADS, EACH = 3, 60


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """Start a server of our own, which may die."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def address() -> Iterator[str]:
    """Give the address of a new log."""
    with on_server() as where:
        yield where


def did(log: Log) -> Counter[tuple[object, object]]:
    """Count what was written by whom."""
    return Counter(
        (e.record.args["thread"], e.record.args["i"]) for e in log if isinstance(e.record, Event)
    )


def busy(log: Log, acknowledged: list[tuple[int, int, int]], some: Barrier) -> list[Thread]:
    """Let several threads write, each entry committed by itself; all meet after some of them."""

    def work(thread: int) -> None:
        for i in range(EACH):
            event = Event("did", {"thread": thread, "i": i})
            entry = log.append(event, at=START, about="x", by="t")
            log.commit()
            acknowledged.append((entry.seq, thread, i))
            if i == 5:
                some.wait()

    threads = [Thread(target=work, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize("how", ["fast", "immediate", "killed"])
def test_a_server_that_goes_in_the_middle_of_writing_loses_and_doubles_nothing(
    how: str, own: Server
) -> None:
    where = f"{own.url}#{how}"
    acknowledged: list[tuple[int, int, int]] = []
    with Log.open(where) as log:
        some = Barrier(THREADS + 1)
        threads = busy(log, acknowledged, some)
        some.wait()
        if how == "killed":
            own.kill()
            own.start()
        else:
            own.restart(how)
        for thread in threads:
            thread.join()
        assert len(acknowledged) == len(log) == THREADS * EACH
        log.verify()
    with Log.open(where) as log:
        log.verify()
        assert set(did(log).values()) == {1}
        for seq, who, i in acknowledged:
            assert log[seq].record == Event("did", {"thread": who, "i": i})


def test_an_answer_that_was_lost_on_the_line_does_not_double_what_had_arrived(
    address: str,
) -> None:
    line = Line(address)
    with Log.open(line.url) as log:
        for i in range(30):
            log.append(Event("did", {"thread": 0, "i": i}), at=START, about="x", by="t")
            log.store([level(f"g{i}", 1.0)], now=START, by="s")
            log.keep("series", len(log), b"state")
            line.armed = i % 3 == 0
            log.commit()
            assert log.durable == len(log)
        log.verify()
    assert line.cut == 10
    line.close()
    with Log.open(address) as log:
        log.verify()
        assert (len(log), set(did(log).values())) == (60, {1})


def test_a_server_that_stays_away_is_said_and_all_goes_out_when_it_is_back(
    own: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_S", 0.3)
    where = f"{own.url}#away"
    with Log.open(where) as log:
        write(log, 60)
        own.stop("immediate")
        log.append(Event("while away"), at=START, about="x", by="t")
        for _ in range(2):
            with pytest.raises(OSError, match=r"cannot be reached .*nothing that was acknow"):
                log.commit()
        assert (log.durable, len(log)) == (60, 61)
        own.start()
        log.append(Event("back"), at=START, about="x", by="t")
        log.commit()
        log.verify()
    with Log.read(where) as log:
        assert [e.record for e in log.since(60)] == [Event("while away"), Event("back")]


def test_a_writer_that_was_cut_off_never_writes_over_another(address: str) -> None:
    with Log.open(address) as log:
        write(log, 20)
        with changing(address) as db:
            db.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype='advisory'"
                       " AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name=%s)",
                       (log._store._name,))  # type: ignore[attr-defined]  # fmt: skip
        with Log.open(address) as other:
            other.append(Event("by the other"), at=START, about="x", by="t")
            other.commit()
        log.append(Event("too late"), at=START, about="x", by="t")
        for _ in range(2):
            with pytest.raises(RuntimeError, match="another writer has written"):
                log.commit()
        log._tail.take()  # it can never be written: only so may the log be closed here
    with Log.read(address) as reader:
        reader.verify()
        assert reader[-1].record == Event("by the other")


def test_a_commit_is_on_the_disk_of_the_server_whatever_the_database_says(own: Server) -> None:
    with psycopg.connect(own.url, autocommit=True) as db:
        db.execute("ALTER DATABASE postgres SET synchronous_commit = off")
    with Log.open(f"{own.url}#sure") as log:
        assert log._store.all("SHOW synchronous_commit") == [("on",)]
    with psycopg.connect(own.url, autocommit=True) as db:
        db.execute("ALTER DATABASE postgres RESET synchronous_commit")


def test_any_name_of_a_device_is_kept(address: str) -> None:
    with Log.open(address) as log:
        log.store([level("a\0b 闸", 1.0)], now=START, by="s")
        log.commit()
    with Log.open(address) as log:
        log.verify()
        found = log.block(0)
        assert found is not None
        assert [row[1] for row in found.rows()] == ["a\0b 闸"]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("postgresql://u:secret7@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql://u:secret7@127.0.0.1:port/x", "cannot be reached"),
        ("postgresql://u:secret7@[127/x", "no address of PostgreSQL"),
        ("postgresql://u:secret7@127.0.0.1", "no address of PostgreSQL"),
        ("postgresql://u:secret7@127.0.0.1/x#DROP", "cannot name a log"),
        ("postgresql://u:secret7@127.0.0.1/x?y=z", "address cannot be read"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_its_password(where: str, said: str) -> None:
    with pytest.raises((OSError, ValueError), match=said) as caught:
        Log.open(where)
    told = [str(caught.value), repr(caught.value), str(caught.value.__cause__)]
    assert not any("secret7" in one for one in told)


def test_a_schema_that_is_no_log_is_left_alone() -> None:
    with on_server() as where:
        with changing(where) as db:
            name = where.partition("#")[2]
            db.execute(f'CREATE SCHEMA "{name}" CREATE TABLE entry(x int)')
        with pytest.raises(ValueError, match="no log of this house"):
            Log.open(where)
    with pytest.raises(OSError, match="is it there"):
        Log.read(f"{server()}#nowhere")


def test_a_database_that_is_not_there_is_said() -> None:
    with pytest.raises(OSError, match='"nowhere" does not exist'):
        Log.open(server().rpartition("/")[0] + "/nowhere")


def test_two_logs_of_one_database_know_nothing_of_each_other(address: str) -> None:
    other = f"{address}.other"
    fresh(address, 40)
    with Log.open(address) as log, Log.open(other) as beside:
        write(beside, 10)
        assert (len(log), len(beside)) == (40, 10)
        log.verify()
        beside.verify()
    drop(other)
