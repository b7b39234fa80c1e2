"""Cases: durable moves a CPU-second, and the board and the sweep of deadlines at a million open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import msgspec
import numpy as np

from benchmarks.figure import Figure
from mindu.base.records import Words
from mindu.base.time import VirtualClock
from mindu.brain.case_rows import CODES, ROW
from mindu.brain.cases import Role, State
from mindu.brain.casework.board import boards
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.casework.office import Office, Told, Wish
from mindu.brain.casework.rights import MACHINE, Officer
from mindu.brain.casework.rounds import due
from mindu.brain.memory import Memory
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.photos import Photos

NOW = datetime(2026, 9, 16, 4, tzinfo=UTC)
TERMS = (
    ("dispatch", "*", "*", "24h", "bench"), ("sign", "*", "*", "1wd", "bench"),
    ("handle", "*", "*", "5wd", "bench"), ("whole", "*", "*", "15wd", "bench"),
)  # fmt: skip
KIND = CaseKind(name="matter", title=Words("Matter", "诉求"), terms=TERMS, mask=str)
EVERYTHING = Officer("all", "", "lamps", tuple(r for r in Role if r is not Role.MACHINE), ("*",))
ABOUT = {"topic": "streets", "nature": "help", "urgency": "general"}
PATH = (
    Wish(name="classify", args=ABOUT), Wish(name="forward", unit="lamps"), Wish(name="sign"),
    Wish(name="handle"), Wish(name="reply", note="done"), Wish(name="review"), Wish(name="pass"),
    Wish(name="feed_back", note="done"), Wish(name="close", note="content"),
)  # fmt: skip
CASES, GROUP, MILLION = 3_000, 64, 1_000_000
CALLS = 1_000


def figures() -> Iterator[Figure]:
    """Measure moves and a million open cases."""
    with TemporaryDirectory() as folder:
        yield from _moves(Path(folder))
        yield from _calls(Path(folder))
    yield from _million()


def _office(path: str) -> Office:
    return Office(Memory(Log.open(path), {}, seed=0), {KIND.name: KIND})


def _moves(folder: Path) -> Iterator[Figure]:
    for group in (1, GROUP):
        office = _office(str(folder / f"by-{group}.mindu"))
        count = CASES if group > 1 else CASES // 10
        began, spent, made = perf_counter(), process_time(), 0
        for turn in range(count):
            made += _walk(office, turn, group)
        office.memory.log.commit()
        cpu, wall = process_time() - spent, perf_counter() - began
        told = f"committed in groups of {group}; {made / wall:.0f} a second of wall time"
        rate = made / cpu
        goal = ">= 5000" if group > 1 else ""
        holds = rate >= 5_000 if group > 1 else None
        name = "durable case moves a CPU-second"
        yield Figure(name=name, value=round(rate), unit="1/s", peer=told, goal=goal, holds=holds)
        office.memory.log.close()


def _calls(folder: Path) -> Iterator[Figure]:
    """Take calls in at the counter: masked, sealed and durable one by one, as on a flood night."""
    from mindu.apps.hotline.ears import hand_over, mask  # noqa: PLC0415 - only here

    kind = replace(KIND, mask=mask, hand_over=hand_over)
    memory = Memory(Log.open(str(folder / "calls.mindu")), {}, seed=0)
    office = Office(memory, {kind.name: kind})
    desk = Counter(office, Vault(folder / "vault"), Photos(folder / "media"), VirtualClock(NOW))
    spent = process_time()
    for turn in range(CALLS):
        text = f"五四路 {turn} 号积水到膝盖,麻烦派人来抽水,电话 138{turn:08d}"
        letter = Letter(kind=kind.name, text=text, channel="telephone", phone=f"138{turn:08d}")
        desk.receive(letter)
    rate = CALLS / (process_time() - spent)
    told = f"{rate * 3600:.0f} an hour of one processor"
    yield Figure(name="calls taken in, each durable by itself", value=round(rate), unit="/CPU-s",
                 peer=told, goal=">= 14 (50,000 an hour)", holds=rate >= 14)  # fmt: skip
    memory.log.close()
    desk.vault.close()


def _walk(office: Office, turn: int, group: int) -> int:
    log, now = office.memory.log, NOW + turn * timedelta(seconds=1)
    told = Told(kind="matter", text="路灯不亮,请尽快修复。", area="350102")
    number = office.open(told, by="web", now=now).seq
    office.act(number, Wish(name="accept"), MACHINE, now=now)
    for wish in PATH:
        office.act(number, wish, EVERYTHING, now=now)
        if len(log) % group == 0:
            log.commit()
    return 2 + len(PATH)


def filled(count: int) -> Office:
    """Return an office with so many open cases, spread over units, towns, states and time."""
    office = _office(":memory:")
    dice = np.random.default_rng(1)
    rows = np.zeros(count, ROW)
    rows["seq"] = rows["last"] = np.arange(count)
    names = ["", "matter", "24h", "5wd", "15wd", *(f"unit-{n}" for n in range(200))]
    names += [f"3501{n:02}" for n in range(13)]
    rows["kind"], rows["unit"] = 1, dice.integers(5, 205, count)
    rows["area"] = dice.integers(205, 218, count)
    lie = [CODES[s] for s in (State.TRIAGE, State.FORWARDED, State.SIGNED, State.HANDLING)]
    rows["state"], rows["master"], rows["parent"] = dice.choice(lie, count), -1, -1
    now = int(NOW.timestamp())
    rows["opened"] = now - dice.integers(0, 20 * 86_400, count)
    for which, days, term in (("step", 3, 3), ("whole", 15, 4)):
        dial = rows[which]
        dial["began"], dial["term"] = rows["opened"], term
        for mark, share in (("yellow", 0.5), ("orange", 0.8), ("due", 1.0), ("purple", 2.0)):
            dial[mark] = rows["opened"] + int(days * 86_400 * share)
    states = [str(state) for state in State]
    told = {"names": names, "rows": rows.tobytes(), "codes": {}, "links": {}, "states": states}
    office.memory.cases.load(msgspec.msgpack.encode(told))
    return office


def _million() -> Iterator[Figure]:
    began = process_time()
    office = filled(MILLION)
    load = process_time() - began
    taken = []
    for turn in range(20):
        began = process_time()
        boards(office, NOW + timedelta(minutes=turn), days=30)
        taken.append(1e3 * (process_time() - began))
    p95 = sorted(taken)[18]
    name = "board over 1 M open cases, p95"
    yield Figure(name=name, value=round(p95, 1), unit="ms CPU", peer=None, goal="< 200",
                 holds=p95 < 200)  # fmt: skip
    began = process_time()
    found = due(office, NOW)
    spent = process_time() - began
    name = "sweep of the deadlines of 1 M open cases"
    yield Figure(name=name, value=round(spent, 3), unit="s CPU", peer=f"{len(found)} warnings due",
                 goal="< 2", holds=spent < 2)  # fmt: skip
    name = "1 M cases made and taken up from their snapshot"
    yield Figure(name=name, value=round(load, 2), unit="s CPU", peer=None, goal="", holds=None)
