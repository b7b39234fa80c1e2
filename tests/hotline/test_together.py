"""What many cases say together: bursts that every app hears, issues that never end, one matter."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
from line_told import ANNA, ROADS, Line, digest_of, judged, line, quiet, told, turn
from starlette.applications import Starlette

from house import KIND, NOON, PATIENCE, served
from mindu.apps.hotline import APP
from mindu.base.records import Event, Table
from mindu.base.time import DAY, HOUR, VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.cases import State
from mindu.brain.casework import rights
from mindu.brain.casework.office import Wish
from mindu.cli.counter.behind.watch import lookout
from mindu.cli.counter.house import NoHand
from mindu.cli.phone.doors import staffed
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.desk import doors
from mindu.edge.desk.tools import Tools

__all__ = ["line"]


def test_a_burst_is_a_judgement_that_other_apps_hear_with_its_cases(line: Line) -> None:
    quiet(line, "streets.lamps")
    quiet(line, "water.flooding")
    cases = [
        told(line, f"杨桥路积水 {n}", topic="water.flooding", who=f"w{n}", ago=n * HOUR / 2)
        for n in range(14)
    ]
    turn(line)
    assert judged(line, "swell") == ["trend:water.flooding:350102"]
    heard = line[0].view().heard("swell")
    assert [about for about, _ in heard] == ["trend:water.flooding:350102"]
    told_of = next(e.record for e in line[0].log if isinstance(e.record, Event)
                   and e.record.name == "burst")  # fmt: skip
    assert {str(n) for n in cases} <= set(str(told_of.args["cases"]).split())
    turn(line)
    assert len(judged(line, "swell")) == 1, "said once while it is the same"


def test_a_burst_in_one_street_is_told_where_the_whole_district_is_loud(line: Line) -> None:
    dice = Random(5)
    for back in range(120, -1, -1):
        for n in range(8):  # every day eight people somewhere in the district
            told(
                line,
                f"路灯 {back} {n}",
                topic="streets.lamps",
                who=f"u{back}.{n}",
                ago=back * DAY + HOUR,
                where=f"350102 {dice.choice(ROADS)}",
            )
    few = [
        told(line, f"杨桥路路灯不亮 {n}", topic="streets.lamps", who=f"w{n}", ago=n * HOUR,
             where="350102 杨桥路 12 号旁")
        for n in range(7)
    ]  # fmt: skip
    turn(line)
    assert [(b.topic, b.place) for b in line[2].seen.bursts] == [("streets.lamps", "杨桥路")]
    assert {int(name) for name in line[2].seen.bursts[0].calls} == set(few)
    told_of = next(e.record for e in line[0].log if isinstance(e.record, Event)
                   and e.record.name == "burst")  # fmt: skip
    assert told_of.args["place"] == "杨桥路"
    assert judged(line, "swell") == ["trend:streets.lamps:350102"]


def test_one_person_who_calls_ten_times_is_no_burst(line: Line) -> None:
    quiet(line, "streets.lamps")
    for n in range(10):
        told(line, f"路灯又坏了 {n}", topic="streets.lamps", who="w", ago=n * HOUR)
    turn(line)
    assert judged(line, "swell") == []
    assert judged(line, "blind") == []


def test_an_issue_told_over_months_by_ever_new_people_is_called_lasting(line: Line) -> None:
    for n, back in enumerate((150, 120, 85, 50, 20, 3)):
        told(line, f"金山文体中心旁的搅拌站夜里施工噪音扰民,第 {n} 次反映,希望停止夜间施工",
             topic="environment.noise", who=f"n{n}", ago=back * DAY)  # fmt: skip
    turn(line)
    assert judged(line, "lasting") == ["trend:environment.noise:350102"]
    one, topic, _ = line[2].seen.slow[0]
    assert (one.people, topic) == (6, "environment.noise")


def test_a_city_with_a_line_beside_it_judges_what_lasts_like_a_line_by_itself(
    tmp_path: Path,
) -> None:
    log, clock = Log.open(":memory:"), VirtualClock(NOON)
    brain = Brain("city", log=log, clock=clock, apps=[APP], sources=[], hand=NoHand(), things=[])
    with closing(brain), closing(Vault(tmp_path / "vault")) as vault:
        counter = Counter(brain.office, vault, Photos(tmp_path / "media"), clock)
        here = (brain, counter, lookout(brain, counter, []))
        for n, back in enumerate((150, 120, 85, 50, 20, 3)):
            told(here, f"金山文体中心旁的搅拌站夜里施工噪音扰民,第 {n} 次反映,希望停止夜间施工",
                 topic="environment.noise", who=f"n{n}", ago=back * DAY)  # fmt: skip
        with staffed(tmp_path, brain, counter) as tools:
            assert tools.looks is not None
            turn((brain, counter, tools.looks))
        assert judged(here, "lasting") == ["trend:environment.noise:350102"]
        assert judged(here, "blind") == []


def test_what_may_be_one_matter_is_suggested_confirmed_and_undone_for_good(line: Line) -> None:
    _, counter, looks = line
    first = told(
        line, "融侨锦江小区电梯坏了三天没人修,老人上不了楼", topic="housing.estate", who="a"
    )
    again = told(
        line, "融侨锦江小区 3 号楼电梯故障三天,物业一直不修", topic="housing.estate", who="b"
    )
    other = told(
        line, "融侨锦江小区门口烧烤店油烟很大,半夜还在营业", topic="environment.air", who="c"
    )
    turn(line)
    assert [(s.into, s.others, s.people) for s in looks.seen.same] == [(first, (again,), 2)]
    assert other not in looks.seen.same[0].others, "the same estate, another matter"
    counter.act(again, Wish(name="merge", args={"into": float(first)}), ANNA)
    turn(line)
    assert looks.seen.same == ()
    counter.act(again, Wish(name="unmerge", note="another lift 不是同一部电梯"), ANNA)
    assert counter.office.cases.state(again) is State.CLASSIFIED
    turn(line)
    assert looks.seen.same == (), "who was taken out is not suggested again"


def test_an_officer_says_once_that_two_cases_are_two_matters(line: Line) -> None:
    _, counter, looks = line
    first = told(line, "五四路路灯不亮,晚上走路危险", topic="streets.lamps", who="a")
    again = told(line, "五四路的路灯不亮了,晚上很危险", topic="streets.lamps", who="b")
    turn(line)
    assert looks.seen.same
    counter.act(again, Wish(name="keep_apart", args={"from": float(first)}), ANNA)
    turn(line)
    assert looks.seen.same == ()
    assert counter.office.cases.link(first).apart == [again]


def test_a_case_that_comes_by_day_joins_its_issue_and_the_typing_agent_hears_of_it(
    line: Line,
) -> None:
    _, counter, looks = line
    first = told(line, "五四路路灯不亮,晚上走路危险", topic="streets.lamps", who="a")
    turn(line)
    assert looks.near("", "五四路的路灯不亮,晚上危险") == first
    assert looks.near("", "医院挂号要排很久的队") is None
    told(line, "五四路的路灯不亮了,晚上很危险", topic="streets.lamps", who="b")
    assert isinstance(counter.clock, VirtualClock)
    counter.clock.advance(timedelta(minutes=5))
    turn(line)
    assert [s.into for s in looks.seen.same] == [first]


def test_on_the_first_day_of_a_line_short_words_in_common_make_no_issue(line: Line) -> None:
    turn(line)  # nothing was heard yet
    one = told(
        line, "住在融侨锦江小区3号楼电梯坏了三天没人修,老人上不了楼", topic="housing", who="a"
    )
    for who in ("b", "c"):
        told(line, f"路灯坏了{who}", topic="streets.lamps", who=who)
    assert isinstance(line[1].clock, VirtualClock)
    line[1].clock.advance(timedelta(minutes=5))
    turn(line)
    assert all(one not in (same.into, *same.others) for same in line[2].seen.same)


def test_heat_is_people_and_weeks_before_urging(line: Line) -> None:
    _, counter, looks = line
    for who in ("a", "b", "c"):
        told(line, "万宝路口红绿灯坏了,路口很乱", topic="traffic.order", who=who)
    loud = [
        told(line, "闽江大道共享单车乱停放,堵住人行道", topic="streets.vendors", who=who)
        for who in ("d", "e")
    ]
    for _ in range(9):
        counter.office.act(loud[0], Wish(name="urge", note="!"), ANNA, now=NOON)
    turn(line)
    assert [s.people for s in looks.seen.same] == [3, 2]
    assert looks.seen.same[1].urged == 9


def test_the_desk_shows_it_and_an_officer_confirms_with_one_press(line: Line) -> None:
    _, counter, looks = line
    rows = (("anna", "Anna", "centre", "operator dispatcher", "3501", "", digest_of("s")),)
    counter.office.lay("roster", Table(rights.COLUMNS, rows, "tests"), by="tests", now=NOON)
    quiet(line, "water.flooding")
    for n in range(12):
        told(line, f"杨桥路积水 {n}", topic="water.flooding", who=f"w{n}", ago=n * HOUR / 2)
    first, again = (
        told(line, text, topic="housing.estate", who=text)
        for text in ("融侨锦江小区电梯坏了三天没人修", "融侨锦江小区的电梯坏了三天,没人修")
    )
    turn(line)
    app = Starlette(routes=doors.routes(counter, KIND, tools=Tools(looks=looks)))
    with served(app) as root, httpx.Client(base_url=root, timeout=PATIENCE) as desk:
        assert desk.get("/desk/together").status_code == 401
        desk.post("/desk/in", data={"officer": "anna", "secret": "s"})
        page = desk.get("/desk/together?lang=en").text
        assert "Flooded road · Gulou" in page
        token = page.split("name='token' value='")[1].split("'")[0]
        seen = int(counter.office.cases.row(again)["moves"])
        form = {"token": token, "into": str(first), "case": f"{again}:{seen}", "move": "merge"}
        assert "Noted" in desk.post("/desk/together?lang=en", data=form).text
        late = desk.post("/desk/together?lang=en", data=form).text
        assert f"{again}: " in late, "who comes second is told"
    assert counter.office.cases.row(again)["master"] == first
