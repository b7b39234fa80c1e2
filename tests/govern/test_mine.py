"""A subject sees who used what about them, says a word against it, and gets an answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gateway_house import asking, gateway
from govern_house import LIN, NOON, WEI
from httpx import ASGITransport, AsyncClient, Response
from msgspec.structs import replace
from strict import strict

from mindu.base.records import Case, Receipt
from mindu.brain.casework.office import Office
from mindu.brain.casework.refusals import Denied, Refusal
from mindu.brain.casework.rounds import sweep
from mindu.brain.memory import Memory
from mindu.brain.sharing import objections
from mindu.brain.sharing.kinds import KINDS
from mindu.brain.sharing.sharing import Sharing
from mindu.cli.data.use.lake import Lake
from mindu.cli.data.use.serve import app
from mindu.data.book.sqlite import Sqlite
from mindu.data.gateway import mine
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.mine import page, uses
from mindu.data.gateway.want import Want
from mindu.data.grants import uses as folds
from mindu.data.log import Log
from mindu.data.proof.notary import Notary
from mindu.data.vault import Vault
from mindu.edge.data import keys

ME = "SECRET3-0"


class Desk:
    """One gateway, its office, and the doors over both."""

    def __init__(self, folder: Path, log: Log | None = None) -> None:
        self.vault = Vault(None)
        self.door: Gateway = gateway(folder, log=log)
        self.door.cloak = self.vault.subject
        assert isinstance(self.door.book, Memory)
        self.office = Office(self.door.book, KINDS)
        memory = self.door.book
        self.lake = Lake(
            memory=memory, office=self.office, gateway=self.door, vault=self.vault,
            clock=self.door.clock, sharing=Sharing(self.office, memory.allowed, {}),
            notary=Notary(memory.log, folder / "notes", "x", []),
        )  # fmt: skip

    def key(self, name: str, **more: str) -> str:
        subject = self.vault.subject(more.pop("subject", ""))
        if subject:
            self.vault.put(subject, "subject", ME)
        return keys.give(self.office, name, subject=subject, now=NOON, **more)

    async def call(self, how: str, path: str, key: str = "", **more: object) -> Response:
        wire = ASGITransport(app=app(self.lake), raise_app_exceptions=False)
        head = {"authorization": f"Bearer {key}"} if key else {}
        async with AsyncClient(transport=wire, base_url="http://city") as client:
            return await client.request(how, path, headers=head, **more)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.door.pool.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


WHY = {"purpose": "flood", "basis": "law", "reference": "case:0"}


def test_a_subject_reads_each_use_in_plain_words_newest_first(desk: Desk) -> None:
    door = desk.door
    door.read(asking("", action="read"), Want(dataset="calls", subject=ME))
    door.read(asking("", action="read"), Want(dataset="calls", subject="SECRET6-0"))
    door.query(asking("SELECT count(*) FROM calls"))
    door.query(asking("SELECT * FROM grouped"))
    with pytest.raises(Refused):
        door.read(asking("", action="read", purpose="sale"), Want(dataset="calls", subject=ME))
    found = uses(door, ME)
    assert [(u.allowed, u.named, u.statistic) for u in found] == [
        (False, True, False), (True, False, True), (True, False, False), (True, True, False),
    ]  # fmt: skip
    newest, groups, _, first = found
    assert "was refused: no policy allows it" in newest.says.en
    assert "未予同意:没有策略允许" in newest.says.zh
    assert "in groups without single persons" in groups.says.en
    assert "350100-yjj looked up Calls for flood, on 突发事件应对法" in first.says.en
    assert "查询了“来电”,用途:flood,依据:突发事件应对法" in first.says.zh
    assert first.policies[0].en.startswith("agreement-")
    assert uses(door, "SECRET-nobody") == []


@pytest.mark.anyio
async def test_on_a_full_disk_nothing_goes_out_and_the_next_ask_after_room_is_made_does(
    tmp_path: Path,
) -> None:
    with Log.open(str(tmp_path / "city.mindu")) as log:
        desk = Desk(tmp_path, log)
        key = desk.key("wei", department="350100-yjj")
        log.commit()
        assert isinstance(log._store, Sqlite)
        db, sql = log._store._db, {"sql": "SELECT topic FROM calls", **WHY}
        assert (await desk.call("POST", "/data/v1/sql", key, json=sql)).status_code == 200
        db.pragma("max_page_count", db.pragma("page_count"))
        got, codes = await desk.call("POST", "/data/v1/sql", key, json=sql), [200]
        while got.status_code == 200:
            codes.append(200)
            got = await desk.call("POST", "/data/v1/sql", key, json=sql)
        assert (got.status_code, got.json().keys()) == (507, {"error", "error_zh"})
        assert "nothing went out" in got.json()["error"]
        assert str(tmp_path) not in got.text
        no = await desk.call("POST", "/data/v1/sql", key, json={**sql, "purpose": "sale"})
        assert no.status_code == 507, "a no is written down before it is told, too"
        db.pragma("max_page_count", 1 << 20)
        assert (await desk.call("POST", "/data/v1/sql", key, json=sql)).status_code == 200
        receipts = [entry for entry in log if isinstance(entry.record, Receipt)]
        assert len(receipts) == len(codes) + 3, "what waited was written with the next"
        assert log.durable == len(log)
        log.verify()
        desk.door.pool.close()


def test_uses_are_paged_back_to_the_first_also_what_the_folds_let_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = desk.door
    monkeypatch.setattr(folds, "NAMED", 10)
    for limits in (mine, folds):
        monkeypatch.setattr(limits, "BULK", 10)
    monkeypatch.setattr(mine, "NAMED", 10)
    monkeypatch.setattr(mine, "MOST", 7)
    monkeypatch.setattr(mine, "STEP", 8)
    monkeypatch.setattr(mine, "WALKED", 25)
    written = []
    for turn in range(40):
        whom = ME if turn % 2 else "SECRET6-0"
        got = door.read(asking("", action="read"), Want(dataset="calls", subject=whom, limit=1))
        written += [got.receipt] if whom == ME else []
        if turn % 5 == 0:
            written.append(door.query(asking("SELECT count(*) FROM calls")).receipt)
    assert len(door.book.uses.named(door.cloak(ME))) <= 10
    told: list[int] = []
    before, pages = None, 0
    while pages == 0 or before is not None:
        some, before = page(door, ME, before)
        told += [use.receipt for use in some]
        pages += 1
        assert len(some) <= 7
    assert told == sorted(written, reverse=True)
    assert pages > len(written) // 7


def test_an_objection_goes_to_the_source_and_comes_back_with_an_answer(desk: Desk) -> None:
    office, dataset = desk.office, desk.door.catalogue["calls"]
    me = desk.vault.subject(ME)
    case = objections.put(office, dataset, me, "the topic is wrong", receipt=-1, now=NOON).seq
    assert office.cases.said(case, "unit") == dataset.department
    (waiting,) = objections.of(office, me)
    assert (waiting.case, waiting.answer, waiting.state.zh) == (case, "", "已批转")
    with pytest.raises(Denied):
        objections.answer(office, case, "no", WEI, now=NOON)
    with pytest.raises(Refusal, match="says something"):
        objections.answer(office, case, " ", LIN, now=NOON)
    objections.answer(office, case, "put right in the source", LIN, now=NOON)
    (answered,) = objections.of(office, me)
    assert answered.answer == "put right in the source"
    assert answered.state.en == "closed"
    assert objections.of(office, "somebody else") == []
    record = office.memory.log[case].record
    assert isinstance(record, Case)
    assert ME not in str(record), "who objects is a name of the vault"


def test_an_objection_that_nobody_answers_climbs_like_any_case(desk: Desk) -> None:
    dataset, me = desk.door.catalogue["calls"], desk.vault.subject(ME)
    case = objections.put(desk.office, dataset, me, "wrong", receipt=-1, now=NOON).seq
    later = NOON.replace(month=10, day=10)
    assert case in {int(e.about.removeprefix("case:")) for e in sweep(desk.office, later)}
    with pytest.raises(Refusal, match="characters what is wrong"):
        objections.put(desk.office, dataset, me, " ", receipt=-1, now=NOON)
    for _ in range(objections.OPEN_AT_ONCE - 1):
        objections.put(desk.office, dataset, me, "wrong", receipt=-1, now=NOON)
    with pytest.raises(Refusal, match="wait for an answer"):
        objections.put(desk.office, dataset, me, "wrong", receipt=-1, now=NOON)


@pytest.mark.anyio
async def test_sql_tables_and_files_over_http_name_their_receipt(desk: Desk) -> None:
    key = desk.key("wei", department="350100-yjj")
    told = {"sql": "SELECT topic, count(*) AS n FROM calls GROUP BY topic", **WHY}
    got = await desk.call("POST", "/data/v1/sql", key, json=told)
    assert got.status_code == 200, got.text
    assert {row["topic"] for row in got.json()} == {"t0", "t1", "t2", "t3", "rare"}
    receipt = int(got.headers["mindu-receipt"])
    assert desk.door.book.log[receipt].by == "wei"
    page = {**WHY, "fields": "topic,minutes", "where": "topic.eq.t1", "limit": "2", "form": "csv"}
    got = await desk.call("GET", "/data/v1/tables/calls", key, params=page)
    assert got.text.splitlines()[0] == "\ufefftopic,minutes"
    assert len(got.text.splitlines()) == 3
    got = await desk.call("GET", "/data/v1/files/calls.parquet", key, params=WHY)
    assert got.content[:4] == b"PAR1"
    assert got.headers["mindu-more"] == "0"


@pytest.mark.anyio
async def test_what_may_not_be_is_told_in_both_languages(desk: Desk) -> None:
    key = desk.key("wei", department="350100-yjj")
    for path, more, code, said in (
        ("/data/v1/tables/calls", {}, 403, "what it is for"),
        ("/data/v1/tables/calls", {**WHY, "where": "x"}, 400, "write a condition"),
        ("/data/v1/tables/calls", {**WHY, "limit": "many"}, 400, "invalid literal"),
        ("/data/v1/tables/calls", {**WHY, "form": "exe"}, 400, "form is one of"),
        ("/data/v1/files/calls.exe", WHY, 400, "form is one of"),
        ("/data/v1/tables/ghosts", WHY, 403, "no such dataset"),
    ):
        got = await desk.call("GET", path, key, params=more)
        assert (got.status_code, said in got.json()["error"]) == (code, True), got.text
        assert got.json()["error_zh"]
    got = await desk.call("POST", "/data/v1/sql", key, content=b"{")
    assert got.status_code == 400
    got = await desk.call("POST", "/data/v1/sql", "nobody's", json={"sql": "FROM calls", **WHY})
    assert got.status_code == 401
    got = await desk.call("POST", "/data/v1/sql", json={"sql": "FROM calls", **WHY})
    assert got.status_code == 403
    got = await desk.call("POST", "/data/v1/sql", json={"sql": "FROM stations"})
    assert (got.status_code, len(got.json())) == (200, 2)
    got = await desk.call("GET", "/data/v1/mine", key)
    assert got.status_code == 403
    assert keys.take_back(desk.office, "wei", NOON)
    assert not keys.take_back(desk.office, "wei", NOON)
    got = await desk.call("GET", "/data/v1/tables/calls", key, params=WHY)
    assert got.status_code == 401


@pytest.mark.anyio
async def test_a_subject_looks_and_objects_with_a_key_of_their_own(desk: Desk) -> None:
    door = desk.door
    door.read(asking("", action="read"), Want(dataset="calls", subject=ME))
    key = desk.key("me", subject=ME)
    got = await desk.call("GET", "/data/v1/mine", key)
    assert len(got.json()["uses"]) == 1
    told = {"dataset": "calls", "text": "我的电话是13812345678,类别错了"}
    got = await desk.call("POST", "/data/v1/mine/objections", key, json=told)
    assert got.status_code == 201, got.text
    case = door.book.log[got.json()["case"]].record
    assert isinstance(case, Case)
    assert "13812345678" not in case.text, "personal values of an objection are masked"
    bad = await desk.call("POST", "/data/v1/mine/objections", key, json={**told, "dataset": "x"})
    assert (bad.status_code, bad.json()["error"]) == (400, "there is no such dataset")
    got = await desk.call("GET", "/data/v1/mine", key)
    assert got.json()["objections"][0]["dataset"] == "calls"


@pytest.mark.anyio
async def test_the_page_shows_uses_after_a_sign_in_and_takes_an_objection(desk: Desk) -> None:
    desk.door.read(asking("", action="read"), Want(dataset="calls", subject=ME))
    key = desk.key("me", subject=ME)
    wire = ASGITransport(app=app(desk.lake))
    async with AsyncClient(transport=wire, base_url="https://city") as client:
        assert "本人密钥" in (await client.get("/data/mine")).text
        wrong = await client.post("/data/mine", data={"key": "x"})
        assert wrong.status_code == 401
        seated = await client.post("/data/mine", data={"key": key}, follow_redirects=True)
        assert "查询了“来电”" in seated.text
        strict(seated.text, seated.headers)
        assert "textarea" in (await client.get("/data/mine.css")).text
        assert "default-src 'none'" in seated.headers["content-security-policy"]
        assert "looked up Calls" in (await client.get("/data/mine?lang=en")).text
        put = {"dataset": "calls", "text": "<b>wrong</b>", "receipt": "3"}
        after = await client.post("/data/mine", data=put, follow_redirects=True)
        assert "calls: 已批转" in after.text
        assert (await client.post("/data/mine", data={**put, "text": ""})).status_code == 400


def test_a_key_has_a_name_and_a_last_day(desk: Desk) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        keys.give(desk.office, " ", now=NOON)
    with pytest.raises(ValueError, match="Invalid isoformat"):
        keys.give(desk.office, "x", until="soon", now=NOON)
    old = keys.give(desk.office, "x", until="2026-09-15", now=NOON)
    assert keys.holder(desk.office, old, NOON) is None
    new = keys.give(desk.office, "x", until="2026-09-16", now=NOON)
    assert keys.holder(desk.office, new, NOON) is not None
    assert keys.holder(desk.office, "", NOON) is None
    assert replace(asking("x"), says="y").says == "y"
