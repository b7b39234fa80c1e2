"""The reader proposes, the duty table decides; without a model people do, and intake goes on."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from house import NOON, PATIENCE, served
from mindu.apps.hotline.topics import area_of, finer, service_of, topic_of
from mindu.base.records import Event, Move, Table
from mindu.base.time import VirtualClock
from mindu.brain.cases import Role, State
from mindu.brain.casework import rights
from mindu.brain.casework.dispatch import CERTIFICATES, Suggested, stands, suggested
from mindu.brain.casework.forwarding import COLUMNS, Certificate
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import Officer
from mindu.cli.counter.beside import NAME, Order, taking
from mindu.cli.counter.house import KIND, listen, opened
from mindu.cli.counter.learn import certificates
from mindu.cli.counter.orders import CARD, carry_out
from mindu.cli.counter.reader import FILE, Listener
from mindu.cli.verbs import run as mindu
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter
from mindu.edge.desk import doors
from mindu.engines.text import save, seeded, words
from mindu.engines.text.topics import Trial

WAGES = "老板拖欠我们三个月工资,劳动仲裁也不管用,要求发工资"
LAMP = "鼓楼区五四路的路灯坏了一个月没人修"
CHIEF = Officer("su", "苏", "centre", (Role.SUPERVISOR, Role.DISPATCHER), ("*",))


@cache
def seed() -> bytes:
    return save(seeded(made="2026-09-16T12:00:00+08:00"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Counter, Listener]]:
    (tmp_path / FILE).write_bytes(seed())
    with opened(tmp_path, VirtualClock(NOON)) as (brain, counter):
        yield counter, listen(tmp_path, brain, counter)


def told(counter: Counter, text: str, phone: str = "13800000001", service: str = "") -> int:
    letter = Letter(kind="matter", text=text, channel="telephone", phone=phone, service=service)
    return counter.receive(letter).number


def note(counter: Counter, number: int) -> str:
    last = counter.office.memory.log[int(counter.office.cases.row(number)["last"])].record
    assert isinstance(last, Move)
    return last.note


def units(counter: Counter, number: int) -> list[Suggested]:
    last = counter.office.memory.log[int(counter.office.cases.row(number)["last"])].record
    assert isinstance(last, Move)
    return suggested(last)


def certified(counter: Counter, listener: Listener, group: str, threshold: float) -> None:
    proof = Certificate(group=group, threshold=threshold, wrong=0, of=400, model=listener.version)
    table = Table(COLUMNS, (proof.row,), "the tests")
    counter.office.lay(CERTIFICATES, table, by="tests", now=NOON)


def test_words_alone_bring_topic_place_and_three_units_with_their_reasons(
    house: tuple[Counter, Listener],
) -> None:
    counter, _ = house
    number = told(counter, WAGES)
    cases = counter.office.cases
    assert (cases.state(number), cases.said(number, "topic")) == (State.TRIAGE, "labour.wages")
    assert units(counter, number)[0].unit == "labour"
    assert "工资" in units(counter, number)[0].why.zh
    lamp = told(counter, LAMP)
    assert cases.said(lamp, "area") == "350102", "the district that the words name"
    assert "五四路" in cases.said(lamp, "place")
    assert len(units(counter, number)) <= 3
    estate = told(counter, "融侨锦江小区3号楼电梯坏了三天没人修")
    assert cases.said(estate, "place") == "融侨锦江小区", "a name that no gazetteer knows"


def test_what_was_chosen_and_what_is_said_agree_or_are_both_suggested(
    house: tuple[Counter, Listener],
) -> None:
    counter, _ = house
    agreed, parted = told(counter, LAMP, service="lamp"), told(counter, WAGES, service="lamp")
    assert counter.office.cases.said(agreed, "topic") == "streets.lamps"
    assert counter.office.cases.said(parted, "topic") == "labour.wages"
    assert {"labour", "urban"} <= {one.unit for one in units(counter, parted)}


def test_a_case_goes_alone_above_its_certificate_until_audits_stop_the_group(
    house: tuple[Counter, Listener],
) -> None:
    counter, listener = house
    cases = counter.office.cases
    certified(counter, listener, "labour", 0.05)
    number = told(counter, WAGES)
    assert (cases.state(number), cases.said(number, "unit")) == (State.AUTO_FORWARDED, "labour")
    assert cases.state(told(counter, LAMP)) is State.TRIAGE, "no certificate for that group"
    fire = told(counter, f"{WAGES},有人要跳楼讨薪")
    assert cases.state(fire) is not State.AUTO_FORWARDED, "what is grave is seen by a person"
    certified(counter, listener, "labour", 1.0)
    assert cases.state(told(counter, WAGES, "13800000002")) is State.TRIAGE
    certified(counter, listener, "labour", 0.05)
    sent = [told(counter, WAGES, f"139000000{n:02d}") for n in range(12)]
    for one in sent:
        audit = Wish(name="audit", args={"right": False})
        counter.act(one, audit, CHIEF)
    assert stands(counter.office, "labour") is None
    assert cases.state(told(counter, WAGES, "13800000009")) is State.TRIAGE


def test_small_groups_share_a_certificate_and_others_go_on_when_it_is_stopped(
    house: tuple[Counter, Listener],
) -> None:
    counter, listener = house
    rows = [
        Certificate(group=group, threshold=0.05, wrong=wrong, of=of, target=target,
                    model=listener.version).row
        for group, wrong, of, target in (
            ("*", 20, 2000, 0.02), ("labour+traffic", 5, 500, 0.05), ("streets", 15, 1500, 0.05)
        )
    ]  # fmt: skip
    counter.office.lay(CERTIFICATES, Table(COLUMNS, tuple(rows), "the tests"), by="t", now=NOON)
    cases = counter.office.cases
    sent = [told(counter, WAGES, f"139000000{n:02d}") for n in range(9)]
    assert {cases.state(one) for one in sent} == {State.AUTO_FORWARDED}
    for one in sent:
        counter.act(one, Wish(name="audit", args={"right": False}), CHIEF)
    held = {group: stands(counter.office, group) for group in ("labour", "traffic", "streets")}
    assert [group for group, one in held.items() if one is not None] == ["streets"]
    assert cases.state(told(counter, WAGES, "13800000009")) is State.TRIAGE


def test_a_certificate_of_the_whole_topic_sends_nothing_where_its_parts_have_other_units(
    house: tuple[Counter, Listener],
) -> None:
    counter, listener = house
    certified(counter, listener, "streets", 0.01)
    number = told(counter, LAMP)
    assert counter.office.cases.state(number) is State.TRIAGE
    assert "streets" in note(counter, number)


def test_what_a_person_corrects_by_day_is_told_of_the_next_alike_and_never_sent_alone(
    house: tuple[Counter, Listener],
) -> None:
    counter, listener = house
    certified(counter, listener, "labour", 0.01)
    number = told(counter, "菜鸟驿站的快递柜收费不合理,取件超时要钱")
    about = {"topic": "market.consumer", "nature": "complaint", "urgency": "normal"}
    counter.act(number, Wish(name="classify", args=about), CHIEF)
    again = told(counter, "小区菜鸟驿站快递柜取件超时收费,不合理", "13800000003")
    assert counter.office.cases.said(again, "topic") == "market.consumer"
    assert counter.office.cases.state(again) is State.TRIAGE
    assert "corrected today" in units(counter, again)[0].because


@pytest.mark.parametrize("stored", [None, b"", b"mindu topics 1\n" + bytes(64)])
def test_a_missing_or_broken_model_leaves_the_sorting_to_people(
    tmp_path: Path, stored: bytes | None
) -> None:
    if stored is not None:
        (tmp_path / FILE).write_bytes(stored)
    with opened(tmp_path, VirtualClock(NOON)) as (brain, counter):
        listen(tmp_path, brain, counter)
        number, chosen = told(counter, WAGES), told(counter, LAMP, service="lamp")
        assert brain.office.cases.state(number) is State.ACCEPTED
        assert brain.office.cases.state(chosen) is State.TRIAGE
        said = [e.record.name for e in brain.log if isinstance(e.record, Event)]
        assert "read_by_hand" in said


def test_officers_keys_duties_and_models_come_in_beside_a_line_that_serves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path), "--json"]
    with opened(tmp_path, VirtualClock(NOON)) as (brain, counter):
        renewed: list[bool] = []

        def do(order: Order) -> Mapping[str, str]:
            return carry_out(brain, counter, order, lambda: renewed.append(True))

        with taking(tmp_path, do):
            assert (tmp_path / NAME).stat().st_mode & 0o077 == 0
            assert mindu(["hotline", "officer", "anna", "--roles", "operator", *data]) == 0
            assert mindu(["hotline", "key", "app", *data]) == 0
            assert mindu(["hotline", "duty", "--lay", *data]) == 0
            bad = tmp_path / "bad.csv"
            bad.write_text("head\nwater,*,*,nobody,,ours\n", encoding="utf-8")
            assert mindu(["hotline", "duty", str(bad), "--lay", *data]) == 2
            assert mindu(["hotline", "learn", "--seed", *data]) == 0
        assert not (tmp_path / NAME).exists()
        assert brain.office.officer("anna") is not None
        tables = brain.memory.tables
        card = tables.get(CARD)
        assert card is not None
        assert card.table.rows[0][2] == "seed"
        assert {name for name in ("roster", "api_keys", "duty") if tables.get(name)} == {
            "roster", "api_keys", "duty",
        }  # fmt: skip
        assert renewed == [True]
    told_ = capsys.readouterr().out
    assert json.loads(told_.splitlines()[-1])["certified"] == {}
    assert (tmp_path / FILE).read_bytes().startswith(b"mindu topics 1\n")


def test_only_what_was_proved_apart_is_certified() -> None:
    good = [Trial("劳动和社会保障", 0.99, "劳动和社会保障")] * 700
    poor = [Trial("交通运输", 0.98, "城乡建设"), Trial("交通运输", 0.97, "交通运输")] * 350
    assert [told.group for told in certificates([*good, *poor], "v")] == ["*", "labour"]


def test_labels_of_many_makers_find_their_way_into_the_duty_table() -> None:
    assert topic_of("streets.lamps") == "streets.lamps"
    assert topic_of("0501") == "labour.wages"
    assert topic_of("城乡建设") == "housing"
    assert topic_of("1103") == "order"
    assert topic_of("nobody's") == "nobody's"
    assert finer("02", tuple(words("路灯坏了,整条街晚上没有照明,路灯全黑"))) == "streets.lamps"
    assert (service_of("streets.lamps"), service_of("nowhere")) == ("lamp", "")
    assert (area_of("鼓楼区"), area_of("")) == ("350102", "")


def test_the_days_audit_stands_on_the_desk_and_nobody_chooses_it(
    house: tuple[Counter, Listener],
) -> None:
    counter, listener = house
    certified(counter, listener, "labour", 0.05)
    sent, other = told(counter, WAGES), told(counter, LAMP)
    rows = (("su", "苏", "centre", "supervisor", "3501", "", sha256(b"s").hexdigest()),)
    counter.office.lay("roster", Table(rights.COLUMNS, rows, "tests"), by="tests", now=NOON)
    assert isinstance(counter.clock, VirtualClock)
    counter.clock.advance(timedelta(hours=1))
    app = Starlette(routes=doors.routes(counter, KIND))
    with served(app) as root, httpx.Client(base_url=root, timeout=PATIENCE) as desk:
        desk.post("/desk/in", data={"officer": "su", "secret": "s"})
        assert f"/desk/case/{sent}" in desk.get("/desk").text
        form = desk.get(f"/desk/case/{sent}").text
        token = form.split("name='token' value='")[1].split("'")[0]
        assert "<select name='right'" in form
        assert "name='right'" not in desk.get(f"/desk/case/{other}").text
        wish = {"token": token, "move": "audit", "right": "no"}
        for number, code in ((sent, 200), (other, 409)):
            told_ = {**wish, "seen": str(int(counter.office.cases.row(number)["moves"]))}
            assert desk.post(f"/desk/case/{number}", data=told_).status_code == code
    found = counter.office.cases.audits("labour", -1)
    assert [right for _, right in found] == [False]
