"""Replies are helped by what was answered before, filled from the case alone, and checked."""

import pytest

from mindu.engines.text import words
from mindu.engines.text.assist import Shelf, TemplateError, check_reply, fill, finely, holes


def shelf() -> Shelf:
    held = Shelf()
    for name, text in {
        "井盖": "五四路井盖丢失,已由市政维护单位当日补装",
        "社保": "社保卡遗失可在任一服务网点补办,需带身份证",
        "噪音": "酒吧夜间噪音扰民,已责令整改并安装隔音设施",
    }.items():
        held.put(name, words(text))
    return held


def test_the_shelf_finds_what_speaks_of_the_same_and_says_by_which_words() -> None:
    found = shelf().find(words("请问社保卡丢了怎么补办"))
    assert found[0].name == "社保"
    assert "社保卡" in found[0].because or "补办" in found[0].because


def test_a_text_taken_off_the_shelf_is_found_no_more() -> None:
    held = shelf()
    held.drop("社保")
    assert all(one.name != "社保" for one in held.find(words("社保卡补办")))
    held.put("井盖", words("公交线路调整"))
    assert not held.find(words("井盖丢失"))


def test_a_full_shelf_lets_the_oldest_go() -> None:
    held = Shelf(most=2)
    for name in "甲乙丙":
        held.put(name, words(f"{name}号井盖丢失"))
    assert len(held) == 2
    assert {one.name for one in held.find(words("井盖丢失"))} == {"乙", "丙"}


def test_a_template_fills_from_the_case_alone() -> None:
    assert fill("您反映的{事项}由{unit}办理。", {"事项": "积水", "unit": "水务局"}) == (
        "您反映的积水由水务局办理。"
    )
    with pytest.raises(TemplateError, match="unit"):
        fill("由{unit}办理", {"unit": " "})


@pytest.mark.parametrize(
    "template", ["{case.__class__}", "{0}", "{unit!r}", "{unit:>9999}", "{a", "}"]
)
def test_a_template_can_ask_for_plain_fields_only(template: str) -> None:
    with pytest.raises(TemplateError):
        holes(template)


def test_what_a_citizen_wrote_is_never_read_as_template() -> None:
    assert fill("您说:{said}", {"said": "{unit}", "unit": "x"}) == "您说:{unit}"


GOOD = (
    "您反映的五四路路灯不亮一事,经市政公司核实为电缆老化,已于11月12日更换修复,"
    "依据《城市照明管理规定》我们将加强巡查。"
)


def codes(question: str, reply: str) -> set[str]:
    return {fault.code for fault in check_reply(question, reply)}


def test_a_reply_that_answers_has_no_faults() -> None:
    assert codes("五四路路灯不亮一个月了", GOOD) == set()


@pytest.mark.parametrize(
    ("question", "reply", "code"),
    [
        ("路灯不亮", "您好,您反映的问题已收悉,感谢您的支持。", "empty"),
        ("小区电梯三天没有修好,老人上不了楼", GOOD.replace("路灯", "积水"), "beside"),
        ("五四路路灯不亮", GOOD + "请联系业主张大明13800138000。", "people"),
        ("五四路路灯不亮有没有政策规定", GOOD.replace("依据《城市照明管理规定》", ""), "cites"),
        (
            "五四路路灯不亮",
            "五四路路灯问题不归我们单位管,经核实我单位对此没有管理的职责,特此答复说明,谢谢来信。",
            "blames",
        ),
        (
            "五四路路灯不亮",
            "五四路路灯的问题我们很清楚,这条路的路灯由来已久,一直以来情况都是这样的,特此向您说明。",
            "open",
        ),
    ],
)
def test_a_reply_is_held_back_for_what_it_lacks(question: str, reply: str, code: str) -> None:
    assert code in codes(question, reply)


def test_an_article_is_found_where_the_segmenter_cuts_otherwise_and_never_by_an_idle_word() -> None:
    shelf = Shelf()
    shelf.put("lamps", finely("路灯不亮怎么报修"))
    shelf.put("water", finely("停水与水质"))
    (found,) = shelf.find(finely("五四路的路灯又不亮了,与昨天一样"))
    assert found.name == "lamps"
    assert set(found.because) <= {"路灯", "不亮", "路"}
