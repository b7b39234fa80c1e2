"""The hotline by itself: a storm night with its score, a pulse for the loops, its commands."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from house import NOON, counter
from mindu.apps.hotline.storm.grammar import flood_call, trapped_call
from mindu.apps.hotline.storm.hear import WORTH, answer, hear
from mindu.apps.hotline.things import Road, things
from mindu.base.records import Judgement
from mindu.base.time import VirtualClock
from mindu.brain.casework.month import dossiers, quickest
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import MACHINE
from mindu.city import Random
from mindu.cli.counter.house import KIND, listen, opened
from mindu.cli.counter.night import Alone
from mindu.cli.line.morning import score
from mindu.cli.verbs import run as mindu
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.pulse import Beat, Pulse

ROADS = [thing for thing in things() if isinstance(thing, Road)]


def test_a_night_of_calls_is_heard_merged_answered_and_scored(tmp_path: Path) -> None:
    night = Alone(3, tmp_path)
    for _ in range(132):  # eleven hours: the rain and what follows it
        night.step()
    told = score(night.shift)
    calls, merged, freed = (
        told[name] for name in ("calls", "duplicates_merged", "flood_callers_told_free")
    )
    assert calls is not None and merged is not None and freed is not None  # noqa: PT018
    assert calls > 50
    assert merged > 0.5 * calls
    assert merged <= (told["mergeable"] or 0) + 1
    assert (told["merged_rightly"] or 0.0) >= 0.95
    assert told["judged_rightly"] == told["roads_judged_flooded"]
    assert freed >= 0.8 * (told["flood_callers"] or 0)
    for road, at in night.shift.freed.items():
        seen = night.brain.memory.twins.last(road, "depth")
        assert seen is not None, "nobody is told that a road is free that nobody looked at"
        assert at
    night.brain.log.verify()


def test_a_flood_call_is_heard_in_its_own_words_nine_times_in_ten() -> None:
    dice, right, deep = Random(5), 0, 0
    for turn in range(300):
        depth = (turn % 12) / 20.0
        heard = hear(flood_call(ROADS[0], depth, dice).text, ROADS)
        right += (heard.road, heard.topic) == ("road:wushan", "water.flooding")
        deep += bool(heard.depth) and abs(WORTH[heard.depth] - depth) <= 0.25
    assert right >= 270
    assert deep >= 255


@pytest.mark.parametrize(
    ("text", "depth"),
    [("水到膝盖了", "knee"), ("积水30厘米", "knee"), ("水有8公分", "ankle"),
     ("水深1.2米到腰了", "deeper"), ("路灯不亮,膝盖摔伤", ""), ("积水100厘米", "deeper")],
)  # fmt: skip
def test_how_deep_it_is_said_to_be_is_heard_of_water_alone(text: str, depth: str) -> None:
    assert hear(text, ROADS).depth == depth


def test_who_is_trapped_in_the_water_is_handed_to_119_at_once(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    for turn in range(8):
        call = trapped_call(ROADS[turn], Random(turn))
        got = desk.receive(Letter(kind="matter", text=call.text, channel="telephone",
                                  phone=call.phone))  # fmt: skip
        assert got.hand_over is not None
        assert got.hand_over.agency == "119"


def test_what_a_caller_is_told_follows_the_state_of_the_road() -> None:
    road = ROADS[0]
    assert "查看" in answer(road, seen=None, callers=4).zh
    assert "30 厘米" in answer(road, seen=0.3, callers=4).zh
    assert "已退" in answer(road, seen=0.01, callers=4).zh


def test_what_people_tell_becomes_readings_that_a_loop_judges(tmp_path: Path) -> None:
    clock = VirtualClock(NOON)
    with opened(tmp_path, clock) as (brain, desk):
        listen(tmp_path, brain, desk)
        for turn in range(6):
            desk.receive(
                Letter(kind="matter", text=f"五四路积水 {turn}", channel="telephone",
                       phone=f"1380000000{turn}", service="flooding", area="350102",
                       place="五四路口")
            )  # fmt: skip
        clock.advance(timedelta(minutes=5))
        brain.tick()
        found = {e.about: e.record for e in brain.log if isinstance(e.record, Judgement)}
        said = found["road:wusi"]
        assert said.finding == "flooded_road"
        assert brain.view().heard("flooded_road")[0][0] == "road:wusi"


def test_a_pulse_counts_only_what_is_young_and_fits(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    for turn, area in enumerate(("350102", "350103")):
        got = desk.receive(Letter(kind="matter", text=f"树倒 {turn}", channel="telephone",
                                  phone=f"1380000001{turn}", area=area))  # fmt: skip
        about = {"topic": "streets.trees", "nature": "help", "urgency": "normal"}
        for wish in (Wish(name="accept"), Wish(name="classify", args=about)):
            desk.office.act(got.number, wish, MACHINE, now=NOON)
    pulse = Pulse(desk.office, [Beat(about="x", prop="calls", topic="streets", area="350102")])
    assert [r.value for r in pulse.read(NOON)] == [1.0]
    assert [r.value for r in pulse.read(NOON + timedelta(hours=2))] == [0.0]


def test_the_month_ranks_people_and_weeks_and_use_orders_the_quick_channel(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    for turn in range(3):
        got = desk.receive(Letter(kind="matter", text=f"噪声 {turn}", channel="telephone",
                                  phone=f"1380000002{turn}", service="noise"))  # fmt: skip
        about = {"topic": "environment.noise", "nature": "complaint", "urgency": "normal"}
        for wish in (Wish(name="accept"), Wish(name="classify", args=about)):
            desk.office.act(got.number, wish, MACHINE, now=NOON)
    span = (NOON - timedelta(days=15), NOON + timedelta(days=60))
    (top,) = dossiers(desk.office, *span, now=NOON + timedelta(hours=1))
    assert (top.topic, top.people, top.weeks) == ("environment.noise", 3, 1)
    assert top.late == 0, "the month runs: there are days ahead in which to answer"
    (over,) = dossiers(desk.office, *span, now=NOON + timedelta(days=300))
    assert over.late == 3
    assert quickest(desk.office, ["lamp"], NOON + timedelta(days=1)) == ["noise", "lamp"]


def test_the_commands_of_the_hotline_answer_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path), "--json"]
    assert mindu(["hotline", "officer", "anna", "--roles", "operator", *data]) == 0
    assert json.loads(capsys.readouterr().out)["secret"]
    assert mindu(["hotline", "officer", "x", "--roles", "king", *data]) == 2
    assert "operator" in capsys.readouterr().out
    assert mindu(["hotline", "key", "app", *data]) == 0
    secret = json.loads(capsys.readouterr().out)["api_key"]
    assert mindu(["hotline", "duty", *data]) == 0
    assert json.loads(capsys.readouterr().out)["holes"] == []
    assert mindu(["hotline", "month", "2026-09", *data]) == 0
    log = (tmp_path / "city.mindu").read_bytes()
    assert secret.encode() not in log
    assert KIND.name == "matter"


def test_the_help_of_the_hotline_names_what_reads_files(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        mindu(["hotline", "--help"])
    told = capsys.readouterr().out
    assert all(verb in told for verb in ("train", "classify", "merge", "address"))
