"""A twin that stands an hour back, so that what is learned late still corrects what was.

Rain shows at a gauge only once it has run off. So the live model waits behind; each time, the
stretch from there to now is run anew under what the gauges have borne out since. To whoever plans,
it is a twin that stands at now: every future is led through that stretch first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from mindu.apps.water.ahead.past import Past
from mindu.apps.water.control.event.live import Still
from mindu.engines.hydraulics.port import (
    Array,
    Forcing,
    Future,
    Job,
    Network,
    Plan,
    Seen,
    Totals,
    Twin,
)

STEP_S = 300.0  # s a block of what was sent
MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What happened between the live model and now: settings sent, rain felt, tide outside."""

    begin: float
    end: float
    settings: Array  # (steps, machines)
    rain: Array  # (minutes, gauges) mm/h
    stage: Array | None  # (minutes, outfalls) m

    def forcing(self, factor: Array) -> Forcing:
        """Return its weather, each gauge's rain times a factor."""
        rain = self.rain * factor if self.rain.shape[1] else None
        return Forcing(t0=self.begin, step_s=MINUTE_S, rain=rain, stage=self.stage, name="was")

    def plan(self) -> Plan:
        """Return its settings as a plan."""
        return Plan(name="sent", blocks=self.settings, block_s=STEP_S, tail=Still())


class Lagged:
    """A twin led through a stretch of the past before every future; it cannot be advanced."""

    def __init__(self, twin: Twin, stretch: Stretch, factor: Array, *, deadline_s: float) -> None:
        """Stand at the end of the stretch; it is run once, when that is asked for."""
        assert abs(twin.now() - stretch.begin) < 1.0, "the stretch does not begin at the twin"
        self.network: Network = twin.network
        self.twin, self.stretch, self.factor = twin, stretch, factor
        span = max(stretch.end - twin.now(), 0.0)
        self.span, self._deadline_s = span, deadline_s
        self._was: Future | None = None

    def now(self) -> float:
        """Return the end of the stretch."""
        return self.twin.now() + self.span

    def see(self) -> Seen:
        """Return what the model holds to be so at the end of the stretch."""
        seen, was = self.twin.see(), self.was
        if was is None:
            return seen
        last = self.stretch.settings[-1]
        return replace(
            seen,
            t=self.now(),
            depth=was.final,
            setting=np.where(np.isnan(last), seen.setting, last),
            rain=self.stretch.rain[-1] if self.stretch.rain.shape[1] else seen.rain,
            stage=seen.stage if self.stretch.stage is None else self.stretch.stage[-1],
        )

    def advance(self, to_s: float, *, plan: Plan, forcing: Forcing) -> Seen:  # noqa: ARG002
        """Refuse: only readings move this twin.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("a lagged twin is moved by readings alone; use its futures")

    def totals(self) -> Totals:
        """Return the balance of the live model."""
        return self.twin.totals()

    def futures(
        self, jobs: Sequence[Job], *, deadline_s: float, workers: int = 2
    ) -> Iterator[tuple[int, Future]]:
        """Lead each job through the stretch, and take the stretch off what comes back."""
        led, _ = [self._led(job) for job in jobs], self.was
        for k, future in self.twin.futures(led, deadline_s=deadline_s, workers=workers):
            yield k, self._less(future)

    def close(self) -> None:
        """Close the live model."""
        self.twin.close()

    @property
    def was(self) -> Future | None:
        """Return what the stretch came to; None where it has no length.

        Raises:
            RuntimeError: it could not be run.
        """
        if self._was is None and self.span > 0.0:
            felt = self.stretch.forcing(self.factor)
            job = Job(plan=self.stretch.plan(), forcing=felt, horizon_s=self.span)
            found = dict(self.twin.futures([job], deadline_s=self._deadline_s))[0]
            if not found.ok:
                why = found.error or "out of time"
                raise RuntimeError(f"the twin cannot come up to now: {why}")
            self._was = found
        return self._was

    def _led(self, job: Job) -> Job:
        if self.span <= 0.0:
            return job
        return replace(
            job,
            plan=after(self.stretch, job.plan),
            forcing=joined(self.stretch, self.factor, job.forcing, job.horizon_s),
            horizon_s=job.horizon_s + self.span,
        )

    def _less(self, future: Future) -> Future:
        """Take off what the stretch cost: it is the same under every plan."""
        was, keep = self._was, future.t > self.now() + 1.0
        if was is None or not future.ok:
            return future
        return replace(
            future,
            flood_m3=max(future.flood_m3 - was.flood_m3, 0.0),
            node_flood=np.maximum(future.node_flood - was.node_flood, 0.0),
            t=future.t[keep],
            depth=future.depth[keep],
            setting=future.setting[keep] if future.setting.size else future.setting,
            pumped_m3=future.pumped_m3 - was.pumped_m3,
            energy_kwh=future.energy_kwh - was.energy_kwh,
            starts=future.starts - was.starts,
            moves=future.moves - was.moves,
            outflow_m3=future.outflow_m3 - was.outflow_m3,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The waters at one moment, as gauges and twin together tell them."""

    at: datetime
    past: Past
    twin: Lagged
    rough: Lagged | None  # the same stretch on a rougher model
    levels: Array  # (places,) m, nan where silent
    miss: Array  # (places,) m shown above the twin, 0 where not believed


def after(stretch: Stretch, plan: Plan) -> Plan:
    """Return a plan that first does what was done, in blocks of five minutes."""
    times = max(round(plan.block_s / STEP_S), 1)
    assert abs(times * STEP_S - plan.block_s) < 1.0, "a block is a multiple of five minutes"
    blocks = np.concatenate([stretch.settings, np.repeat(plan.blocks, times, axis=0)])
    return Plan(name=plan.name, blocks=blocks, block_s=STEP_S, tail=plan.tail)


def joined(stretch: Stretch, factor: Array, forcing: Forcing, horizon_s: float) -> Forcing:
    """Return the weather of the stretch and then that of the future, by the minute."""
    minutes = np.arange(stretch.end, stretch.end + max(horizon_s, MINUTE_S), MINUTE_S)
    row = ((minutes - forcing.t0 + 1e-6) // forcing.step_s).astype(int)

    def later(rows: Array) -> Array:
        return np.asarray(rows[np.clip(row, 0, len(rows) - 1)])

    rain = stage = None
    if forcing.rain is not None and stretch.rain.shape[1]:
        rain = np.concatenate([stretch.rain * factor, later(forcing.rain)])
    if forcing.stage is not None and stretch.stage is not None:
        stage = np.concatenate([stretch.stage, later(forcing.stage)])
    return Forcing(t0=stretch.begin, step_s=MINUTE_S, rain=rain, stage=stage, name=forcing.name)
