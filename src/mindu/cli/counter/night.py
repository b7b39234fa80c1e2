"""`mindu hotline night`: calls of a storm through the real counter, and its morning score."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mindu.apps.hotline import APP
from mindu.apps.hotline.storm.night import StormNight
from mindu.apps.hotline.things import things
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.city import Random
from mindu.cli.line.beats import beats
from mindu.cli.line.morning import NAMES, score
from mindu.cli.line.shift import Shift
from mindu.cli.say import GOOD, Voice
from mindu.console.words import pick
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.counter.pulse import Pulse

START = datetime(2026, 9, 16, 12, tzinfo=UTC)  # 20:00 in the city
STEP = 5 * MINUTE
YES = "duty officer"


class Alone:
    """The hotline alone under a storm in its own small world."""

    def __init__(self, seed: int, folder: Path) -> None:
        """Wire it."""
        self.world = StormNight(Random(seed), START)
        self.clock = VirtualClock(START)
        stood = things()
        self.brain = Brain(
            "night", log=Log.open(":memory:"), clock=self.clock, apps=[APP],
            sources=[self.world], hand=self.world, things=stood, seed=seed,
        )  # fmt: skip
        self.brain.listen(Pulse(self.brain.office, beats(stood)))
        counter = Counter(self.brain.office, Vault(None), Photos(folder), self.clock)
        kind = APP.cases[0].name
        self.shift = Shift(self.brain, counter, self.world.callers, kind=kind, seed=seed)

    def step(self) -> None:
        """Live five minutes."""
        self.world.step(STEP)
        self.clock.advance(STEP)
        now = self.clock.now()
        self.shift.hear(now)
        self.brain.tick()
        for entry in self.brain.waiting():
            self.brain.decide(entry.seq, by=YES, confirmed=True, note="go and look")
        self.shift.work(now)


def night(asked: argparse.Namespace, voice: Voice) -> int:
    """Live a storm night and tell its score."""
    with TemporaryDirectory(prefix="mindu-calls-") as folder:
        alone = Alone(asked.seed, Path(folder))
        for _ in range(int(asked.hours * 12)):
            alone.step()
        told = score(alone.shift)
        alone.brain.log.verify()
    lines = [f"{pick(NAMES[name], voice.lang)}: {value}" for name, value in told.items()]
    voice.data(told, "\n".join(lines))
    return GOOD
