"""Sources that the tests declare, and one way to pull them."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from mindu.data.collect.declare import Column, Csv, Read, Source
from mindu.data.collect.part import Fault
from mindu.data.collect.pull import pull
from mindu.data.collect.store import Holding, Pull, files, quarantined
from mindu.edge.collect.door import reader

COLUMNS = (
    Column(name="id", heading="编号", of="whole", required=True),
    Column(name="name", heading="名称", most=40),
    Column(name="level", heading="水位", of="number", unit="m", low=-5, high=20),
    Column(name="day", heading="日期", of="day"),
    Column(name="open", heading="开放", of="truth"),
)
HEAD = "编号,名称,水位(cm),日期,开放"


def gauges(path: Path, **more: Any) -> Source:  # noqa: ANN401 - any field of a source
    read = more.pop("read", None) or Csv(path=str(path), **more.pop("form", {}))
    return Source(**{"name": "gauges", "read": read, "columns": COLUMNS, **more})


def pulled(
    folder: Path, source: Source, *, batch: int = 250_000, fresh: bool = False, at: int = 1_000
) -> Pull:
    holding = Holding(folder, source)
    try:
        told = reader(source, Path("/"), folder.parent)
        return pull(holding, told, lambda: at, batch=batch, fresh=fresh)
    finally:
        holding.close()


class Killed(Exception):  # noqa: N818 - nothing is wrong
    """A pull is left as a kill would leave it."""


def cut_off(folder: Path, source: Source) -> Pull:
    """Pull, leave it after the first batch as a kill would, and pull again to the end."""
    holding = Holding(folder, source)

    def see(told: Pull) -> None:
        raise Killed(told.parts)

    with suppress(Killed):
        try:
            pull(holding, reader(source, Path("/"), folder.parent), lambda: 1, see=see, batch=1_000)
        finally:
            holding.close()
    running = msgspec.json.decode((folder / "pull.json").read_bytes(), type=Pull)
    assert 0 < running.account.received < 100_000, "it was not cut off half-way"
    return pulled(folder, source)


def rows(folder: Path, query: str = "SELECT * EXCLUDE (_pull, _row)") -> list[tuple[Any, ...]]:
    found = files(folder)
    if not found:
        return []
    with duckdb.connect() as db:
        sql = f"{query} FROM read_parquet($files) ORDER BY 1"
        return db.execute(sql, {"files": found}).fetchall()


def faults(folder: Path, number: int = 1) -> list[Fault]:
    return quarantined(folder, number)


PLACES = (
    Column(name="id", of="whole", required=True),
    Column(name="name", heading="info.name"),
    Column(name="at", of="moment"),
)


def placed(read: Read, **more: object) -> Source:
    """Return places of a city that are read so."""
    return Source(**{"name": "places", "read": read, "columns": PLACES, **more})  # type: ignore[arg-type]


def one(i: int) -> dict[str, object]:
    """Return one place as an office tells it."""
    return {"id": i, "info": {"name": f"地{i}"}, "at": f"2026-05-01T08:00:{i % 60:02d}+08:00"}
