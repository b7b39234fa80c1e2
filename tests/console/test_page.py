"""The page over a real socket: what a duty officer, a phone, a script and a stranger get."""

import json
import re
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPResponse
from threading import Thread
from urllib.parse import urlencode

import pytest
from night import Night, quiet, stormy

from mindu.console.facts import LIMIT
from mindu.console.server import BODY, CLIENTS, Desk, serving
from mindu.console.words import SAID

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def night() -> Night:
    return stormy()


@pytest.fixture
def desk(night: Night) -> Iterator[Desk]:
    with serving(night) as desk:
        yield desk


def ask(
    desk: Desk,
    path: str,
    *,
    form: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[HTTPResponse, str]:
    line = HTTPConnection("127.0.0.1", desk.server_port, timeout=10)
    told = dict(headers or {})
    if form is None:
        line.request("GET", path, headers=told)
    else:
        told.setdefault("Content-Type", "application/x-www-form-urlencoded")
        line.request("POST", path, body=urlencode(form), headers=told)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer, text


def yes(desk: Desk, night: Night, **more: object) -> dict[str, object]:
    seq = night.board.waiting(night.now)[0].seq
    form = {"seq": seq, "token": desk.token, "by": "Chen", "note": "tide", "answer": "yes"}
    return {**form, **more}


def test_the_page_shows_the_alert_the_plan_and_the_score_without_a_script(desk: Desk) -> None:
    _, text = ask(desk, "/?lang=en")
    for said in ("Jin&#x27;an tops its mark in 35 min", "Start pump 1", "search", "water.flood"):
        assert said in text
    assert text.count("<script") == 1
    assert 'src="/face.js"' in text


def test_the_gravest_alert_comes_first_with_a_shape_and_a_word(desk: Desk) -> None:
    _, text = ask(desk, "/?lang=zh")
    alerts = text[text.index('id="alerts"') : text.index('id="map"')]
    assert alerts.index("紧急") < alerts.index("提示")
    assert 'class="mark crit" d="M' in alerts
    assert '<circle class="mark info"' in alerts


def test_every_sentence_of_the_page_exists_in_both_languages() -> None:
    for key, words in SAID.items():
        assert words.en, key
        assert words.zh, key
        assert key == "other" or not HAN.search(words.en), key


def test_the_english_page_has_no_chinese_but_the_way_back_and_names(desk: Desk) -> None:
    _, text = ask(desk, "/?lang=en")
    assert set(HAN.findall(text)) <= set("中文陈")


def test_a_reader_keeps_the_language_and_the_light_that_were_chosen(desk: Desk) -> None:
    answer, _ = ask(desk, "/?lang=en&theme=dark")
    kept = answer.headers.get_all("Set-Cookie") or []
    assert {c.split(";")[0] for c in kept} == {"lang=en", "theme=dark"}
    _, text = ask(desk, "/", headers={"Cookie": "lang=en; theme=dark"})
    assert '<html lang="en" data-theme="dark">' in text


def test_what_a_machine_says_is_text_and_never_markup(desk: Desk) -> None:
    _, text = ask(desk, "/?lang=en")
    assert "the twin died &lt;script&gt;" in text
    assert "the twin died <script>" not in text


def test_blindness_and_a_failed_engine_are_said_at_the_top(desk: Desk) -> None:
    _, text = ask(desk, "/?lang=en")
    banner = text[text.index('id="banner"') : text.index("<main>")]
    assert "blind" in banner
    assert "Five Mile" in banner
    assert "fall back to the static rules" in banner


def test_a_calm_city_says_so_in_grey() -> None:
    with serving(quiet()) as desk:
        _, text = ask(desk, "/?lang=en")
    assert "Nothing needs attention." in text
    assert 'class="mark' not in text


def test_the_fan_shows_the_past_the_interval_and_the_mark(desk: Desk) -> None:
    _, text = ask(desk, "/?lang=en&place=J2")
    fan = text[text.index('<svg class="fan"') :]
    fan = fan[: fan.index("</svg>")]
    for part in ('class="seen"', 'class="band"', 'class="mid"', 'class="now"', 'class="limit"'):
        assert part in fan


def test_why_leads_from_the_action_back_to_the_readings(desk: Desk, night: Night) -> None:
    seq = night.board.waiting(night.now)[0].seq
    _, text = ask(desk, f"/api/why/{seq}")
    kinds = [entry["record"]["type"] for entry in json.loads(text)["chain"]]
    assert kinds[0] == "Segment"
    assert kinds[-1] == "Action"
    assert {"Forecast", "Weighing", "Judgement"} <= set(kinds)


def test_a_yes_is_written_down_with_the_name_and_the_reason(desk: Desk, night: Night) -> None:
    form = yes(desk, night)
    answer, _ = ask(desk, "/decide", form=form)
    assert answer.status == 303
    entry = night.board.decisions[int(str(form["seq"]))]
    assert (entry.by, getattr(entry.record, "note", "")) == ("Chen", "tide")


def test_of_two_tabs_one_wins_and_the_other_is_told_who_was_faster(
    desk: Desk, night: Night
) -> None:
    forms = [yes(desk, night, by=name) for name in ("Chen", "Lin")]
    told: list[tuple[int, str]] = []

    def press(form: Mapping[str, object]) -> None:
        answer, text = ask(desk, "/decide?lang=en", form=form)
        told.append((answer.status, text))

    threads = [Thread(target=press, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in told) == [303, 409]
    loser = next(text for status, text in told if status == 409)
    winner = night.board.decisions[int(str(forms[0]["seq"]))].by
    assert f"{winner} was faster" in loser


def test_what_was_sent_can_be_taken_back_once(desk: Desk, night: Night) -> None:
    sent = night.board.reversible()[0].seq
    form = yes(desk, night, seq=sent, answer="undo")
    assert "Take back" in ask(desk, "/?lang=en")[1]
    assert ask(desk, "/decide", form=form)[0].status == 303
    assert sent in night.board.undone
    assert ask(desk, "/decide", form=form)[0].status == 409
    assert "Take back" not in ask(desk, "/?lang=en")[1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "stale"}, 403),
        ({"token": "令"}, 403),
        ({"by": " "}, 400),
        ({"note": ""}, 400),
        ({"note": "x" * 301}, 400),
        ({"answer": "maybe"}, 400),
        ({"seq": "one"}, 400),
        ({"seq": 9999}, 409),
        ({"note": "x" * BODY}, 413),
    ],
)
def test_a_bad_form_is_refused_with_a_word(
    desk: Desk, night: Night, change: dict[str, object], status: int
) -> None:
    answer, text = ask(desk, "/decide", form=yes(desk, night, **change))
    assert answer.status == status
    assert json.loads(text)["error"]
    assert night.board.waiting(night.now)


def test_a_form_from_another_site_is_refused(desk: Desk, night: Night) -> None:
    answer, _ = ask(
        desk, "/decide", form=yes(desk, night), headers={"Origin": "http://elsewhere.example"}
    )
    assert answer.status == 403


def test_a_name_that_is_not_ours_is_refused(desk: Desk) -> None:
    answer, _ = ask(desk, "/", headers={"Host": "rebound.example"})
    assert answer.status == 421


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/api/place/none", 404),
        ("/api/why/99999", 404),
        ("/api/why/x", 400),
        ("/?why=x", 400),
        (f"/api/log?limit={LIMIT + 1}", 400),
        ("/api/log?since=-1", 400),
        ("/?" + "&".join(f"a{i}=1" for i in range(30)), 400),
        ("/api/state", 200),
        ("/api/score", 200),
        ("/api/plan", 200),
        ("/api/place/J2", 200),
    ],
)
def test_an_address_is_answered_or_refused_clearly(desk: Desk, path: str, status: int) -> None:
    answer, text = ask(desk, path)
    assert answer.status == status
    assert json.loads(text) if status == 200 else json.loads(text)["error"]


def test_nothing_is_asked_of_another_machine(desk: Desk) -> None:
    for path in ("/", "/face.css", "/face.js", "/report"):
        answer, text = ask(desk, path)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_reader_who_has_seen_it_all_gets_nothing_new(desk: Desk) -> None:
    _, text = ask(desk, "/api/panels?lang=en")
    mark = json.loads(text)["mark"]
    answer, text = ask(desk, f"/api/panels?lang=en&mark={mark}")
    assert (answer.status, text) == (204, "")


def test_one_reader_too_many_is_told_to_come_again(desk: Desk) -> None:
    for _ in range(CLIENTS):
        assert desk.room.acquire(blocking=False)
    answer, _ = ask(desk, "/api/state")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


def test_the_english_report_tells_the_night_in_one_file(desk: Desk) -> None:
    _, text = ask(desk, "/report?lang=en")
    for said in ("35 min", "陈: yes: tide", "false alarm", "the twin died", "Pump before", "-72%"):
        assert said in text
    assert "<script" not in text
    assert "<link" not in text
