"""A case told years ago is found again: by the agent, the unit, and after the line was killed."""

from datetime import timedelta
from pathlib import Path

from house import KIND, NOON, counter
from mindu.base.time import VirtualClock
from mindu.brain.cases import Role
from mindu.brain.casework.office import Told
from mindu.brain.casework.rights import Officer
from mindu.cli.counter.behind.archiving import FILE, archiving, keep, taken_up
from mindu.cli.counter.house import helped
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.pages import Look
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
