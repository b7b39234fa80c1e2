"""Points: many asks at once, each about one person or firm, each ruled and receipted by itself.

The rows of all who see alike come from one query, and all receipts go to disk in one transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import msgspec
import pyarrow as pa

from mindu.base.records import Receipt
from mindu.data.gateway.allow import Refused, refused
from mindu.data.gateway.answer import Answer, Ruled
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.quota import Place
from mindu.data.gateway.scan import WITNESS
from mindu.data.grants.ask import Ask
from mindu.data.grants.policies import Ruling

MOST = 5_000  # asks of one batch


def points(
    gateway: Gateway, dataset: str, asks: Sequence[tuple[Ask, str]]
) -> list[Answer | Refused]:
    """Answer each ask about the person named beside it, in order; a no stands in its place.

    Raises:
        Refused: the batch is too big, or a query of it failed; then nothing went out.
    """
    if len(asks) > MOST:
        raise refused(f"ask for at most {MOST} at once", f"一次至多 {MOST} 条")
    now, ruler = gateway.clock.now(), _Ruler(gateway, dataset)
    try:
        told, found, written = _found(gateway, dataset, asks, ruler, now)
    except BaseException:
        gateway.give(ruler.places)
        raise
    numbers = gateway.write(written, now, ruler.places)
    return [
        said if isinstance(said, Refused) else Answer(rows, False, number, receipt.duties)  # noqa: FBT003
        for (_, said), rows, number, receipt in zip(told, found, numbers, written, strict=True)
    ]


def _found(
    gateway: Gateway, dataset: str, asks: Sequence[tuple[Ask, str]], ruler: "_Ruler", now: datetime
) -> tuple[list[tuple[Ask, list[Ruling] | Refused]], list[pa.Table], list[Receipt]]:
    """Return each ask as it was ruled, its rows, and its receipt, not signed yet."""
    told: list[tuple[Ask, list[Ruling] | Refused]] = []
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for ask, subject in asks:
        whole = msgspec.structs.replace(
            ask, action="read", datasets=(dataset,), subject=gateway.cloak(subject), says="point"
        )
        try:
            rulings = ruler.ruled(whole, now)
        except Refused as no:
            told.append((whole, no))
            continue
        key = (whole.who, whole.purpose, rulings[0].duties)
        alike[key].append(len(told))
        told.append((whole, rulings))
    found = [_EMPTY] * len(asks)
    for places in alike.values():
        _fetch(gateway, dataset, asks, told, places, found)
    written = []
    for (ask, said), rows in zip(told, found, strict=True):
        if isinstance(said, Refused):
            ruling = (said.ruling,) if isinstance(said, Ruled) else ()
            written.append(gateway.receipt(ask, ruling, now, reason=said.reason))
        else:
            receipt = gateway.receipt(ask, said, now)
            written.append(msgspec.structs.replace(receipt, rows=rows.num_rows))
    return told, found, written


_EMPTY = pa.table({})


class _Ruler:
    """Rules the asks of one batch: what is alike for the policies is ruled once, and held."""

    def __init__(self, gateway: Gateway, dataset: str) -> None:
        self._gateway, self._dataset = gateway, dataset
        self._known: dict[tuple[object, ...], list[Ruling]] = {}
        self.places: list[Place] = []  # uses that are held until the receipts are written

    def ruled(self, ask: Ask, now: datetime) -> list[Ruling]:
        """Return the rulings of an ask; its own reference is looked at each time.

        Raises:
            Refused: something is lacking, a policy says no, or the quota is up.
        """
        key = (ask.who, ask.purpose, ask.basis, ask.reference.partition(":")[0], bool(ask.subject))
        rulings = self._known.get(key)
        if rulings is None:
            rulings, places = self._gateway.ruled(ask, now)
            self._known[key] = rulings
        else:
            self._gateway.founded(ask, now)
            places = self._gateway.hold(ask, rulings, now)
        self.places += places
        return rulings


def _fetch(
    gateway: Gateway, dataset: str, asks: Sequence[tuple[Ask, str]],
    told: Sequence[tuple[Ask, list[Ruling] | Refused]], places: list[int], found: list[pa.Table],
) -> None:  # fmt: skip
    """Fetch the rows of all who see alike by one query, and part them."""
    first, rulings = told[places[0]]
    assert isinstance(rulings, list)
    planned = gateway.plan(first, rulings, f"FROM {dataset}", None)
    held = gateway.dataset(dataset)
    wanted = {place: gateway.named(held, asks[place][1]) for place in places}
    names = ", ".join(map(_text, wanted.values()))
    among = f"SELECT * FROM ({planned}) WHERE {WITNESS} IN ({names}) ORDER BY {WITNESS}"  # noqa: S608
    rows = gateway.pool.run(among)
    who = rows.column(WITNESS).to_pylist()
    plain = gateway.open(first, rulings, rows.drop_columns([WITNESS]))
    spans: dict[str, tuple[int, int]] = {}
    for i, name in enumerate(who):
        spans[name] = (spans.get(name, (i, 0))[0], i + 1)
    for place in places:
        low, high = spans.get(wanted[place], (0, 0))
        found[place] = plain.slice(low, high - low)


def _text(told: str) -> str:
    """Return a word as SQL's own text: between quotes, each quote in it doubled."""
    return "'" + told.replace("'", "''") + "'"
