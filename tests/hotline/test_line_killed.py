"""A line that serves is killed under load: what it said thanks for is there, once, also after."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter as Count
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Event as Flag
from threading import Thread

import httpx
import pytest

from house import PATIENCE
from mindu.base.records import Case, Event, Move
from mindu.cli.counter.reader import FILE
from mindu.cli.verbs import run as mindu
from mindu.data.keeping.home import home
from mindu.data.log import Log

HANDS, ROUNDS = 4, 2
CITY = "fuzhou.gov.cn"
Taken = list[tuple[str, int]]  # what was told, the number it was thanked with
Moved = list[tuple[int, str]]  # case, move that the desk said was done


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve a folder by the real verb in a process of its own; yield it and its address."""
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "mindu", "hotline", "serve", "--port", "0", "--json"]
    with subprocess.Popen(
        [*command, "--data", str(folder)], stdout=subprocess.PIPE, text=True, env=found
    ) as line:
        try:
            assert line.stdout is not None
            yield line, json.loads(line.stdout.readline())["form"].rstrip("/")
        finally:
            line.kill()


def called(root: str, key: str, name: str, taken: Taken, killed: Flag) -> None:
    """Tell one matter after the other until the line is killed; none is told twice."""
    asked = {
        "api_key": key,
        "jurisdiction_id": CITY,
        "service_code": "lamp",
        "address_string": "五四路",
    }
    with httpx.Client(base_url=root, timeout=PATIENCE) as client:
        for turn in range(10_000):
            told = f"{name} 第 {turn} 盏路灯不亮"
            try:
                got = client.post("/open311/v2/requests.json", data=asked | {"description": told})
            except httpx.TransportError:
                if killed.is_set():
                    return
                continue
            assert got.status_code == 200, got.text
            taken.append((told, int(got.json()[0]["service_request_id"])))


def moves(root: str, secret: str, taken: Taken, moved: Moved, killed: Flag) -> None:
    """Note on what was taken in, at the desk, each once, until the line is killed."""
    with httpx.Client(base_url=root, timeout=PATIENCE) as desk:
        desk.post("/desk/in", data={"officer": "su", "secret": secret})
        token = re.findall(r"name='token' value='(\w+)'", desk.get("/desk?lang=en").text)[0]
        turn = 0
        while not killed.is_set():
            with suppress(httpx.TransportError):
                if turn >= len(taken):
                    desk.get("/desk/board?lang=en")
                    continue
                number, turn = taken[turn][1], turn + 1
                page = desk.get(f"/desk/case/{number}?lang=en").text
                seen = re.findall(r"name='seen' value='(\d+)'", page)[0]
                form = {"token": token, "seen": seen, "move": "note", "note": f"desk note {number}"}
                if desk.post(f"/desk/case/{number}", data=form).status_code == 200:
                    moved.append((number, "note"))


def loaded_and_killed(folder: Path, key: str, secret: str, after: int) -> tuple[Taken, Moved]:
    """Let many hands work at the doors and kill the line after so many thanks."""
    taken: Taken = []
    moved: Moved = []
    killed = Flag()
    with serving(folder) as (line, root):
        hands = [
            Thread(target=called, args=(root, key, f"{after}-{n}", taken, killed))
            for n in range(HANDS)
        ]
        hands.append(Thread(target=moves, args=(root, secret, taken, moved, killed)))
        for hand in hands:
            hand.start()
        while len(taken) < after or not moved:
            hands[0].join(0.01)
            assert line.poll() is None, "it serves"
            assert all(hand.is_alive() for hand in hands), "nobody stumbled"
        killed.set()
        line.send_signal(signal.SIGKILL)
        for hand in hands:
            hand.join(PATIENCE)
    return taken, moved


def held(folder: Path, taken: Taken, moved: Moved) -> None:
    """Hold what was said to be done against the log."""
    with Log.read(home(folder).log()) as log:
        log.verify()
        told = {e.seq: e.record.text for e in log if isinstance(e.record, Case)}
        said = [(e.about, e.record.note) for e in log if isinstance(e.record, Move)]
    noted = Count(about for about, note in said if note.startswith("desk note"))
    for text, number in taken:
        assert told.get(number) == text, f"{text} was thanked for as {number}"
    assert max(Count(told.values()).values()) == 1, "nothing is there twice"
    for number, _ in moved:
        assert noted[f"case:{number}"] == 1
    assert max(noted.values()) == 1


def put(folder: Path, capsys: pytest.CaptureFixture[str], *told: str) -> dict[str, str]:
    assert mindu(["hotline", *told, "--data", str(folder), "--json"]) == 0
    found: dict[str, str] = json.loads(capsys.readouterr().out)
    return found


def test_a_line_killed_under_load_keeps_all_that_it_gave_thanks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = put(tmp_path, capsys, "key", "app")["api_key"]
    roles = "operator dispatcher"
    secret = put(tmp_path, capsys, "officer", "su", "--roles", roles, "--unit", "centre")["secret"]
    put(tmp_path, capsys, "learn", "--seed")
    dice, taken, moved = Random(7), Taken(), Moved()
    for turn in range(ROUNDS):
        fresh, done = loaded_and_killed(tmp_path, key, secret, dice.randrange(5, 40))
        taken, moved = taken + fresh, moved + done
        held(tmp_path, taken, moved)
        model = tmp_path / FILE
        model.write_bytes(model.read_bytes()[:1000]) if turn == 0 else model.unlink()
    fresh, done = loaded_and_killed(tmp_path, key, secret, 3)
    held(tmp_path, taken + fresh, moved + done)
    with Log.read(home(tmp_path).log()) as log:
        read = [e.record for e in log if isinstance(e.record, Event)
                and e.record.name in {"read_by_model", "read_by_hand"}]  # fmt: skip
    assert [one.name for one in read] == ["read_by_model", "read_by_hand", "read_by_hand"]
    assert ["cut" in str(one.args.get("why", "")) for one in read] == [False, True, False]
