"""A house of three tables: pumps about nobody, patients about people, benches in public places."""

import atexit
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from mindu.base.records import Words
from mindu.brain.cases import Role
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import Officer
from mindu.brain.memory import Memory
from mindu.brain.opening.openings import Openings
from mindu.brain.opening.requests import Requests
from mindu.brain.sharing.kinds import KINDS
from mindu.data.catalog.book import Catalogue
from mindu.data.catalog.dataset import Dataset, Field, Grade, Type
from mindu.data.gateway.pool import Limits, Pool
from mindu.data.gateway.shelf import shelved
from mindu.data.log import Log

NOON = datetime(2026, 9, 16, 4, tzinfo=UTC)  # Wednesday 12:00 in the city
WATER, HEALTH = "350100-slj", "350100-wjw"
LIN = Officer("lin", "Lin", WATER, (Role.OFFICER,), ("*",))
WEI = Officer("wei", "Wei", HEALTH, (Role.OFFICER,), ("*",))
SMALL = Limits(seconds=4.0, memory=300 << 20, space=3 << 30, threads=1, children=1)


def field(name: str, of: Type, zh: str, **more: object) -> Field:
    return Field(name, of, Words(name, zh), **more)  # type: ignore[arg-type]


def dataset(name: str, zh: str, fields: Sequence[Field], **more: object) -> Dataset:
    told: dict[str, object] = {
        "name": name, "title": Words(name.capitalize(), zh), "owner": "Office", "theme": "water",
        "department": WATER, "fields": tuple(fields), "grade": Grade.INTERNAL, "cycle": "daily",
        "licence": "CC-BY-4.0", "basis": "order", "stored": f"file:{name}.parquet",
    }  # fmt: skip
    return Dataset(**{**told, **more})  # type: ignore[arg-type]


PUMPS = dataset("pumps", "泵站", [
    field("id", "text", "编号"), field("name", "text", "名称"),
    field("level", "number", "水位", unit="m"),
    field("at", "moment", "时间"), field("lon", "number", "经度"), field("lat", "number", "纬度"),
])  # fmt: skip
PATIENTS = dataset(
    "patients", "就诊", [
        field("patient", "text", "就诊人", grade=Grade.SENSITIVE),
        field("district", "text", "区县"),
        field("age", "whole", "年龄段"), field("cause", "text", "病因", grade=Grade.INTERNAL),
        field("cost", "number", "费用", unit="CNY"),
    ], department=HEALTH, grade=Grade.SENSITIVE, subject="patient", quasi=("district", "age"),
)  # fmt: skip
BENCHES = dataset("benches", "公园座椅", [
    field("park", "text", "公园"), field("where", "text", "地址"), field("call", "text", "电话"),
])  # fmt: skip
EVERY = {one.name: one for one in (PUMPS, PATIENTS, BENCHES)}
DISTRICTS = ("鼓楼", "台江", "仓山")


def pumps(count: int = 40) -> pa.Table:
    return pa.table({
        "id": [f"p{i}" for i in range(count)],
        "name": ["=cmd()" if i == 0 else f"泵站 {i}" for i in range(count)],
        "level": [i / 10 for i in range(count)],
        "at": [NOON.replace(tzinfo=None, minute=i % 60) for i in range(count)],
        "lon": [119.2 + i / 1000 for i in range(count)],
        "lat": [26.0 + i / 1000 for i in range(count)],
    })  # fmt: skip


def patients(*, lonely: int = 3, alike: int = 0) -> pa.Table:
    """Return ten patients of each district and age; some lonely ones, and some of one cause."""
    told: dict[str, list[object]] = {f.name: [] for f in PATIENTS.fields}
    rows = [(d, a, f"c{i % 3}") for d in DISTRICTS for a in (20, 40) for i in range(10)]
    rows += [("马尾", 90, f"c{i}") for i in range(lonely)]
    rows += [("晋安", 60, "only")] * alike
    for i, (district, age, cause) in enumerate(rows):
        for name, value in zip(told, (f"n{i}", district, age, cause, 1.5 * i), strict=True):
            told[name].append(value)
    return pa.table(told)


def benches() -> pa.Table:
    return pa.table({
        "park": ["西湖公园", "左海公园"] * 5,
        "where": ["福州市鼓楼区湖滨路70号"] * 10, "call": ["0591-87654321"] * 10,
    })  # fmt: skip


def lay(folder: Path, name: str, table: pa.Table) -> None:
    pq.write_table(table, folder / f"{name}.parquet")


class House:
    """The office, the openings and the requests over one log and one folder of tables."""

    def __init__(self, log: Log | None = None) -> None:
        self.pool = pool()
        lay(self.pool.folder, "pumps", pumps())
        lay(self.pool.folder, "patients", patients())
        lay(self.pool.folder, "benches", benches())
        self.memory = Memory(Log.open(":memory:") if log is None else log, {}, seed=0)
        self.office = Office(self.memory, KINDS)
        self.book = Catalogue(None)
        self.book.put(EVERY.values(), now=0, by="test")
        self.openings = Openings(
            self.office,
            EVERY,
            where=lambda one: shelved(one, self.pool.folder, None),
            run=self.pool.run,
        )
        self.requests = Requests(self.office, self.book.alike)


@cache
def pool() -> Pool:
    """Return the one engine of all these tests, over a folder that goes with them."""
    folder = TemporaryDirectory(prefix="lake")
    held = Pool(Path(folder.name), SMALL)
    atexit.register(folder.cleanup)
    atexit.register(held.close)
    return held
