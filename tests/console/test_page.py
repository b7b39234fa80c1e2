"""The pages over a real socket: what a duty officer, a phone, a citizen and a stranger get."""

import re
from pathlib import Path
from threading import Thread

import pytest
from night import Night, quiet, stormy
from visitor import Got, Visitor, between, in_order

from mindu.base.records import Words
from mindu.console.declared import City, Map
from mindu.console.server import Serving, serving
from mindu.console.words import SAID

pytest_plugins = ("served",)
HAN = re.compile(r"[\u4e00-\u9fff]")
STOPS = ("situation", "alerts", "look-ahead", "approvals", "replay", "data", "learning")
PUBLIC = ("status", "warnings", "decisions", "score-cards", "accessibility", "sign-in")


def yes(night: Night, **more: object) -> dict[str, object]:
    seq = night.board.waiting(night.now)[0].seq
    return {"seq": seq, "reason": "tide", "answer": "yes", "back": "/approvals", **more}


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


def test_what_a_machine_says_is_text_and_never_markup(guest: Visitor) -> None:
    text = guest.get("/?lang=en").text
    assert "the twin died &lt;script&gt;" in text
    assert "the twin died <script>" not in text


HOSTILE = '"><script>alert(1)</script><img src=x onerror=1>{{7*7}}\u202e'


def test_hostile_names_in_every_field_stay_text(night: Night) -> None:
    from mindu.base.records import Judgement, Placed, Severity, Words  # noqa: PLC0415

    facts: dict[str, object] = {"name_en": HOSTILE, "name_zh": HOSTILE, "owner": HOSTILE}
    night.write(Placed(HOSTILE, facts), about=HOSTILE, by=HOSTILE, at=night.now)  # type: ignore[arg-type]
    judged = Judgement(HOSTILE, Severity.RED, Words(HOSTILE, HOSTILE), 0.9)
    seq = night.write(judged, about=HOSTILE, by=HOSTILE, at=night.now)
    night.board.note(HOSTILE, HOSTILE, night.now, 1.0)
    with serving(night) as desk:
        officer = Visitor(desk).as_("admin", HOSTILE[:-1])
        answer = officer.send(
            "/api/v1/alerts/act", {"verb": "ack", "seqs": [seq], "reason": HOSTILE}
        )
        assert answer.json["done"] == [seq]
        pages = [*STOPS, *PUBLIC, f"why/{seq}", "account", f"alerts?q={'%3Cscript%3E'}", "report"]
        for page in pages:
            text = officer.get(f"/{page}").text
            assert "<script>alert" not in text, page
            assert "<img src=x" not in text, page
            assert "49" not in between(text, "<title>", "</title>"), page


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


def test_a_yes_is_written_down_with_the_name_and_the_reason(officer: Visitor, night: Night) -> None:
    form = yes(night)
    answer = officer.form("/approvals/decide", form)
    assert (answer.status, answer.headers["location"]) == (303, "/approvals?told=decided")
    entry = night.board.decisions[int(str(form["seq"]))]
    assert (entry.by, getattr(entry.record, "note", "")) == ("Chen", "tide")
    assert "written down" in officer.get("/approvals?told=decided&lang=en").text


def test_of_two_tabs_one_wins_and_the_other_is_told_who_was_faster(
    desk: Serving, night: Night
) -> None:
    form, told = yes(night), list[Got]()
    people = [Visitor(desk).as_("approver", name) for name in ("Chen", "Lin")]

    def press(visitor: Visitor) -> None:
        told.append(visitor.form("/approvals/decide?lang=en", form))

    threads = [Thread(target=press, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got.status for got in told) == [303, 409]
    loser = next(got.text for got in told if got.status == 409)
    winner = night.board.decisions[int(str(form["seq"]))].by
    assert f"{winner} was faster" in loser


def test_what_was_sent_can_be_taken_back_once(officer: Visitor, night: Night) -> None:
    sent = night.board.reversible()[0].seq
    form = {"seq": sent, "reason": "wrong", "back": "/approvals?state=sent"}
    assert "Take back" in officer.get("/approvals?state=sent&lang=en").text
    assert officer.form("/approvals/undo", form).status == 303
    assert sent in night.board.undone
    assert officer.form("/approvals/undo", form).status == 409
    assert "Take back" not in officer.get("/approvals?state=sent&lang=en").text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "stale"}, 403),
        ({"token": "令"}, 403),
        ({"reason": " "}, 422),
        ({"reason": "x" * 301}, 422),
        ({"answer": "maybe"}, 422),
        ({"seq": "one"}, 422),
        ({"seq": 9999}, 409),
        ({"reason": "x" * 70_000}, 413),
    ],
)
def test_a_bad_form_is_refused_with_a_word_and_changes_nothing(
    officer: Visitor, night: Night, change: dict[str, object], status: int
) -> None:
    answer = officer.form("/approvals/decide?lang=en", yes(night, **change))
    assert answer.status == status
    assert "error" in answer.text or 'role="alert"' in answer.text
    assert night.board.waiting(night.now)


def test_what_was_typed_stands_there_again_when_a_form_is_refused(
    officer: Visitor, night: Night
) -> None:
    typed = "the tide turns at two " + "x" * 300
    text = officer.form("/approvals/decide", yes(night, reason=typed)).text
    assert typed in text


def test_a_form_from_another_site_is_refused(officer: Visitor, night: Night) -> None:
    answer = officer.form("/approvals/decide", yes(night), Origin="http://elsewhere.example")
    assert answer.status == 403
    assert night.board.waiting(night.now)


def test_a_name_that_is_not_ours_is_refused(guest: Visitor) -> None:
    assert guest.get("/", Host="rebound.example").status == 421


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/thing/none", 404),
        ("/why/99999", 404),
        ("/why/x", 422),
        ("/?at=never", 422),
        ("/?at=1999-01-01", 404),
        ("/look-ahead?job=none", 404),
        ("/static/../../feed.py", 404),
        ("/static/%2e%2e/feed.py", 404),
        ("/geo/none.geojson", 404),
    ],
)
def test_an_address_that_is_none_is_refused_clearly(guest: Visitor, path: str, status: int) -> None:
    answer = guest.get(path)
    assert answer.status == status
    assert "<script>" not in answer.text


def test_nothing_is_asked_of_another_machine_and_nothing_runs_inline(guest: Visitor) -> None:
    for path in ("/", "/alerts", "/sign-in", "/face.css", "/face.js", "/passkey.js", "/report"):
        answer = guest.get(path)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", answer.text), path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe-eval'" not in policy
        assert "script-src 'unsafe-inline'" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        if path not in {"/report", "/face.css", "/face.js", "/passkey.js"}:
            assert not re.search(r"\son\w+=|<style|\sstyle=|javascript:", answer.text), path


def test_no_page_and_no_answer_is_kept_by_a_browser_but_built_files_are(officer: Visitor) -> None:
    for path in ("/situation", "/account", "/status", "/api/v1/alerts", "/report"):
        assert officer.get(path).headers["cache-control"] == "no-store", path
    assert officer.get("/face.css").headers["cache-control"] == "no-cache"


def test_a_map_of_ten_megabytes_is_served_whole_and_by_the_piece(
    night: Night, tmp_path: Path
) -> None:
    hostile = '{"type":"Feature","properties":{"name":"<script>alert(1)</script>"},"geometry":null}'
    whole = '{"type":"FeatureCollection","features":[' + ",".join([hostile] * 125_000) + "]}"
    assert len(whole) > 10_000_000
    path = tmp_path / "city.geojson"
    path.write_text(whole)
    said = Words("<script>alert(1)</script>", "<script>alert(1)</script>")
    told = {"title": said, "source": "<b>us</b>", "datum": "WGS-84", "review_no": ""}
    one = Map(name="city.geojson", path=path, **told)  # type: ignore[arg-type] # fields by name
    night.city = City(maps=(one,))
    with serving(night) as desk:
        guest = Visitor(desk)
        answer = guest.get("/geo/city.geojson")
        assert (answer.status, len(answer.text)) == (200, len(whole))
        assert answer.headers["content-type"].startswith("application/geo+json")
        piece = guest.get("/geo/city.geojson", Range="bytes=10-29")
        assert (piece.status, piece.text) == (206, whole[10:30])
        text = guest.get("/situation?lang=en").text
        assert "<script>alert" not in text
        assert "<b>us" not in text


def test_the_past_is_shown_as_it_was_known_then(guest: Visitor, night: Night) -> None:
    before = min(s for s, e in night.board.entries.items() if type(e.record).__name__ == "Weighing")
    text = guest.get(f"/situation?lang=en&at={before - 3}").text
    assert "as it was known then" in text
    assert "Start pump 1" not in text
    assert "Jin&#39;an tops its mark" not in text
    assert f'data-at="{before - 3}"' in text
    assert f"at={before - 3}" in between(text, '<nav class="loop"', "</nav>")


def test_one_reader_too_many_is_told_to_come_again(desk: Serving, guest: Visitor) -> None:
    held = 0
    while desk.desk.room.acquire(blocking=False):
        held += 1
    answer = guest.get("/")
    assert answer.status == 503
    assert held == desk.desk.limits.clients


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
