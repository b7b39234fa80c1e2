"""Looks ahead of the storm night, written by hand: two are done, one runs, one failed."""

from dataclasses import dataclass, field
from math import sin

from night import NOW

from mindu.base.records import Words
from mindu.base.time import HOUR, MINUTE
from mindu.console.contract.ahead import Futures, Job, Said, Setting, Track, Wish

RED, YELLOW = 4, 2
RAIN, FAR = "三倍雨 triple rain", "too far 过远"
CALLED = (RAIN, FAR)  # what people called their looks ahead: shown as they wrote it


@dataclass
class Looked:
    """Looks ahead, written by hand: two that are done, one that runs, and those started here."""

    held: list[Job] = field(default_factory=list)

    def start(self, wish: Wish, *, by: str) -> Job:
        job = Job(id=f"new{len(self.held)}", by=by, wish=wish, state="running", progress=0.1)
        self.held.insert(0, job)
        return job

    def jobs(self) -> list[Job]:
        return self.held

    def cancel(self, job: str) -> Job:
        (at,) = (i for i, held in enumerate(self.held) if held.id == job)
        self.held[at] = replace_state(self.held[at])
        return self.held[at]

    def futures(self, job: str) -> Futures | None:
        rise = {"rain": 0.9, "gate": -0.3}.get(job)
        return None if rise is None else futures(rise)


def replace_state(job: Job) -> Job:
    return Job(id=job.id, by=job.by, wish=job.wish, state="cancelled", progress=job.progress)


def futures(rise: float) -> Futures:
    """Return both futures of the night: `rise` is how much higher the changed one ends, in m."""
    at = [(NOW + 5 * step * MINUTE).timestamp() for step in range(13)]
    was = tuple((t, 4.9 + 0.03 * s + 0.02 * sin(s)) for s, t in enumerate(at))
    changed = tuple((t, 4.9 + 0.03 * s + rise * s / 12) for s, t in enumerate(at))
    tracks = tuple(
        Track(about=name, prop="level", unit="m", was=was, changed=changed) for name in ("J2", "J3")
    )
    says = Words("Jin'an tops its mark", "晋安河超警戒")
    said = Said(at=NOW + 25 * MINUTE, about="J2", by="water.flood", kind="Judgement",
                severity=RED if rise > 0 else YELLOW, says=says)  # fmt: skip
    return Futures(at=NOW, until=NOW + HOUR, tracks=tracks, was=(said,), changed=(said,),
                   totals={"flood_m3": (5200.0, 5200.0 * (1 + rise))})  # fmt: skip


def looked() -> Looked:
    """Return the looks ahead of the night."""
    rain = Wish(levers={"rain": 3.0}, title=RAIN)
    gate = Wish(settings=(Setting(about="G1", value=1.0),), hours=1.0)
    return Looked([
        Job(id="runs", by="陈", wish=Wish(hours=12.0), state="running", progress=0.4,
            step=Words("hour 5 of 12", "第 5 小时,共 12 小时")),
        Job(id="gate", by="陈", wish=gate, state="done", progress=1.0),
        Job(id="rain", by="陈", wish=rain, state="done", progress=1.0),
        Job(id="no", by="林", wish=Wish(title=FAR), state="failed",
            error=Words("The twin cannot live it.", "模型无法推演。")),
    ])  # fmt: skip
