"""Orders carried out: by the line that serves, or by a command that opens the log itself."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from mindu.base.records import Table
from mindu.base.time import Clock
from mindu.brain.brain import Brain
from mindu.brain.cases import Role
from mindu.brain.casework.dispatch import CERTIFICATES, lay_duties
from mindu.brain.casework.forwarding import COLUMNS, read
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import Officer
from mindu.brain.casework.rounds import dissolve
from mindu.cli.counter.beside import Bring, Dissolve, Do, Duty, Lay, Order, Put, Renew, ask
from mindu.cli.counter.house import KIND, opened
from mindu.cli.counter.laid import lay
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.old import bring

CARD = "model"
CARD_COLUMNS = ("version", "made", "origin", "data", "examples", "groups", "macro_f1", "accuracy",
                "way", "file")  # fmt: skip


def give(folder: Path, order: Order) -> Mapping[str, str]:
    """See to an order, beside the line where one serves, else by opening the log; tell of it.

    Raises:
        Trouble: it was refused, or somebody else holds the log.
        ValueError: a table cannot be read.
    """
    with giving(folder) as give_one:
        return give_one(order)


@contextmanager
def giving(folder: Path) -> Iterator[Do]:
    """Yield what sees to many orders, one after the other; the log is opened once at most."""
    with ExitStack() as held:
        own: list[tuple[Brain, Counter]] = []

        def give_one(order: Order) -> Mapping[str, str]:
            told = None if own else ask(folder, order)
            if told is not None:
                return told
            if not own:
                own.append(held.enter_context(opened(folder)))
            return carry_out(*own[0], order)

        yield give_one


def carry_out(
    brain: Brain, counter: Counter, order: Order, renewed: Callable[[], None] | None = None
) -> Mapping[str, str]:
    """Write what an order wants; durable when this returns what there is to tell of it.

    Raises:
        ValueError: a table cannot be read, or has an overlap.
    """
    office, now = brain.office, counter.clock.now()
    told: Mapping[str, str] = {}
    if isinstance(order, Put):
        _put(office, order, now)
    elif isinstance(order, Duty):
        lay_duties(office, order.rows, kind=KIND.name, source=order.source, by=order.by, now=now)
    elif isinstance(order, Lay):
        told = lay(office, order.table, order.rows, source=order.source, by=order.by, now=now)
    elif isinstance(order, Dissolve):
        moved = dissolve(office, order.unit, order.successor, chief(order.by), now=now)
        told = {"moved": str(len(moved))}
    elif isinstance(order, Bring):
        told = _bring(counter, order)
    else:
        _renew(brain, order, counter.clock)
        if renewed is not None:
            renewed()
    brain.log.commit()
    return told


def chief(name: str) -> Officer:
    """Return the clerk of the command line, who may send any case away from a unit."""
    return Officer(name, roles=(Role.DISPATCHER, Role.ARBITER, Role.SUPERVISOR), areas=("*",))


def _put(office: Office, order: Put, now: datetime) -> None:
    laid = office.memory.tables.get(order.table)
    kept = tuple(row for row in (laid.table.rows if laid else ()) if row[0] != order.row[0])
    table = Table(order.columns, (*kept, order.row), order.by)
    office.lay(order.table, table, by=order.by, now=now)


def _bring(counter: Counter, order: Bring) -> Mapping[str, str]:
    aside: list[Mapping[str, str]] = []
    account = bring(counter, KIND.name, order.rows, order.how, aside.append)
    return {name: msgspec.json.encode(told).decode()
            for name, told in (("account", account), ("aside", aside))}  # fmt: skip


def _renew(brain: Brain, order: Renew, clock: Clock) -> None:
    now = clock.now()
    read(order.certificates)  # one that its own figures do not bear out is refused
    brain.office.lay(CARD, Table(CARD_COLUMNS, (order.card,), order.by), by=order.by, now=now)
    table = Table(COLUMNS, order.certificates, order.by)
    brain.office.lay(CERTIFICATES, table, by=order.by, now=now)
