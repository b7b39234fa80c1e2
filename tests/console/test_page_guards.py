"""What guards the pages: hostile names, foreign hosts and scripts, bad addresses, vast files."""

import re
from pathlib import Path

import pytest
from night import Night
from visitor import PUBLIC, STOPS, Visitor, between

from mindu.base.records import Judgement, Placed, Severity, Words
from mindu.console.declared import City, Map
from mindu.console.server import Serving, serving

pytest_plugins = ("served",)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=1>{{7*7}}\u202e'


def test_what_a_machine_says_is_text_and_never_markup(guest: Visitor) -> None:
    text = guest.get("/?lang=en").text
    assert "the twin died &lt;script&gt;" in text
    assert "the twin died <script>" not in text


def test_hostile_names_in_every_field_stay_text(night: Night) -> None:
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


def test_one_reader_too_many_is_told_to_come_again(desk: Serving, guest: Visitor) -> None:
    held = 0
    while desk.desk.room.acquire(blocking=False):
        held += 1
    answer = guest.get("/")
    assert answer.status == 503
    assert held == desk.desk.limits.clients
