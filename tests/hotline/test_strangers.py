"""What strangers send is bounded, and what a door takes in is what was asked there."""

import csv
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount

from house import KEY, KIND, NOON, WIRE, counter, served
from mindu.base.records import Table, Words
from mindu.brain.casework import rights
from mindu.cli.counter.house import rounds
from mindu.data.vault import Vault
from mindu.edge.counter import web
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Flood, Letter
from mindu.edge.counter.old import bring
from mindu.edge.counter.papers import rows_of
from mindu.edge.counter.photos import Photos
from mindu.edge.desk import doors
from mindu.edge.open311 import verbs
from mindu.edge.open311.asked import Asked, Wrong
from mindu.edge.open311.call import Call, City
from mindu.edge.open311.doors import routes

SECRET = "a secret of the tests"  # noqa: S105 - of the tests alone
CITY = "fuzhou.gov.cn"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Counter]]:
    desk = counter(Path(tmp_path_factory.mktemp("strangers")))
    token = sha256(SECRET.encode()).hexdigest()
    row = ("tan", "谈", "centre", "operator dispatcher", "350103", "", token)
    desk.office.lay("roster", Table(rights.COLUMNS, (row,), "the tests"), by="tests", now=NOON)
    city = City(counter=desk, kind=KIND, contact=Words("x", "x"), key_service="x", changeset="x")
    pages = [*web.routes(desk, KIND), *doors.routes(desk, KIND)]
    app = Starlette(routes=[Mount("/open311/v2", routes=routes(city)), *pages])
    with served(app) as root:
        yield root, desk


@pytest.mark.parametrize("path", ["/say", "/desk/in"])
def test_a_body_without_an_end_is_refused_as_it_comes(town: tuple[str, Counter], path: str) -> None:
    root, _ = town

    def endless() -> Iterator[bytes]:
        yield b"note="
        for _ in range(400):
            yield b"a" * 4096

    try:
        got = WIRE.post(f"{root}{path}", content=endless(), headers={
            "Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    except httpx.WriteError:
        return  # it was cut off while it spoke
    assert got.status_code == 413, got.text


def test_a_form_answers_its_own_questions_alone(town: tuple[str, Counter]) -> None:
    root, desk = town
    data = {"text": "乌山路积水", "service": "flooding", "attribute[depth]": "knee",
            "attribute[someone's name]": "x"}  # fmt: skip
    assert WIRE.post(f"{root}/report", data=data).status_code == 201
    assert desk.opening(max(desk.office.cases)).facts == {"attribute.depth": "knee"}


def test_saying_the_same_for_ever_is_a_flood(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    letter = Letter(kind="matter", text="井盖丢了", channel="web", phone="13800000008")
    with pytest.raises(Flood):
        list(map(desk.receive, [letter] * 50))
    assert len(desk.office.cases) == 1


def test_an_officer_reads_no_words_of_another_district(town: tuple[str, Counter]) -> None:
    root, _ = town
    told = "五四路路灯坏了三天没人修"
    WIRE.post(f"{root}/report", data={"text": told, "service": "lamp", "area": "350102"})
    with httpx.Client(base_url=root, timeout=600) as tan:
        assert tan.post("/desk/in", data={"officer": "tan", "secret": SECRET}).status_code == 303
        assert told[:6] not in tan.post("/desk/hints", data={"text": told}).text.split("<ol>")[1]


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
def test_a_date_beyond_reason_is_refused_with_words(town: tuple[str, Counter], when: str) -> None:
    asked = {"jurisdiction_id": CITY, "end_date": when, "api_key": KEY}
    got = WIRE.get(f"{town[0]}/open311/v2/requests.json", params=asked)
    assert (got.status_code, "end_date" in got.text) == (400, True)


def test_one_who_tries_tokens_keeps_nobody_else_from_theirs(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    city = City(counter=desk, kind=KIND, contact=Words("x", "x"), key_service="x", changeset="x")
    code = desk.receive(Letter(kind="matter", text="路灯不亮", channel="web")).code

    def tried(token: str, address: str) -> str:
        try:
            verbs.token(Call(city, Asked({}), "", {"id": token}, (), address))
        except Wrong:
            return "none"
        except Flood:
            return "flood"
        return "found"

    assert [tried(f"TRY{turn}", "10.0.0.1") for turn in range(100)][-1] == "flood"
    assert tried(code, "10.0.0.2") == "found"


def test_the_same_picture_sent_many_times_at_once_is_kept_once(tmp_path: Path) -> None:
    photos, raw = Photos(tmp_path), BytesIO()
    Image.new("RGB", (64, 64), "red").save(raw, "PNG")
    kept: list[str] = []
    threads = [Thread(target=lambda: kept.append(photos.keep(raw.getvalue()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(kept) == 8
    assert [path.name for path in tmp_path.iterdir()] == [f"{kept[0]}.jpg"]


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: x\nContent-Type: text/plain; charset=nobody\n\nA lamp is out",
        b"Subject: =?nobody?q?x?=\n\nA lamp is out",
        b"Subject: =?utf-8?b?xx?=\n\nA lamp is out",
        b"From: \xff\xfe <a@b>\nMessage-ID: \xff\nSubject: \xff\n\nA lamp is out",
    ],
)
def test_a_letter_with_broken_headings_is_still_a_ticket(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(raw)
    assert bring(counter(tmp_path), "matter", rows_of(path), None).taken == 1


@pytest.mark.parametrize(
    ("received", "closed", "why"),
    [
        ("0001-01-01", "", ""), ("1960-05-05", "", "before 2000"),
        ("2020-01-06", "2099-01-01", "closed in the future"),
    ],
)  # fmt: skip
def test_a_date_that_no_calendar_reaches_is_quarantined(
    tmp_path: Path, received: str, closed: str, why: str
) -> None:
    desk = counter(tmp_path)
    row = {"text": "路灯不亮", "received": received, "closed": closed, "answer": "已修复"}
    account = bring(desk, "matter", [row], None)
    assert (account.taken, account.quarantined, len(desk.office.cases)) == (0, 1, 0)
    assert why in next(iter(account.reasons))


def test_a_cell_may_hold_any_sign_and_any_length(tmp_path: Path) -> None:
    path, cells = tmp_path / "old.csv", ["第一行\u2028第二行", "a\x0bb", "长" * 300_000]
    with path.open("w", encoding="utf-8", newline="") as paper:
        csv.writer(paper).writerows([["text"], *([cell] for cell in cells)])
    assert [row["text"] for row in rows_of(path)] == cells


def test_an_erased_key_stands_in_no_file(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    vault.put("someone", "who", {"phone": "13800000001"})
    key = vault._known("someone")
    assert key is not None
    vault.erase("someone")
    held = b"".join(path.read_bytes() for path in (tmp_path / "vault").iterdir())
    vault.close()
    assert key not in held


def test_a_round_that_fails_does_not_stop_the_rounds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    went, enough = [0], Event()

    class Faulty:
        def tick(self) -> None:
            went[0] += 1
            if went[0] == 1:
                raise ValueError("a table was torn")
            enough.set()

    with rounds(Faulty(), counter(tmp_path), every=0.01):
        assert enough.wait(60)
    assert "a table was torn" in capsys.readouterr().err
