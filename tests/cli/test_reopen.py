"""A night that is over is opened again: listed, shown and asked, and nothing can be decided."""

import json
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from mindu.base.records import Event, Placed
from mindu.cli.live.diary import Title, open_for
from mindu.cli.live.store import kept_in
from mindu.cli.reopen import feed_of
from mindu.cli.say import GOOD, USAGE
from mindu.cli.verbs import STOPPED, run
from mindu.console.feed import NotDecided

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)


@pytest.fixture
def nights(tmp_path: Path) -> Path:
    """Two nights in one folder, the older put aside."""
    for seed in (1, 2):
        log = open_for(Title("fuzhou", "dry-week", seed), tmp_path)
        args = {"city": "fuzhou", "storm": "dry-week", "seed": str(seed), "since": "0.0"}
        log.append(Event("night", {**args}), at=NOON, about="fuzhou", by="mindu")
        placed = Placed("Junction", {"name_zh": f"断面{seed}", "name_en": f"Reach {seed}"})
        log.append(placed, at=NOON, about="J1", by="fuzhou")
        log.commit()
        log.close()
    return tmp_path


def test_the_nights_of_a_folder_are_listed(
    nights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["open", "--list", "--data", str(nights), "--json"]) == GOOD
    told = json.loads(capsys.readouterr().out)
    assert [(it["night"], it["seed"], it["entries"]) for it in told] == [(0, 2, 2), (1, 1, 2)]
    assert run(["open", "--night", "7", "--data", str(nights)]) == USAGE
    assert "--night one of: 0, 1." in capsys.readouterr().err


def test_a_night_put_aside_is_read_whole_and_decides_nothing(nights: Path) -> None:
    feed = feed_of(kept_in(nights)[1], nights)
    assert feed.board.places["J1"].title("en") == "Reach 1"
    assert feed.city.apps
    assert feed.pulse().mode == "stored"
    with pytest.raises(NotDecided):
        feed.decide(1, by="Chen", confirmed=True, note="")


def test_an_older_night_stands_on_the_page_until_it_is_ended(nights: Path) -> None:
    command = "-m mindu open --night 1 --port 0 --json --lang en --data"
    with subprocess.Popen(
        [sys.executable, *command.split(), str(nights)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as opened:
        assert opened.stdout is not None
        told = json.loads(opened.stdout.readline())
        with urlopen(told["url"] + "data?lang=en", timeout=60) as page:  # noqa: S310 - our own
            text = page.read().decode()
        opened.send_signal(signal.SIGINT)
        assert opened.wait(60) == GOOD
    assert re.search("Reach 1|J1", text)


def test_whoever_presses_ctrl_c_twice_does_not_wait_for_the_turn() -> None:
    waits = (
        "import sys\nfrom threading import Event\nfrom mindu.cli.live.ending import stopping\n"
        "from mindu.cli import verbs\n"
        "def turn(args):\n    with stopping(Event()):\n"
        "        print('turning', flush=True)\n        Event().wait()\n"
        "verbs._run = turn\nsys.exit(verbs.run([]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", waits], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as turning:
        assert turning.stdout is not None
        assert turning.stderr is not None
        assert turning.stdout.readline() == "turning\n"
        turning.send_signal(signal.SIGINT)
        assert "Ctrl-C again stops at once" in turning.stderr.readline() + turning.stderr.readline()
        turning.send_signal(signal.SIGINT)
        assert turning.wait(60) == STOPPED
