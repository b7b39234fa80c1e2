"""Orders carried out: by the line that serves, or by a command that opens the log itself."""

from collections.abc import Callable
from pathlib import Path

from mindu.base.records import Table
from mindu.base.time import Clock
from mindu.brain.brain import Brain
from mindu.brain.casework.dispatch import CERTIFICATES, lay_duties
from mindu.brain.casework.forwarding import COLUMNS, read
from mindu.cli.counter.beside import Duty, Order, Put, Renew, ask
from mindu.cli.counter.house import KIND, opened

CARD = "model"
CARD_COLUMNS = ("version", "made", "origin", "data", "examples", "groups", "macro_f1", "accuracy",
                "way", "file")  # fmt: skip


def give(folder: Path, order: Order) -> None:
    """See to an order: beside the line where one serves, else by opening the log.

    Raises:
        Trouble: it was refused, or somebody else holds the log.
        ValueError: a table cannot be read.
    """
    if ask(folder, order):
        return
    with opened(folder) as (brain, counter):
        carry_out(brain, counter.clock, order)


def carry_out(
    brain: Brain, clock: Clock, order: Order, renewed: Callable[[], None] | None = None
) -> None:
    """Write what an order wants; durable when this returns.

    Raises:
        ValueError: a table cannot be read, or has an overlap.
    """
    office, now = brain.office, clock.now()
    if isinstance(order, Put):
        laid = brain.memory.tables.get(order.table)
        kept = tuple(row for row in (laid.table.rows if laid else ()) if row[0] != order.row[0])
        table = Table(order.columns, (*kept, order.row), order.by)
        office.lay(order.table, table, by=order.by, now=now)
    elif isinstance(order, Duty):
        lay_duties(office, order.rows, kind=KIND.name, source=order.source, by=order.by, now=now)
    else:
        _renew(brain, order, clock)
        if renewed is not None:
            renewed()
    brain.log.commit()


def _renew(brain: Brain, order: Renew, clock: Clock) -> None:
    now = clock.now()
    read(order.certificates)  # one that its own figures do not bear out is refused
    brain.office.lay(CARD, Table(CARD_COLUMNS, (order.card,), order.by), by=order.by, now=now)
    table = Table(COLUMNS, order.certificates, order.by)
    brain.office.lay(CERTIFICATES, table, by=order.by, now=now)
