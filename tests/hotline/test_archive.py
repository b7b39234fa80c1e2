"""A case told years ago is found again: by the agent, the unit, and after the line was killed."""

from datetime import timedelta
from pathlib import Path

from house import KIND, NOON, counter
from mindu.base.records import Event
from mindu.base.time import VirtualClock
from mindu.brain.cases import Role
from mindu.brain.casework.office import Told, Wish
from mindu.brain.casework.rights import Officer
from mindu.cli.counter.behind.archiving import FILE, archiving, asking, keep, taken_up
from mindu.cli.counter.house import helped
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.pages import Look
from mindu.edge.desk import together
from mindu.edge.desk.aid import aid
from mindu.edge.desk.hints import Hints
from mindu.edge.desk.tools import Tools
from mindu.edge.together.archive import Archive

ROLES = tuple(role for role in Role if role is not Role.MACHINE)
ANNA = Officer("anna", "Anna", "centre", ROLES, ("*",))
MATTERS = (
    "搅拌站半夜施工噪音很大,粉尘飘进家里", "路面积水到膝盖,车辆熄火无法通行",
    "路灯全部不亮,夜里走路害怕", "流动摊贩占道经营,人行道走不过去", "公交车班次太少,等四十分钟不来",
    "水管爆裂停水两天,老人没法做饭", "大狗不拴绳咬伤小孩,没有人管", "垃圾一个星期没有清运,臭气熏天",
)  # fmt: skip
PLACES = ("金山大道", "桂湖新城", "榕江花园", "福飞路", "盖山镇", "左海公园", "学军路", "茶亭街")


def told(desk: Counter, text: str, *, days: int = 0) -> int:
    case = Told(kind="matter", text=text, area="350102", caller="c")
    return desk.office.open(case, by="test", now=NOON - timedelta(days=days)).seq


def filled(desk: Counter, count: int = 60) -> list[int]:
    said = [f"{place}{matter}" for matter in MATTERS for place in PLACES]
    return [told(desk, text, days=900 - n) for n, text in enumerate(said[:count])]


def test_what_was_told_years_ago_is_found_while_an_agent_types_and_beside_the_case(
    tmp_path: Path,
) -> None:
    desk = counter(tmp_path)
    old = filled(desk)[3]  # far older than what is sorted into issues
    archive = Archive(desk.office, desk.lock)
    assert archive.renew() == 60
    words = desk.opening(old).text
    number = told(desk, f"{words},请尽快处理")
    archive.renew()
    library = helped(desk, archive)
    assert old in [other for other, _ in library.maybe_same(number, ANNA.areas)]
    look = Look(desk, KIND, "en", "")
    assert f"/desk/case/{old}" in aid(look, ANNA, library, number, NOON)
    hints = Hints(look, ANNA, Tools(library=library))
    assert old in [case for case, _ in hints.alike(f"{words}请处理", [])]
    elsewhere = Officer("bo", "Bo", "centre", ROLES, ("350111",))
    assert library.maybe_same(number, elsewhere.areas) == []
    assert Hints(look, elsewhere, Tools(library=library)).alike(words, []) == []


def test_an_archive_kept_and_taken_up_answers_as_the_one_that_read_everything(
    tmp_path: Path,
) -> None:
    desk = counter(tmp_path)
    filled(desk, 40)
    first, path = Archive(desk.office, desk.lock), tmp_path / FILE
    first.renew()
    keep(first, path)
    later = filled(desk, 60)[40:]
    first.renew()
    again, anew = Archive(desk.office, desk.lock), Archive(desk.office, desk.lock)
    assert taken_up(again, path)
    assert again.renew() == len(later) + 40, "only what came since is read"
    assert anew.renew() == 100
    for number in later:
        words = desk.opening(number).text
        assert again.find("", words) == first.find("", words) == anew.find("", words)


def test_a_file_that_is_cut_or_of_another_log_is_read_anew(tmp_path: Path) -> None:
    desk, other = counter(tmp_path), counter(tmp_path / "other")
    filled(desk, 20)
    told(other, "另一条热线的第一件", days=901)
    filled(other, 30)
    archive, path = Archive(desk.office, desk.lock), tmp_path / FILE
    archive.renew()
    keep(archive, path)
    assert not taken_up(Archive(other.office, other.lock), path), "another log"
    whole = path.read_bytes()
    for broken in (b"", whole[: len(whole) // 2], b"\x93\x01" + whole, b"not an archive"):
        path.write_bytes(broken)
        assert not taken_up(Archive(desk.office, desk.lock), path)
    assert not taken_up(Archive(desk.office, desk.lock), tmp_path / "none")


def test_what_an_archive_holds_is_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    numbers = filled(desk)
    archive = Archive(desk.office, desk.lock, most=40)
    archive.renew()
    assert len(archive) <= 40
    newest = desk.opening(numbers[-1]).text
    assert archive.find("", newest)[0][0] == numbers[-1]


def test_a_line_that_closes_keeps_its_archive(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    filled(desk, 10)
    assert isinstance(desk.clock, VirtualClock)
    with archiving(tmp_path, desk, every=0.01) as archive:
        while len(archive) < 10:
            pass
    assert taken_up(Archive(desk.office, desk.lock), tmp_path / FILE)


def called(desk: Counter, text: str, area: str = "350102") -> int:
    letter = Letter(kind="matter", text=text, channel="telephone", area=area)
    return desk.receive(letter).number


def test_a_new_call_is_held_at_intake_against_all_years(
    tmp_path: Path,
) -> None:
    desk = counter(tmp_path)
    old, done, elsewhere = filled(desk)[3:6]
    for number in (done, elsewhere):
        desk.office.act(number, Wish(name="reject", note="不属受理范围"), ANNA, now=NOON)
    archive = Archive(desk.office, desk.lock)
    archive.renew()
    repeats = asking(desk, archive)

    first = called(desk, f"{desk.opening(old).text},请尽快处理")
    assert repeats.of(first)[0] == old
    told = desk.office.memory.log.after(first)
    event = next(e.record for e in told if isinstance(e.record, Event))
    assert (event.name, str(event.args["cases"]).split()[0]) == ("may_repeat", str(old))
    second = called(desk, f"{desk.opening(done).text},又来了")
    assert done in repeats.of(second), "what is closed is named, though nothing can be merged"
    assert repeats.of(called(desk, f"{desk.opening(old).text},请尽快处理!", area="350111")) == ()
    third = repeats.of(called(desk, f"{PLACES[6]}{MATTERS[1]}"))
    assert [desk.opening(n).text[:3] for n in third][:1] == [PLACES[6]]
    other = {n for n in desk.office.cases for road in ("金山大道", "福飞路", "左海公园")
             if desk.opening(n).text.startswith(road)}  # fmt: skip
    assert not other & set(third), "another known road, told of in the same words"
    assert repeats.of(called(desk, "想了解居住证办理需要哪些材料")) == ()


def test_what_intake_suspects_is_merged_at_the_desk_or_parted_for_good(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    old = filled(desk)[3]
    archive = Archive(desk.office, desk.lock)
    archive.renew()
    repeats = asking(desk, archive)
    first = called(desk, f"{desk.opening(old).text},请尽快处理")
    assert first in {one.into: one.others for one in repeats.same([])}[old]
    look, tools = Look(desk, KIND, "en", ""), Tools(repeats=repeats)
    assert f"value='{first}:" in together.page(look, ANNA, tools, "t", "")
    assert f"/desk/case/{old}" in together.repeated(look, ANNA, tools, first)
    again = asking(desk, archive)
    assert again.of(first) == repeats.of(first), "a restart forgets no suggestion"
    keep_apart = Wish(name="keep_apart", seen=None, args={"from": float(old)})
    desk.act(first, keep_apart, ANNA)
    apart = {one.into: one.others for one in again.same([])}.get(old, ())
    assert first not in apart, "parted is not suggested again"


def test_intake_goes_on_where_the_archive_stumbles(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    archive = Archive(desk.office, desk.lock)
    filled(desk, 20)
    archive.renew()
    asking(desk, archive)
    archive._held = (archive._held[0], [])  # what was found has no number
    letter = Letter(kind="matter", text=f"{PLACES[0]}{MATTERS[0]}", channel="telephone")
    assert desk.receive(letter).number in desk.office.cases
