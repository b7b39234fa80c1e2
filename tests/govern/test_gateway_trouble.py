"""The gateway in trouble: many at once, a child that died, rows elsewhere, folds made anew."""

import os
from pathlib import Path
from threading import Thread

import pytest
from gateway_house import SMALL, asking, door, gateway
from govern_house import CALLS
from msgspec.structs import replace

from mindu.data.catalog.dataset import Dataset
from mindu.data.fold import rebuilt
from mindu.data.gateway import pool as pools
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.gateway import Gateway
from mindu.data.grants.uses import Uses
from mindu.data.log import Log

__all__ = ["door"]


def test_a_city_with_thousands_of_open_files_still_answers(door: Gateway) -> None:
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1_100)]  # `select` knows 1,024
    try:
        answer = door.query(asking("SELECT count(*) AS n FROM calls"))
    finally:
        for file in held:
            os.close(file)
    assert answer.rows.to_pylist()[0]["n"] > 0


def test_uses_are_the_same_when_they_are_folded_anew(door: Gateway) -> None:
    for _ in range(3):
        door.query(asking("SELECT count(*) FROM calls"))
    again = rebuilt(door.book.log, Uses)
    assert again.dump() == door.book.uses.dump()


def test_a_dataset_whose_file_lies_elsewhere_has_no_rows(door: Gateway, tmp_path: Path) -> None:
    (tmp_path.parent / "outside.parquet").write_bytes(b"x")
    (tmp_path / "link.parquet").symlink_to(tmp_path.parent / "outside.parquet")
    for stored in (
        "file:../outside.parquet",
        "file:link.parquet",
        "file:none",
        "http:x",
        "collect:x",
        "collect:..",
    ):
        away: Dataset = replace(CALLS, stored=stored)
        with pytest.raises(Refused, match="no rows here"):
            door.where(away)


def test_many_ask_at_once_and_each_gets_its_own_answer(tmp_path: Path) -> None:
    with Log.open(str(tmp_path / "city.mindu")) as log:
        door = gateway(tmp_path, log=log, limits=replace(SMALL, children=2, seconds=30.0))
        got: dict[int, float] = {}

        def one(number: int) -> None:
            sql = f"SELECT sum(minutes) + {number} AS s FROM calls WHERE minutes < 90"
            got[number] = door.query(asking(sql, f"u{number}")).rows.to_pylist()[0]["s"]

        lines = [Thread(target=one, args=(number,)) for number in range(12)]
        for line in lines:
            line.start()
        for line in lines:
            line.join()
        assert {value - number for number, value in got.items()} == {got[0]}
        assert log.durable == len(log)
        log.verify()
        door.pool.close()


def test_a_child_that_died_is_made_anew(door: Gateway) -> None:
    assert door.query(asking("FROM stations")).rows.num_rows == 2
    held = door.pool._free.get()
    held._process.kill()
    door.pool._free.put(held)
    with pytest.raises(Refused, match="memory"):
        door.query(asking("FROM stations"))
    assert door.query(asking("FROM stations")).rows.num_rows == 2
    assert pools.GRACE > 0
