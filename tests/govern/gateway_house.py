"""A gateway over made-up calls: what must never come out bears a mark that no answer may hold."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from govern_house import CALLS, CATALOGUE, LIN, NOON, OTHER, TERMS, House, ask

from mindu.base.records import Receipt, Words
from mindu.base.seal import signer
from mindu.base.time import VirtualClock
from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.data.gateway.answer import Answer
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.pool import Limits, Pool
from mindu.data.grants.ask import Ask, User
from mindu.data.grants.duties import Duties
from mindu.data.log import Log
from mindu.data.vault import Vault

KEY = signer("sha256-ed25519", bytes(range(32)))
LONELY = 777.25  # minutes of the only caller of a small group
LEAKS = re.compile(r"SECRET|ELSEWHERE|13[89]\d{8}|root:|daemon")  # of single rows
LEAKS_OF_GROUPS = re.compile(r"SECRET|13[89]\d{8}|777\.25|rare|root:|daemon")
STATION = Dataset(
    name="stations",
    title=Words("Stations", "泵站"),
    owner="Water",
    department="350100-slj",
    theme="water",
    fields=(Field("id", "text", Words("Id", "编号")), Field("level", "number", Words("L", "水位"))),
    grade=Grade.OPEN,
    cycle="daily",
    licence="CC-BY-4.0",
    basis="order",
    stored="file:stations.parquet",
)
GROUPED = msgspec.structs.replace(CALLS, name="grouped")
DISTRICTS = ("350102", "350103", "350104")
SMALL = Limits(seconds=4.0, memory=300 << 20, space=3 << 30, threads=1, children=1)


def rows(count: int = 3_000) -> pa.Table:
    """Return calls: one in three of district 350102, callers of twenty calls each."""
    told: dict[str, list[object]] = {name: [] for name in [f.name for f in CALLS.fields]}
    for i in range(count):
        district = DISTRICTS[i % 3]
        told["caller"].append(f"SECRET{i // 20}-{i % 3}")
        told["phone"].append(f"138{i:08d}")
        told["district"].append(district)
        told["topic"].append(f"t{i % 4}" if district == "350102" else f"ELSEWHERE{i % 4}")
        told["minutes"].append(float(i % 90))
        told["opened"].append(NOON.replace(tzinfo=None))
    lonely = ("SECRET-alone", "13900000001", "350102", "rare", LONELY, NOON.replace(tzinfo=None))
    for name, value in zip(told, lonely, strict=True):
        told[name].append(value)
    return pa.table(told)


def gateway(folder: Path, *, limits: Limits = SMALL, log: Log | None = None) -> Gateway:
    """Return a gateway whose other department may see calls masked, and groups of five."""
    pq.write_table(rows(), folder / "calls.parquet")
    pq.write_table(pa.table({"id": ["s1", "s2"], "level": [1.5, 2.5]}), folder / "stations.parquet")
    house = House(log)
    catalogue = {**CATALOGUE, "stations": STATION, "grouped": GROUPED}
    house.sharing._catalogue = catalogue
    masks = (("caller", "token"), ("phone", "middle"))
    plain = Duties(masks=masks, rows=("district = '350102'",))  # type: ignore[arg-type]
    grouped = Duties(group=5, keys=("district", "topic"))
    every = ("read", "query", "download")
    for name, duties in (("calls", plain), ("grouped", grouped)):
        terms = msgspec.structs.replace(TERMS, dataset=name, duties=duties, actions=every)
        case = house.sharing.ask(terms, by="wei", now=NOON).seq
        house.sharing.agree(case, LIN, now=NOON)
    return Gateway(
        book=house.memory, catalogue=catalogue, pool=Pool(folder, limits), key=KEY,
        cloak=Vault(None).subject, case=lambda number, _ask: number == 0, clock=VirtualClock(NOON),
        secret=b"tokens",
    )  # fmt: skip


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Gateway]:
    made = gateway(tmp_path)
    yield made
    made.pool.close()


def asking(sql: str, user: str = "wei", **change: object) -> Ask:
    return ask(who=User(user, OTHER), says=sql, **change)


def last(door: Gateway) -> Receipt:
    record = door.book.log[-1].record
    assert isinstance(record, Receipt)
    return record


def text(answer: Answer) -> str:
    return f"{answer.rows.column_names} {answer.rows.to_pylist()}"


Run = Callable[[str], Answer]
