"""A seeded day: one app in its own world, seen through faults, with an officer who may nod off."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from mindu.base.records import Action
from mindu.base.time import DAY, HOUR, MINUTE, VirtualClock
from mindu.brain.app import App, Projected, Projection
from mindu.brain.brain import Brain
from mindu.brain.view import View
from mindu.data.log import Log
from mindu.sim.faults import Faulty
from mindu.sim.swarm import drawn

STEP = 5 * MINUTE
TURNS = 288  # a day
CALM = 72  # turns at its end in which every fault has ceased
START = datetime(2026, 6, 1, tzinfo=UTC)
MOODS = ("diligent", "diligent", "late", "absent", "contrary", "hasty")


@dataclass(slots=True)
class Officer:
    """The person on duty: says yes, no, late or nothing, as the mood of the day has it."""

    dice: Random
    mood: str
    said: Counter[str] = field(default_factory=Counter)

    def answer(self, brain: Brain, now: datetime) -> None:
        """Answer what waits."""
        for entry in brain.waiting():
            assert isinstance(entry.record, Action)
            wait = {"late": 3 * STEP, "absent": DAY, "hasty": 0 * STEP}.get(self.mood, STEP)
            if now - entry.at < wait:
                continue
            yes = self.dice.random() < (0.3 if self.mood == "contrary" else 0.9)
            try:
                brain.decide(entry.seq, by="officer", confirmed=yes, note=self.mood)
                self.said["yes" if yes else "no"] += 1
            except ValueError:
                self.said["too late"] += 1
            if self.dice.random() < 0.1:
                self._press_again(brain, entry.seq)
        self._undo(brain)

    def _press_again(self, brain: Brain, seq: int) -> None:
        """Press the button twice, as people do: the second must be refused in words."""
        try:
            brain.decide(seq, by="officer", confirmed=True, note="again")
            raise AssertionError(f"#{seq} was decided twice")
        except ValueError:
            self.said["pressed twice"] += 1

    def _undo(self, brain: Brain) -> None:
        """Take an action back once in a while."""
        if self.dice.random() >= 0.01:
            return
        sent = [p.seq for p in brain.memory.promises if p.sent and not p.undone]
        for seq in sent[:1]:
            try:
                brain.undo(seq, by="officer", note="second thoughts")
                self.said["undone"] += 1
            except ValueError:
                self.said["not undone"] += 1


@dataclass(slots=True)
class Day:
    """One simulated day."""

    app: App
    seed: int
    brain: Brain
    faulty: Faulty
    officer: Officer
    clock: VirtualClock

    def live(self, turns: int = TURNS, calm: int = CALM) -> "Day":
        """Let the day pass; faults cease before its last hours."""
        for turn in range(turns):
            if turn == max(turns - calm, turns // 2):
                self.faulty.cease()
            self.faulty.step(STEP)
            self.clock.advance(STEP)
            self.brain.tick()
            self.officer.answer(self.brain, self.clock.now())
        return self

    def close(self) -> None:
        """End the processes behind the engines; the log stays to be read."""
        for engine in self.brain.engines.values():
            end = getattr(engine, "close", None)
            if end is not None:
                end()


def born(app: App, seed: int, *, log: Log | None = None) -> Day:
    """Wire a day of that app; everything in it comes from the seed."""
    assert app.world is not None, f"{app.name} has no world to live a day in"
    assert app.things is not None, f"{app.name} does not say what stands in its world"
    world = app.world(Random(f"{seed}:world"))
    dice = Random(f"{seed}:faults")
    faulty = Faulty(world, dice, drawn(dice))
    officer = Officer(Random(f"{seed}:officer"), dice.choice(MOODS))
    clock = VirtualClock(faulty.start or START)
    brain = Brain(
        app.name,
        log=Log.open(":memory:") if log is None else log,
        clock=clock,
        apps=[shaken(app, faulty)],
        sources=[faulty],
        hand=faulty,
        things=app.things(),
        engines=app.engines() if app.engines else {},
        seed=seed,
    )
    if dice.random() < 0.5:
        for loop in app.loops:
            until = clock.now() + dice.choice((6, 12, 24)) * HOUR
            brain.grant(f"{app.name}.{loop.name}", who="chief", purpose="a trial", until=until)
    return Day(app, seed, brain, faulty, officer, clock)


def shaken(app: App, faulty: Faulty) -> App:
    """Return the app with engines that may die in any turn."""

    def shake(projection: Projection) -> Projection:
        def project(engine: Any, see: View) -> Sequence[Projected]:  # noqa: ANN401 - any engine
            if faulty.struck("engine_dies"):
                raise RuntimeError("the engine died")
            return projection.project(engine, see)

        return replace(projection, project=project)

    return replace(app, projections=tuple(shake(p) for p in app.projections), tier=app.tier)


def apps(package: str, only: str = "all") -> list[App]:
    """Return the apps of a package, found by name.

    Raises:
        SystemExit: there is no such package or app.
    """
    try:
        home = importlib.import_module(package)
    except ImportError as wrong:
        raise SystemExit(f"there is no package {package!r}: {wrong}") from wrong
    names = sorted(m.name for m in pkgutil.iter_modules(home.__path__) if m.ispkg)
    if only not in {"all", *names}:
        raise SystemExit(f"there is no app {only!r} in {package}; there are {', '.join(names)}")
    found = [importlib.import_module(f"{package}.{n}") for n in names if only in {"all", n}]
    return [app for module in found if isinstance(app := getattr(module, "APP", None), App)]
