"""Sealed rows at the gateway: opened after the query, masked, found by subject, never by value."""

from pathlib import Path

import msgspec
import pytest
from govern_house import LAW, LIN, NOON, OTHER, OWNER, TERMS, House

from mindu.base.seal import signer
from mindu.base.time import VirtualClock
from mindu.data.collect.declare import Column, Csv, Source
from mindu.data.collect.listed import listed
from mindu.data.collect.pull import pull
from mindu.data.collect.store import Holding
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.answer import Answer
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.mine import uses
from mindu.data.gateway.points import points
from mindu.data.gateway.pool import Limits, Pool
from mindu.data.gateway.want import Condition, Want
from mindu.data.grants.ask import Ask, User
from mindu.data.grants.duties import Duties
from mindu.data.vault import CELL, Vault
from mindu.edge.collect.door import reader

KEY = signer("sha256-ed25519", bytes(32))
ANNA, BEN = "350102199003070018", "350102198506120033"
ASK = Ask(who=User("wei", OTHER), action="read", datasets=(), purpose="flood", basis=LAW,
          reference="case:0", says="")  # fmt: skip


def city(folder: Path, vault: Vault) -> Gateway:
    """Pull two people and let another department read names by initial and codes by token."""
    (folder / "r.csv").write_text(f"code,name,area\n{ANNA},陈安娜,鼓楼\n{BEN},林本,台江\n", "utf-8")
    columns = (
        Column(name="code", personal=True),
        Column(name="name", personal=True),
        Column(name="area"),
    )
    source = Source(name="residents", read=Csv(path=str(folder / "r.csv")), columns=columns,
                    subject="code", department=OWNER)  # fmt: skip
    holding = Holding(folder / "collect" / "residents", source, vault)
    pull(holding, reader(source, Path(), folder), lambda: 1)
    holding.close()
    house, dataset = House(), listed(source)
    house.sharing._catalogue = {dataset.name: dataset}
    duties = Duties(masks=(("name", "initial"), ("code", "token")))
    terms = msgspec.structs.replace(
        TERMS, dataset="residents", duties=duties, actions=("read", "query", "download")
    )
    house.sharing.agree(house.sharing.ask(terms, by="wei", now=NOON).seq, LIN, now=NOON)
    (folder / "lake").mkdir()
    limits = Limits(seconds=4.0, memory=300 << 20, space=3 << 30, threads=1, children=1)
    return Gateway(
        book=house.memory, catalogue={dataset.name: dataset}, key=KEY,
        pool=Pool(folder / "lake", limits, also=folder / "collect"), cloak=vault.subject,
        case=lambda number, _ask: number == 0, clock=VirtualClock(NOON), secret=b"t",
        unseal=vault.unseal,
    )  # fmt: skip


def test_sealed_rows_come_out_masked_by_subject_and_never_by_value(tmp_path: Path) -> None:
    vault = Vault(None)
    gateway = city(tmp_path, vault)
    try:
        got = gateway.read(ASK, Want(dataset="residents", subject=ANNA))
        (row,) = got.rows.to_pylist()
        assert (row["name"], row["area"]) == ("陈**", "鼓楼")
        assert row["code"] not in {None, ANNA}
        for want in (
            Want(dataset="residents", where=(Condition("name", "eq", "林本"),)),
            Want(dataset="residents", order="code"),
        ):
            with pytest.raises(Refused, match="sealed"):
                gateway.read(ASK, want)
        (point,) = points(gateway, "residents", [(ASK, BEN)])
        assert isinstance(point, Answer)
        assert [row["name"] for row in point.rows.to_pylist()] == ["林**"]
        sql = msgspec.structs.replace(
            ASK, action="query",
            says="SELECT area, max(name) AS n, count(DISTINCT code) AS c FROM residents GROUP BY 1",
        )  # fmt: skip
        told = gateway.query(sql).rows.to_pylist()
        assert CELL not in str(told)
        assert [(row["n"], row["c"]) for row in told] == [(None, 1), (None, 1)]
        whole = msgspec.structs.replace(ASK, action="download")
        assert [row["name"] for row in gateway.file(whole, "residents").rows.to_pylist()] == [
            "陈**", "林**",
        ]  # fmt: skip
    finally:
        gateway.pool.close()


def test_uses_of_a_collected_dataset_are_found_by_subject(tmp_path: Path) -> None:
    vault = Vault(None)
    gateway = city(tmp_path, vault)
    try:
        gateway.read(ASK, Want(dataset="residents", subject=ANNA))
        gateway.query(
            msgspec.structs.replace(ASK, action="query", says="SELECT area FROM residents")
        )
        assert [use.named for use in uses(gateway, ANNA)] == [False, True]
        assert [use.named for use in uses(gateway, BEN)] == [False]
        assert uses(gateway, "350102199003070999") == []
        vault.erase(vault.subject(ANNA))
        (row,) = gateway.read(ASK, Want(dataset="residents", subject=ANNA)).rows.to_pylist()
        assert (row["name"], row["code"]) == (None, None)
    finally:
        gateway.pool.close()
