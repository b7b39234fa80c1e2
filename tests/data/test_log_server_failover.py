"""Two servers under one address: the standby takes over, and nothing acknowledged is lost."""

from collections.abc import Iterator

import psycopg
import pytest
from gauges import START
from servers import Server

from mindu.base.records import Event
from mindu.data.book.address import address
from mindu.data.log import Log


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """Start a server, and a standby that has each commit before it is acknowledged."""
    first = Server()
    second = Server(first)
    try:
        with psycopg.connect(first.url, autocommit=True) as link:
            link.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            link.execute("SELECT pg_reload_conf()")
        yield first, second
    finally:
        second.close()
        first.close()


def both(first: Server, second: Server) -> str:
    hosts = f"127.0.0.1:{first.port},127.0.0.1:{second.port}"
    return f"postgresql://postgres@{hosts}/postgres#city"


def written(log: Log, count: int) -> None:
    for number in range(count):
        log.append(Event("told", {"n": number}), at=START, about="x", by="t")
        log.commit()


def test_the_one_that_can_write_is_found_and_a_standby_takes_over(
    pair: tuple[Server, Server],
) -> None:
    first, second = pair
    for where in (both(first, second), both(second, first)):
        with Log.open(where) as log:
            written(log, 20)
    with Log.open(both(first, second)) as log:
        written(log, 20)
        first.kill()
        second.promote()
        with psycopg.connect(second.url, autocommit=True) as link:
            link.execute("ALTER SYSTEM RESET synchronous_standby_names")
            link.execute("SELECT pg_reload_conf()")
        written(log, 20)
        log.verify()
        assert log.durable == len(log) == 80
    with Log.read(both(first, second)) as log:
        log.verify()
        assert len(log) == 80


def test_an_address_of_several_servers_is_shown_whole_and_keeps_its_own_word() -> None:
    told = address("postgresql://m:secret@a:5432,b:5433/city")
    assert (told.several(), told.shown()) == (True, "postgresql://a:5432,b:5433/city#city")
    assert not address("postgresql://m@a/city").several()
    assert not address("postgresql://m@a,b/city?target_session_attrs=primary").several()
