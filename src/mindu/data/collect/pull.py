"""A pull: rows flow from a reader through the sieve into the store, some at a time."""

from collections.abc import Callable, Iterable, Mapping

import msgspec
import pyarrow as pa

from mindu.data.collect.ahead import ahead
from mindu.data.collect.declare import Source, span
from mindu.data.collect.part import Account, Broken, Cursor, Fault, Reader
from mindu.data.collect.sift import Sieve, Sifted
from mindu.data.collect.store import Holding, Pull

BATCH = 250_000  # rows that wait in memory before they are durable
ENOUGH = 1_000  # rows after which the share of broken ones is weighed
See = Callable[[Pull], None]


class WrongSource(ValueError):  # noqa: N818 - it is told to a person
    """So many rows are broken that this is likely not what was declared."""


def pull(
    holding: Holding,
    reader: Reader,
    now: Callable[[], int],
    *,
    see: See = lambda _: None,
    batch: int = BATCH,
    fresh: bool = False,
) -> Pull:
    """Pull a source to its end, or go on where the last pull was cut off.

    `now` gives the epoch ms; `see` is told after each batch; `fresh` drops what was begun. The
    reader is one part ahead at most, so a slow disk slows the source down and memory stays flat.

    Raises:
        Broken: the source died; what came before it is kept, and the next pull goes on.
        WrongSource: too many rows are broken.
        ValueError: the source has not the columns that were declared.
        OSError: the disk is full; nothing of this pull is seen, and the next goes on.
    """
    source = holding.source
    begun = holding.begin(now(), fresh=fresh)
    run = _Run(holding, begun, see, batch)
    try:
        with ahead(reader.parts(begun.cursor, begun.floor)) as parts:
            for part in parts:
                run.take(part.cursor, run.sieve.sift(part))
                _weigh(source, run.reached.account)
        run.keep()
    except (ValueError, Broken) as wrong:
        if isinstance(wrong, Broken):
            run.keep()
        holding.stop(run.kept, str(wrong))
        raise
    done = holding.finish(run.kept, now())
    see(done)
    return done


class _Run:
    """What one run of a pull holds in memory."""

    def __init__(self, holding: Holding, begun: Pull, see: See, batch: int) -> None:
        self._holding, self._see, self._batch = holding, see, batch
        self.sieve = Sieve(holding.source, begun.number, begun.floor, begun.mark, holding.seal)
        self.kept = self.reached = begun
        self._tables: list[pa.Table] = []
        self._faults: list[Fault] = []
        self._waiting = 0

    def take(self, cursor: Cursor, sifted: Sifted) -> None:
        """Take what was sifted, and keep it when enough waits."""
        self._tables.append(sifted.table)
        self._faults += sifted.faults
        self._waiting += sifted.account.received
        self.reached = msgspec.structs.replace(
            self.reached, cursor=dict(cursor), mark=self.sieve.mark,
            account=self.reached.account.plus(sifted.account),
        )  # fmt: skip
        if self._waiting >= self._batch:
            self.keep()

    def keep(self) -> None:
        """Make what waits durable."""
        if self._waiting:
            self.kept = self._holding.keep(self.kept, self._tables, self._faults, self.reached)
            self.reached = self.kept
            self._tables, self._faults, self._waiting = [], [], 0
            self._see(self.kept)


def _weigh(source: Source, account: Account) -> None:
    if account.received >= ENOUGH and account.quarantined > source.broken * account.received:
        raise WrongSource(
            f"{account.quarantined} of {account.received} rows of {source.name} are broken: "
            "look at the quarantine, mend the declaration, or raise `broken`"
        )


def due(sources: Iterable[Source], last: Mapping[str, int], now: int) -> list[Source]:
    """Return the sources whose time has come; `last` is when each was pulled last (epoch ms)."""
    found = []
    for source in sources:
        if source.every:
            every = span(source.every).total_seconds() * 1000
            if now - last.get(source.name, -(1 << 62)) >= every:
                found.append(source)
    return found
