"""The pages over a real socket: what an officer, a phone, a citizen and a stranger are shown."""

import re

import pytest
from night import NOW, Night, quiet, stormy
from visitor import PUBLIC, STOPS, Visitor, between, in_order

from mindu.base.records import Action, Decision, Option, Weighing, Words
from mindu.console.server import serving
from mindu.console.words import SAID

pytest_plugins = ("served",)
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_the_situation_shows_the_alert_the_plan_and_the_score_without_a_script(
    guest: Visitor,
) -> None:
    text = guest.get("/?lang=en").text
    for said in ("Jin&#39;an tops its mark in 35 min", "Start pump 1", "search", "water.flood"):
        assert said in text
    assert text.count("<script") == 1
    assert 'src="/face.js"' in text or 'src="/static/console.js' in text


def test_the_gravest_alert_comes_first_with_a_shape_and_a_word(guest: Visitor) -> None:
    alerts = between(guest.get("/alerts?lang=zh").text, '<ol class="alerts">', "</ol>")
    assert in_order(alerts, ["紧急", "提示"])
    assert 'class="mark crit" d="M' in alerts
    assert '<circle class="mark info"' in alerts


def test_every_sentence_of_the_pages_exists_in_both_languages() -> None:
    for key, words in SAID.items():
        assert words.en, key
        assert words.zh, key
        assert key == "other" or not HAN.search(words.en), key


@pytest.mark.parametrize("page", [*STOPS, *PUBLIC, "thing/J2", "why/14"])
def test_every_page_stands_in_both_languages_and_says_its_city(guest: Visitor, page: str) -> None:
    for lang, city in (("en", "Banyan City"), ("zh", "榕城")):
        answer = guest.get(f"/{page}?lang={lang}")
        assert answer.status == 200, page
        assert city in answer.text
        assert answer.text.count("<h1") == 1
        assert f'<html lang="{"en" if lang == "en" else "zh-CN"}"' in answer.text


@pytest.mark.parametrize("page", [*STOPS, *PUBLIC, "thing/J2", "why/14"])
def test_an_english_page_has_no_chinese_but_the_way_back_and_names(
    guest: Visitor, page: str
) -> None:
    shown = re.sub(r"<pre>.*?</pre>", "", guest.get(f"/{page}?lang=en").text, flags=re.DOTALL)
    assert set(HAN.findall(shown)) <= set("中文陈")


def test_a_reader_keeps_the_language_and_the_light_that_were_chosen(guest: Visitor) -> None:
    guest.get("/?lang=en&theme=dark")
    assert (guest.jar["lang"], guest.jar["theme"]) == ("en", "dark")
    assert '<html lang="en" data-theme="dark"' in guest.get("/alerts").text


def test_blindness_and_a_failed_engine_are_said_at_the_top(guest: Visitor) -> None:
    banner = between(guest.get("/?lang=en").text, 'id="banner"', 'class="situation"')
    assert "blind" in banner
    assert "Five Mile" in banner
    assert "fall back to the static rules" in banner


def test_a_calm_city_says_so_in_grey() -> None:
    with serving(quiet()) as desk:
        text = Visitor(desk).get("/?lang=en").text
    assert "Nothing needs attention." in text
    assert 'class="mark' not in text


def test_the_fan_shows_the_past_the_interval_and_the_mark(guest: Visitor) -> None:
    fan = between(guest.get("/?lang=en&thing=J2").text, '<svg class="fan"', "</svg>")
    for part in ('class="seen"', 'class="band"', 'class="mid"', 'class="now"', 'class="limit"'):
        assert part in fan


def test_only_a_part_of_a_page_is_sent_to_whoever_asks_for_it(guest: Visitor) -> None:
    part = guest.get("/situation?lang=en", X_Mindu_Part="alertlist").text
    assert "Jin&#39;an" in part
    assert "<html" not in part
    assert guest.get("/situation", X_Mindu_Part="none").status == 404


def test_the_past_is_shown_as_it_was_known_then(guest: Visitor, night: Night) -> None:
    before = min(s for s, e in night.board.entries.items() if type(e.record).__name__ == "Weighing")
    text = guest.get(f"/situation?lang=en&at={before - 3}").text
    assert "as it was known then" in text
    assert "Start pump 1" not in text
    assert "Jin&#39;an tops its mark" not in text
    assert f'data-at="{before - 3}"' in text
    assert f"at={before - 3}" in between(text, '<nav class="loop"', "</nav>")


def test_the_english_report_tells_the_night_in_one_file(guest: Visitor) -> None:
    text = guest.get("/report?lang=en").text
    for said in ("35 min", "陈: yes: tide", "false alarm", "the twin died", "Pump before", "-72%"):
        assert said in text
    assert "<script" not in text
    assert "<link" not in text


def test_the_public_decisions_name_no_person_and_say_why() -> None:
    with serving(stormy()) as desk:
        text = Visitor(desk).get("/decisions?lang=en").text
    assert "Start pump 1" in text
    assert "Why: " in text
    assert "chosen" in text
    assert "陈" not in text


def test_a_plan_is_called_as_its_app_calls_it_in_the_readers_language() -> None:
    night = stormy()
    named = Words("storage programme (first settings held)", "蓄水规划（先定值）")
    option = Option("storage programme+held", {}, 10.0, 12.0, title=named)
    plan = Weighing(option.name, (option,), 8)
    weighed = night.write(plan, about="net", by="water.plan", at=NOW)
    ask = Action("set", "net", Words("Open gate 2", "开 2 号闸"), args={"G2": 1.0})
    asked = night.write(ask, about="net", by="water.dispatch", at=NOW, because=(weighed,))
    yes = Decision(confirmed=True, note="tide")
    night.write(yes, about="net", by="陈", at=NOW, because=(asked,))
    with serving(night) as desk:
        zh, en = (Visitor(desk).get(f"/decisions?lang={lang}").text for lang in ("zh", "en"))
    assert named.zh in zh
    assert "programme" not in zh
    assert "held)" in en
