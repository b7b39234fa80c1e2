"""The one window sees what it takes in, may say no with a reason, and hands all results over."""

import re

from services_desk import SHOP, open_nodes
from services_office import applied, at_desk, decides, hall, moves, opened
from services_people import Hall, Person

from mindu.apps.services.web.who import COOKIE, sealed

__all__ = ["hall"]
TASKS = ("business_licence", "food_licence", "fire_inspection", "signboard")


def test_the_window_sees_the_whole_application_as_soon_as_it_is_claimed(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    assert "开餐饮店一件事" in lin.body, "the list tells what each matter is"
    path = opened(lin, hall, case, "accept")
    assert SHOP["shop_name"] not in lin.body
    moves(lin, path, "claim")
    assert SHOP["shop_name"] in lin.body, "who claims a step stands before it"
    assert "食品经营项目" in lin.body or "热食" in lin.body
    told = list(hall.counter.receipts(case))
    assert [one["purpose"] for one in told] == ["restaurant/accept"]


def test_what_is_not_taken_in_ends_there_and_the_applicant_reads_why(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    moves(lin, opened(lin, hall, case, "accept"), "claim")
    path = opened(lin, hall, case, "accept")
    assert moves(lin, path, "decide", approved="no", result="").status == 409
    opened(lin, hall, case, "accept")
    moves(lin, path, "decide", approved="no", result="不属本市管辖")
    processes = hall.counter.processes
    assert (processes.state(case).status, open_nodes(hall.counter, case)) == ("ended", [])
    number = hall.counter.number(case)
    assert "不予受理:不属本市管辖" in Person(hall).get(f"/progress?number={number}&lang=zh").body
    told = Person(hall).get(f"/progress?number={number}&lang=en").body
    assert "It was not taken in: 不属本市管辖" in told
    assert "begins once" not in told


def test_the_last_step_hands_over_and_asks_for_no_second_yes(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    decides(lin, hall, case, "accept")
    for node in ("business_licence", "food_licence"):
        decides(lin, hall, case, node)
    for node in sorted(set(open_nodes(hall.counter, case)) - {"deliver"}):
        hall.counter.decide(case, node, by="other", approved=node != "signboard",
                            result="招牌过高", now=hall.time)  # fmt: skip
    moves(lin, opened(lin, hall, case, "deliver"), "claim")
    assert "不予批准 招牌过高" in lin.body
    assert 'name="approved"' not in lin.body
    assert moves(lin, opened(lin, hall, case, "deliver"), "decide", result="").status == 200
    assert hall.counter.processes.state(case).status == "ended"


def test_a_step_offers_only_the_moves_that_it_can_take(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    path = opened(lin, hall, case, "accept")
    assert offers(lin) == {"claim"}
    moves(lin, path, "claim")
    opened(lin, hall, case, "accept")
    assert {"decide", "return", "countersign", "add", "suspend"} <= offers(lin)
    assert not {"claim", "resume", "drop", "void"} & offers(lin)
    moves(lin, path, "suspend", kind="correction", why="缺租赁合同")
    opened(lin, hall, case, "accept")
    assert offers(lin) == {"urge", "resume"}


def offers(person: Person) -> set[str]:
    return set(re.findall(r'name="move" value="(\w+)"', person.body))


def test_large_letters_stay_from_page_to_page_and_a_language_keeps_the_question(
    hall: Hall,
) -> None:
    case = applied(hall)
    number = hall.counter.number(case)
    reader = Person(hall).get("/?lang=zh&large=1")
    assert 'class="large"' in reader.body
    assert 'class="large"' in reader.get("/newborn/?lang=zh").body
    assert 'class="large"' in reader.get("/id/sign-in?lang=zh").body
    assert 'class="large"' not in reader.get("/id/sign-in?lang=zh&large=0").body
    assert 'class="large"' not in reader.get("/?lang=zh").body
    shown = reader.get(f"/progress?number={number}&lang=zh").body
    assert f'href="?number={number}&amp;lang=en"' in shown


def test_whoever_leaves_the_last_slash_out_comes_to_the_same_room(hall: Hall) -> None:
    for path in ("/newborn", "/id", "/desk"):
        assert Person(hall).get(path).status == 200, path


def test_an_office_is_called_by_its_word_in_either_language(hall: Hall) -> None:
    applied(hall)
    lin = at_desk(hall, "Lin")
    assert "综合窗口、市场监管" in lin.get("/desk/?lang=zh").body
    assert "window, market regulation" in lin.get("/desk/?lang=en").body


def test_a_closed_case_is_rated_by_its_applicant_with_one_of_five_words(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    moves(lin, opened(lin, hall, case, "accept"), "claim")
    moves(lin, opened(lin, hall, case, "accept"), "decide", approved="no", result="材料不全")
    page = f"/progress?number={hall.counter.number(case)}&lang=zh"
    assert "非常满意" not in Person(hall).get(page).body, "it is not a stranger's to rate"
    applicant = Person(hall)
    applicant.jar.set(COOKIE, sealed(hall.site.secret, "who", "applicant"))
    shown = applicant.get(page).body
    assert re.findall(r'name="stars" value="(\d)"', shown) == ["5", "4", "3", "2", "1"]
    told = applicant.post("/rate?lang=zh", number=hall.counter.number(case), stars="2", said="慢")
    assert "回访" in told.body
    assert "2.0星" in applicant.get("/ratings?lang=zh").body
