"""Who answers is helped by closed cases, articles and templates, and stopped where he must be."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from house import NOON, PATIENCE, counter, served
from mindu.apps.hotline.tables import table
from mindu.base.records import Table
from mindu.base.time import VirtualClock
from mindu.brain.cases import Role, State
from mindu.brain.casework import rights
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.cli.counter.beside import Order, taking
from mindu.cli.counter.house import KIND, helped, opened
from mindu.cli.counter.laid import TABLES
from mindu.cli.counter.orders import carry_out
from mindu.cli.verbs import run as mindu
from mindu.edge.aid.drafts import draft
from mindu.edge.aid.library import Library
from mindu.edge.aid.script import script
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter
from mindu.edge.desk import doors
from mindu.edge.desk.tools import Tools
from mindu.engines.text.assist import TemplateError

ROLES = tuple(role for role in Role if role is not Role.MACHINE)
URBAN = Officer("lin", "林", "urban", ROLES, ("*",))
GOOD = (
    "您好!五四路的路灯因线缆被挖断不亮,我委已于9月16日更换电缆并恢复照明,"
    "感谢您的反映,如仍不亮请再拨打12345。"
)
BUS = "您好,您反映的公交线路调整问题已收悉,线路将于下月15日前调整到位并增加班次,请留意站牌公告。"
ABOUT = {"topic": "streets.lamps", "nature": "help", "urgency": "normal"}


@pytest.fixture
def desk(tmp_path: Path) -> Counter:
    return counter(tmp_path)


def told(desk: Counter, text: str, phone: str = "13800000001") -> int:
    letter = Letter(
        kind="matter", text=text, channel="telephone", phone=phone, name="王某", service="lamp",
        area="350102", place="五四路",
    )  # fmt: skip
    return desk.receive(letter).number


def walked(desk: Counter, number: int, *, answer: str = GOOD, until: str = "close") -> int:
    moves = [
        Wish(name="accept"), Wish(name="classify", args=ABOUT), Wish(name="forward", unit="urban"),
        Wish(name="sign"), Wish(name="handle"), Wish(name="reply", note=answer),
        Wish(name="review"), Wish(name="pass"), Wish(name="feed_back", note=answer),
        Wish(name="close", note="done"),
    ]  # fmt: skip
    for wish in moves:
        desk.act(number, wish, URBAN)
        if wish.name == until:
            break
    return number


def test_an_answered_case_helps_the_next_alike_until_it_comes_back(desk: Counter) -> None:
    library = Library(desk.office)
    first = walked(desk, told(desk, "五四路路灯不亮,晚上走路危险"))
    walked(desk, told(desk, "学校门口早高峰堵车,希望增派交警", "13800000002"))
    now = told(desk, "五四路的路灯又不亮了", "13800000003")
    assert library.similar(now, ("*",))[0].name == str(first)
    assert library.similar(now, ("350104",)) == [], "another district sees none of it"
    desk.act(first, Wish(name="reopen", note="still dark 还是不亮"), URBAN)
    assert str(first) not in [one.name for one in library.similar(now, ("*",))]
    assert library.came_back(now, ("*",)) == [(first, GOOD)]
    assert library.failed(first) == GOOD


def test_a_caller_who_says_it_solved_nothing_takes_the_answer_off_the_shelf(desk: Counter) -> None:
    library = Library(desk.office)
    first = walked(desk, told(desk, "五四路路灯不亮,晚上走路危险"))
    now = told(desk, "五四路的路灯又不亮了", "13800000003")
    assert library.similar(now, ("*",))
    desk.act(first, Wish(name="rate", args={"solved": False, "satisfied": 1.0}), URBAN)
    assert library.similar(now, ("*",)) == []


def test_articles_are_found_by_the_words_of_the_case_while_they_hold(desk: Counter) -> None:
    library, number = Library(desk.office), told(desk, "五四路路灯不亮,怎么报修")
    assert library.articles(number, "2026-09-16")[0][0].id == "lamp"
    rows = (("old", "", "路灯报修老办法", "路灯不亮请打老号码", "ours", "2025-12-31"),)
    laid = Table(TABLES["knowledge"].columns, rows, "tests")
    desk.office.lay("knowledge", laid, by="tests", now=NOON)
    assert library.articles(number, "2026-09-16") == []
    assert library.articles(number, "2025-12-31")[0][0].id == "old"


def test_a_template_takes_its_fields_from_the_case_alone(desk: Counter) -> None:
    number = walked(desk, told(desk, "五四路路灯不亮"), until="forward")
    said = draft(desk, number, "lamp", NOON)
    assert "2026年9月16日" in said
    assert "五四路" in said
    assert "市城市管理委员会" in said
    assert "王某" not in said
    assert "13800000001" not in said
    with pytest.raises(TemplateError, match="no template"):
        draft(desk, number, "wages", NOON)
    bare = desk.receive(Letter(kind="matter", text="树倒了", channel="telephone")).number
    with pytest.raises(TemplateError, match="承办单位"):
        draft(desk, bare, "done", NOON)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("已转相关部门处理。", "courtesy"),
        (GOOD + "张女士的电话是13911112222。", "personal"),
        (
            "您好,您反映的公交线路调整问题已收悉,线路将于下月15日前调整到位并增加班次,请留意站牌公告。",
            "asked",
        ),
        (GOOD.replace("线缆被挖断", "……"), "gap"),
    ],
)
def test_a_reply_that_must_not_go_out_stays_with_the_unit(
    desk: Counter, reply: str, why: str
) -> None:
    helped(desk)
    number = walked(desk, told(desk, "五四路路灯不亮,晚上走路危险"), until="handle")
    with pytest.raises(Refusal, match=why):
        desk.act(number, Wish(name="reply", note=reply), URBAN)
    assert desk.office.cases.state(number) is State.HANDLING
    desk.act(number, Wish(name="reply", note=GOOD), URBAN)


def test_the_answer_that_came_back_cannot_be_given_again(desk: Counter) -> None:
    helped(desk)
    number = walked(desk, told(desk, "五四路路灯不亮,晚上走路危险"))
    desk.act(number, Wish(name="reopen", note="still dark"), URBAN)
    for wish in (Wish(name="forward", unit="urban"), Wish(name="sign"), Wish(name="handle")):
        desk.act(number, wish, URBAN)
    with pytest.raises(Refusal, match="came back"):
        desk.act(number, Wish(name="reply", note=GOOD), URBAN)


def test_the_script_of_a_call_marks_what_the_caller_has_told() -> None:
    lamp = next(service for service in KIND.services if service.code == "lamp")
    lines = script(table("script"), lamp, "五四路路灯坏了三天了")
    asks = {line.asks: line.heard for line in lines}
    assert asks["where"]
    assert asks["when"]
    assert any("灯杆" in line.says.zh for line in lines), "the service's own question"
    assert lines[-1].says.en.startswith("It is taken in")
    assert not {x.asks: x.heard for x in script(table("script"), None, "喂")}["where"]


@contextmanager
def signed_in(desk: Counter, library: Library) -> Iterator[httpx.Client]:
    row = ("lin", "林", "urban", "officer reviewer", "3501", "", sha256(b"s").hexdigest())
    desk.office.lay("roster", Table(rights.COLUMNS, (row,), "tests"), by="tests", now=NOON)
    app = Starlette(routes=doors.routes(desk, KIND, tools=Tools(library=library)))
    with served(app) as root, httpx.Client(base_url=root, timeout=PATIENCE) as client:
        client.post("/desk/in", data={"officer": "lin", "secret": "s"})
        yield client


def test_the_desk_shows_what_helps_begins_the_reply_and_keeps_it_when_it_is_refused(
    desk: Counter,
) -> None:
    library = helped(desk)
    first = walked(desk, told(desk, "五四路路灯不亮,晚上走路危险"))
    number = walked(desk, told(desk, "五四路的路灯又不亮了", "13800000003"), until="handle")
    with signed_in(desk, library) as client:
        page = client.get(f"/desk/case/{number}?lang=en").text
        assert f"/desk/case/{first}" in page
        assert "路灯不亮怎么报修" in page
        begun = client.get(f"/desk/case/{number}?lang=en&template=lamp").text
        assert "<textarea name='note'" in begun
        assert "市城市管理委员会" in begun
        token = page.split("name='token' value='")[1].split("'")[0]
        seen = str(int(desk.office.cases.row(number)["moves"]))
        form = {"token": token, "move": "reply", "note": "已转相关部门处理。", "seen": seen}
        refused = client.post(f"/desk/case/{number}?lang=en", data=form)
        assert refused.status_code == 409
        assert "已转相关部门处理。</textarea>" in refused.text, "what was typed is not lost"
        form["note"] = GOOD
        assert client.post(f"/desk/case/{number}?lang=en", data=form).status_code == 200
        assert "blockquote" in client.get(f"/desk/case/{number}?lang=en").text, "the reviewer reads"


def test_tables_old_tickets_and_the_end_of_a_unit_come_in_beside_a_line_that_serves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path), "--json"]
    with opened(tmp_path, VirtualClock(NOON + timedelta(days=200))) as (brain, line):

        def do(order: Order) -> Mapping[str, str]:
            return carry_out(brain, line, order)

        walked(line, told(line, "五四路路灯不亮"), until="handle")
        paper, old = tmp_path / "k.csv", tmp_path / "old.csv"
        paper.write_text("id,topic,title,text,source,until\na,,甲,乙丙丁,ours,\n", "utf-8")
        head, row = "编号,留言详情,留言时间,答复意见", "{n},路灯 {n} 不亮,2026-09-01,已修复"
        lines = [head, *(row.format(n=n) for n in range(230)), "x,,2026-09-01,空"]
        old.write_text("\n".join(lines), "utf-8")
        with taking(tmp_path, do):
            assert mindu(["hotline", "table", "knowledge", str(paper), "--lay", *data]) == 0
            assert mindu(["hotline", "table", "nothing", *data]) == 2
            assert mindu(["hotline", "table", "holidays", *data]) == 0
            assert mindu(["hotline", "import", str(old), *data]) == 1
            assert mindu(["hotline", "import", str(old), *data]) == 1, "again: nothing twice"
            assert mindu(["hotline", "dissolve", "urban", "--into", "nobody", *data]) == 2
            assert mindu(["hotline", "dissolve", "urban", "--into", "construction", *data]) == 0
        assert brain.office.cases.said(next(iter(brain.office.cases)), "unit") == "construction"
        assert len(brain.office.cases) == 231
    out = capsys.readouterr().out
    assert '"taken":230' in out
    assert '"before":230' in out
    with (tmp_path / "old.quarantine.csv").open(encoding="utf-8") as file:
        assert [one["编号"] for one in csv.DictReader(file)] == ["x"]
