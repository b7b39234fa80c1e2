"""Many seeded days: `python -m mindu.sim.seeds --apps mindu.apps --app all --seeds N`."""

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mindu.base.records import (
    Action,
    Decision,
    Entry,
    Judgement,
    Lesson,
    Outcome,
    Sending,
    Settlement,
)
from mindu.base.time import monotonic
from mindu.brain.act import EXPIRED
from mindu.brain.app import App
from mindu.brain.folds.standing import BLIND, SEES
from mindu.sim.day import TURNS, Day, apps, born
from mindu.sim.invariants import breaches
from mindu.sim.swarm import KINDS

ENOUGH = 100  # seeds after which what never happened is a failure of the simulation
MEASURED = "measured a promise"
SHOWN = 5  # breaches shown of one seed


@dataclass(slots=True)
class Tally:
    """What happened at least once over all seeds."""

    happened: Counter[str] = field(default_factory=Counter)

    def add(self, day: Day) -> None:
        """Count a day."""
        self.happened.update({f"fault {kind}": n for kind, n in day.faulty.fired.items()})
        for entry in day.brain.log:
            for what in _what(entry):
                self.happened[f"{entry.by} {what}"] += 1
                self.happened[what] += 1

    def asleep(self, app: App) -> list[str]:
        """Return what should have happened sometimes, and never did."""
        wanted = [f"fault {kind}" for kind in KINDS]
        for loop in app.loops:
            by = f"{app.name}.{loop.name}"
            wanted += [f"{by} {what}" for what in ("judged", "was blind", "saw again")]
            if loop.act is not None:
                wanted += [f"{by} {what}" for what in ("acted", MEASURED)]
        wanted += ["kept a promise", "broke a promise", "expired", "refused", "withheld"]
        if not app.projections or app.engines is None:
            wanted.remove("fault engine_dies")
        return [what for what in wanted if not self.happened[what]]


def run(app: App, seed: int, *, turns: int = TURNS) -> tuple[Day | None, list[str]]:
    """Live one day; return it and what did not hold, with its engines ended."""
    try:
        day = born(app, seed)
        try:
            return day.live(turns), breaches(day)
        finally:
            day.close()
    except Exception:  # noqa: BLE001 - a day that breaks is a finding, with its seed
        return None, [traceback.format_exc(limit=-4)]


def main(args: Sequence[str]) -> int:
    """Run the seeds; print a replay command for each that fails."""
    asked = _parser().parse_args(args)
    failed = 0
    for app in apps(asked.apps, asked.app):
        if app.world is None:
            sys.stderr.write(f"{app.name} has no world\n")
            continue
        failed += _storm(app, range(asked.first, asked.first + asked.seeds), asked)
    return 1 if failed else 0


def _storm(app: App, seeds: Sequence[int], asked: argparse.Namespace) -> int:
    tally, failed, began = Tally(), 0, monotonic()
    for done, seed in enumerate(seeds, start=1):
        day, found = run(app, seed, turns=asked.turns)
        if day is not None:
            tally.add(day)
            if asked.head:
                sys.stdout.write(f"{app.name} {seed} {day.brain.log.head}\n")
        if found:
            failed += 1
            sys.stdout.write(_told(app, seed, found, asked.apps))
        took = f"{monotonic() - began:.0f} s"
        sys.stderr.write(f"\r{app.name}: {done} seeds, {failed} failed, {took}")
        sys.stderr.flush()
    asleep = tally.asleep(app)
    never = f"; never: {', '.join(asleep)}" if asleep else ""
    sys.stderr.write(f"{never}\n")
    return failed + bool(asleep and len(seeds) >= ENOUGH)


def _told(app: App, seed: int, found: Sequence[str], package: str) -> str:
    lines = "".join(f"  {line}\n" for line in found[:SHOWN])
    replay = f"python -m mindu.sim.seeds --apps {package} --app {app.name} --from {seed} --seeds 1"
    return f"{app.name}: seed {seed} does not hold:\n{lines}  replay: {replay}\n"


def _what(entry: Entry) -> Sequence[str]:
    """Return what an entry is an example of."""
    tell = _TELL.get(type(entry.record))
    return () if tell is None else tell(entry.record)


def _came(record: Outcome) -> Sequence[str]:
    kept = "kept a promise" if record.kept else "broke a promise"
    return (kept, MEASURED) if record.sent else (MEASURED,)


def _decided(record: Decision) -> Sequence[str]:
    if record.confirmed:
        return ("confirmed",)
    return ("expired" if record.note == EXPIRED else "refused",)


_TELL: dict[type, Callable[[Any], Sequence[str]]] = {
    Judgement: lambda r: ({BLIND: "was blind", SEES: "saw again"}.get(r.finding, "judged"),),
    Action: lambda _: ("acted",),
    Outcome: _came,
    Decision: _decided,
    Sending: lambda r: ("sent" if r.ok else "withheld",),
    Settlement: lambda r: (r.verdict,),
    Lesson: lambda _: ("learned",),
}


def _parser() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(prog="mindu.sim.seeds", description=__doc__)
    asked.add_argument("--apps", default="mindu.apps", help="package whose apps are found by name")
    asked.add_argument("--app", default="all")
    asked.add_argument("--seeds", type=int, default=40)
    asked.add_argument("--from", dest="first", type=int, default=0, metavar="K")
    asked.add_argument("--turns", type=int, default=TURNS, help="of five minutes, a day")
    asked.add_argument("--head", action="store_true", help="print the head of every day's log")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
