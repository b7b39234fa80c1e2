"""A short storm night written by hand: four places, one warning, one plan, one waiting action."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from math import sin
from threading import Lock
from zoneinfo import ZoneInfo

from mindu.base.records import (
    Action,
    AnyRecord,
    Decision,
    Entry,
    Event,
    Evidence,
    Expect,
    Forecast,
    Judgement,
    Option,
    Outcome,
    Placed,
    Segment,
    Sending,
    Settlement,
    Severity,
    Value,
    Weighing,
    Words,
)
from mindu.base.time import HOUR, MINUTE
from mindu.console.board import Board
from mindu.console.book import Book
from mindu.console.declared import City, Lever
from mindu.console.feed import Ahead, Nights, NotDecided, Pulse
from mindu.console.maps.kept import Maps
from mindu.console.modelling.modelling import Modelling

START = datetime(2023, 9, 5, 12, 0, tzinfo=UTC)
NOW = START + 3 * HOUR
LEVERS = (
    Lever(name="rain", title=Words("Rain", "雨"), unit="×", low=0, high=5, neutral=1, step=0.1),
)


class Night:
    """A feed over entries held in a list."""

    def __init__(self) -> None:
        self.name = Words("Banyan City", "榕城")
        self.zone = ZoneInfo("Asia/Shanghai")
        self.board = Board()
        self.city = City(levers=LEVERS)
        self.book: Book | None = None
        self.ahead: Ahead | None = None
        self.nights: Nights | None = None
        self.maps: Maps | None = None
        self.modelling: Modelling | None = None
        self.lock = Lock()
        self.now = NOW
        self.mode = "pretend"
        self.told: list[Callable[[], None]] = []

    def listen(self, told: Callable[[], None]) -> Callable[[], None]:
        self.told.append(told)
        return lambda: self.told.remove(told)

    def pulse(self) -> Pulse:
        return Pulse(now=self.now, mode=self.mode, speed=60)

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str) -> None:
        with self.lock:
            if seq in self.board.decisions:
                who = self.board.decisions[seq].by
                raise NotDecided(Words(f"{who} was faster", f"{who} 已先决定"))
            if seq not in self.board.actions:
                raise NotDecided(Words("no such action", "没有此项"))
            self.write(Decision(confirmed, note), about="net", by=by, because=(seq,), at=self.now)

    def undo(self, seq: int, *, by: str, note: str) -> None:
        with self.lock:
            if seq not in {entry.seq for entry in self.board.reversible()}:
                raise NotDecided(Words("nothing to take back", "无可撤回"))
            back = self.write(Event("undone"), about="net", by=by, because=(seq,), at=self.now)
            assert back, note

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> None:
        with self.lock:
            about = self.board.entries[seq].about
            told = Event(name, dict(args))
            self.write(told, about=about, by=by, because=(seq,), at=self.now)

    def take_back(self, seq: int, *, by: str, note: str) -> None:
        raise NotDecided(Words(f"#{seq} is no lesson: {by} {note}", f"#{seq} 不是经验"))

    def write(
        self,
        record: AnyRecord,
        *,
        about: str,
        by: str,
        at: datetime,
        because: tuple[int, ...] = (),
    ) -> int:
        seq = self.board.seq + 1
        self.board.fold(
            Entry(seq=seq, at=at, about=about, by=by, because=because, record=record, prev="")
        )
        for told in self.told:
            told()
        return seq


def quiet() -> Night:
    """Return a city of four places that were heard of and need nothing."""
    night = Night()
    spots = {"J1": (119.29, 26.08), "J2": (119.31, 26.07), "J3": (119.33, 26.05)}
    names = {
        "J1": ("Five Mile", "五里亭"),
        "J2": ("Jin'an", "晋安河"),
        "J3": ("Guangming", "光明港"),
    }
    for name, (x, y) in spots.items():
        en, zh = names[name]
        facts: dict[str, Value | list[Value] | None] = {
            "x": x,
            "y": y,
            "name_en": en,
            "name_zh": zh,
            "warn_mark": 5.1,
        }
        night.write(Placed("Junction", facts), about=name, by="wiring", at=START)
    reach = Placed("Reach", {"up": "J1", "down": "J2", "xy": [119.3, 26.075]})
    night.write(reach, about="R1", by="wiring", at=START)
    for step in range(37):
        at = START + step * 5 * MINUTE
        for i, name in enumerate(spots):
            night.board.note(name, "level", at, 4.1 + i * 0.1 + step * 0.02 + 0.05 * sin(step))
    segment = Segment(count=111, first=START, last=NOW, digest="d")
    night.write(segment, about="gauges", by="intake", at=NOW)
    return night


def stormy() -> Night:
    """Return the same city an hour before the river tops its mark, a plan waiting."""
    night = quiet()
    seen = night.board.seq
    leads = tuple(float(m) for m in range(5, 65, 5))
    mid = tuple(4.9 + 0.01 * lead for lead in leads)
    band = [
        tuple(v + sign * 0.004 * m for v, m in zip(mid, leads, strict=True)) for sign in (-1, 1)
    ]
    ahead = Forecast("level", "m", leads, band[0], mid, band[1], model="twin")
    made = night.write(ahead, about="J2", by="water.ahead", at=NOW, because=(seen,))
    judged = night.write(
        Judgement(
            "flood",
            Severity.RED,
            Words("Jin'an tops its mark in 35 min", "晋安河 35 分钟后超警戒"),
            confidence=0.83,
            proof=Expect("level", HOUR, above=5.1),
            evidence=(Evidence("J2", "level", NOW, 4.86),),
        ),
        about="J2",
        by="water.flood",
        at=NOW,
        because=(made, seen),
    )
    told = Words("J1 is silent", "五里亭失联")
    night.write(Judgement("blind", Severity.BLUE, told, 0.0), about="J1", by="water.flood", at=NOW)
    options = (
        Option("nothing", {"flood_m3": 5200.0, "energy_kwh": 0.0}, 5200.0, 9100.0),
        Option("static", {"flood_m3": 3100.0, "energy_kwh": 420.0}, 3184.0, 6400.0),
        Option("search", {"flood_m3": 1400.0, "energy_kwh": 390.0}, 1478.0, 2900.0),
        Option("bold", {"flood_m3": 900.0, "energy_kwh": 300.0}, 960.0, 8000.0, veto="bad tail"),
    )
    plan = Weighing(
        "search",
        options,
        64,
        plan={"P1": (1.0, 1.0, 0.5, 0.0), "G1": (0.0, 0.4, 0.4, 1.0)},
        says=Words("Pump before the tide turns", "赶在涨潮前抽排"),
    )
    weighed = night.write(plan, about="net", by="water.plan", at=NOW, because=(made,))
    ask = Action(
        "set",
        "net",
        Words("Start pump 1, open gate 1 by 40 %", "开 1 号泵,1 号闸开 40%"),
        args={"P1": 1.0, "G1": 0.4},
        expects=Expect("level", HOUR, below=5.1, about="J2"),
        undo="undo",
    )
    old = NOW - HOUR
    past = night.write(ask, about="net", by="water.dispatch", at=old, because=(judged, weighed))
    yes = night.write(
        Decision(confirmed=True, note="tide"), about="net", by="陈", at=old, because=(past,)
    )
    night.write(Sending(ok=True), about="net", by="hand", at=old, because=(past, yes))
    night.write(
        Outcome(kept=True, measured=4.8), about="net", by="water.dispatch", at=NOW, because=(past,)
    )
    hit = Settlement("hit", timedelta(minutes=35), 0.03)
    night.write(hit, about="J3", by="water.flood", at=NOW)
    wrong = Settlement("false_alarm", brier=0.5)
    night.write(wrong, about="J3", by="water.flood", at=NOW)
    crps = Settlement("forecast", crps={"30": 0.04}, covered={"30": 1.0})
    night.write(crps, about="J2", by="water.ahead", at=NOW)
    failed = Event("failed", {"why": "the twin died <script>"})
    night.write(failed, about="net", by="water.plan", at=NOW)
    night.write(ask, about="net", by="water.dispatch", at=NOW, because=(judged, weighed))
    return night
