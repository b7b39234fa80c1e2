"""A night replayed from the command line, its report, and every question that can be put to it."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from mindu.cli.say import FOUND, GOOD, USAGE
from mindu.cli.verbs import run
from mindu.console.answers.sums import SHOWN

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter of an hour of a small city, lived once with its report and its plot."""
    folder = tmp_path_factory.mktemp("replayed")
    asked = ["replay", "storm", "--city", "fuzhou-small", "--hours", "0.25", "--json"]
    files = ["--report", str(folder / "night.html"), "--plot", str(folder / "night.svg")]
    assert run([*asked, *files, "--data", str(folder), "--lang", "zh"]) == GOOD
    return folder


@pytest.fixture
def ask(night: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Put one question to the night; return what is said."""

    def put(*words: str, lang: str = "en", code: int = GOOD) -> str:
        assert run([*words, "--data", str(night), "--lang", lang]) == code
        return capsys.readouterr().out

    return put


def test_the_report_holds_the_night_against_every_hand_rule(night: Path) -> None:
    text = (night / "night.html").read_text(encoding="utf-8")
    for said in (
        "发生了什么",
        "何时作出何种判断",
        "standing authority",
        "仅泵闸站",
        "预腾空规则",
        "遗憾",
    ):
        assert said in text, said
    assert "<script" not in text
    assert fromstring((night / "night.svg").read_text()).tag.endswith("svg")  # noqa: S314 - ours


def test_every_question_is_answered_in_both_languages_and_as_json(ask: Ask) -> None:
    whole = json.loads(ask("verify", "--json"))
    assert whole["whole"]
    assert "与写入时一致" in ask("verify", lang="zh")
    cards = json.loads(ask("score", "--json"))
    assert set(SHOWN) <= set(cards["water.weigh"])
    assert cards["water.weigh"]["regret"] is not None
    assert "遗憾" in ask("score", lang="zh")
    assert "regret" in ask("score")
    last = whole["entries"] - 1
    assert json.loads(ask("why", str(last), "--json"))["chain"][-1]["seq"] == last
    assert f"#{last}" in ask("why", f"#{last}", lang="zh")


def test_scores_are_plotted_as_svg_and_png(ask: Ask, tmp_path: Path) -> None:
    for ending, begins in (("svg", b"<svg "), ("png", b"\x89PNG")):
        file = tmp_path / f"score.{ending}"
        ask("score", "--plot", str(file))
        assert file.read_bytes().startswith(begins)
    ask("score", "--plot", str(tmp_path / "score.gif"), code=USAGE)


def test_a_moment_of_the_night_is_run_ahead_under_more_rain(ask: Ask) -> None:
    told = json.loads(ask("fork", "--at", "0.1h", "--rain", "x3", "--hours", "0.2", "--json"))
    was, changed = told["flood_m3"]
    assert changed >= was
    assert told["judgements"][0] >= 0


def test_a_log_that_was_changed_is_found_out(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = bytearray((night / "city.mindu").read_bytes())
    spot = raw.rindex(b"fuzhou-small")
    raw[spot] ^= 1
    (tmp_path / "city.mindu").write_bytes(bytes(raw))
    code = run(["verify", "--data", str(tmp_path), "--json"])
    assert code != GOOD
    told = json.loads(capsys.readouterr().out)
    assert told["wrong" if code == FOUND else "error"]
