"""The health of devices, told as findings that a person can act on."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from mindu.base.records import Evidence, Judgement, Severity, Words
from mindu.data.arrays import Floats, Ints
from mindu.data.senses.memory.reads import Held
from mindu.data.senses.now import NEVER, Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.watch.drift import Drift, Finding
from mindu.data.senses.watch.flapping import flapping
from mindu.perceive.declare import STAGES, Stage
from mindu.perceive.quality import Quality

MOST = 10_000  # findings told at once
SILENT = 3.0  # cadences without a reading
BATTERY = {"battery", "battery_level", "battery_voltage"}
_ACTIVE = STAGES.index(Stage.ACTIVE)


class Health:
    """Judges the health of every device from what was heard last."""

    def __init__(self, registry: Registry, now: Now, drift: Drift | None = None) -> None:
        """Look at these columns; `drift` keeps what it has worked out of days that are over."""
        self._registry, self._now, self._drift = registry, now, drift or Drift()

    def look(self, at: int) -> list[Finding]:
        """Return what is wrong at an instant (epoch ms), the worst first."""
        mute = [*self._silent(at), *self._unheard(at)]
        found = [*mute, *self._low(at), *self._stuck(), *self._ahead()]
        found.sort(key=lambda it: (-it.severity, it.device, it.prop))
        return found[:MOST]

    def judged(self, at: int, held: Held) -> list[tuple[str, Judgement]]:
        """Return what is judged of the health of devices, drifting too, the worst first."""
        found = [*self.look(at), *flapping(held, at), *self._drift.drifting(held, at)]
        found.sort(key=lambda it: (-it.severity, it.device, it.prop))
        return [(it.device, self._judgement(it)) for it in found[:MOST]]

    def _judgement(self, it: Finding) -> Judgement:
        sure = 0.8 if it.finding == "drifting" else 1.0  # the neighbours may be wrong together
        series = self._registry.one(it.device, it.prop)
        if self._now.columns["at"][series] == NEVER:
            return Judgement(it.finding, it.severity, it.says, sure)
        when = datetime.fromtimestamp(it.since / 1000, UTC)
        value = float(self._now.columns["value"][series])
        seen = Evidence(about=it.device, prop=it.prop, at=when, value=value)
        return Judgement(it.finding, it.severity, it.says, sure, evidence=(seen,))

    def _columns(self) -> tuple[Ints, Ints]:
        count = min(len(self._now.columns), len(self._registry.series))
        series = np.arange(count)
        device = self._registry.series["device"][:count]
        active = self._registry.devices["stage"][device] == _ACTIVE
        return series[active], self._now.columns["at"][:count][active]

    def _declared(self, name: str) -> Floats:
        told = [getattr(decl, name) for decl in self._registry.decls]
        return np.array([np.nan if it is None else it for it in told] or [np.nan])

    def _silent(self, at: int) -> Iterator[Finding]:
        """Find series of which nothing was heard for three cadences, or longer than declared."""
        series, heard = self._columns()
        limit = self._limit(series)
        with np.errstate(invalid="ignore"):
            quiet = np.flatnonzero((heard > NEVER) & (at - heard > limit))
        for i in quiet[:MOST].tolist():
            minutes = (at - int(heard[i])) // 60_000
            says = Words(f"Silent for {minutes} minutes.", f"已静默 {minutes} 分钟。")
            yield self._finding(int(series[i]), "silent", Severity.ORANGE, says, int(heard[i]))

    def _limit(self, series: Ints) -> Floats:
        """Return for how long (ms) each series may say nothing; NaN where nothing is declared."""
        decl = self._registry.series["decl"][series]
        limit = self._declared("silence")[decl]
        found: Floats = np.where(np.isnan(limit), SILENT * self._declared("every")[decl], limit)
        return found * 1000

    def _unheard(self, at: int) -> Iterator[Finding]:
        """Find devices in service that never said anything, each by its shortest silence."""
        series, heard = self._columns()
        device = self._registry.series["device"][series]
        spoke = np.zeros(len(self._registry), bool)
        spoke[device[heard > NEVER]] = True
        since = self._registry.devices["since"][device].astype(np.int64) * 1000
        limit = self._limit(series)
        with np.errstate(invalid="ignore"):
            mute = np.flatnonzero(~spoke[device] & (since > 0) & (at - since > limit))
        first = mute[np.lexsort((limit[mute], device[mute]))]
        _, once = np.unique(device[first], return_index=True)
        for i in first[once][:MOST].tolist():
            minutes = (at - int(since[i])) // 60_000
            says = Words(
                f"Never heard in {minutes} minutes of service.",
                f"投用 {minutes} 分钟,从未上报。",
            )
            yield self._finding(int(series[i]), "silent", Severity.ORANGE, says, int(since[i]))

    def _low(self, at: int) -> Iterator[Finding]:
        """Find batteries below the low bound that their property declares."""
        del at
        low = self._declared("low")
        series, heard = self._columns()
        names = list(self._registry.props)
        mine = [names.index(name) for name in BATTERY if name in names]
        weak = np.isin(self._registry.series["prop"][series], mine) & (heard > NEVER)
        value = self._now.columns["value"][series]
        with np.errstate(invalid="ignore"):
            weak &= value < low[self._registry.series["decl"][series]]
        for i in np.flatnonzero(weak)[:MOST].tolist():
            unit = self._registry.prop(int(series[i])).unit
            says = Words(f"Battery at {value[i]:g} {unit}.", f"电量 {value[i]:g} {unit}。")
            yield self._finding(int(series[i]), "low_battery", Severity.YELLOW, says, int(heard[i]))

    def _stuck(self) -> Iterator[Finding]:
        yield from self._marked(
            Quality.STUCK, "stuck", Words("The very same number for too long.", "数值长时间不变。")
        )

    def _ahead(self) -> Iterator[Finding]:
        yield from self._marked(
            Quality.SKEW, "clock_ahead", Words("Its clock runs ahead.", "时钟超前。")
        )

    def _marked(self, bits: Quality, finding: str, says: Words) -> Iterator[Finding]:
        series, heard = self._columns()
        marks = self._now.columns["quality"][series] & np.uint8(bits)
        for i in np.flatnonzero(marks)[:MOST].tolist():
            yield self._finding(int(series[i]), finding, Severity.YELLOW, says, int(heard[i]))

    def _finding(
        self, series: int, finding: str, severity: Severity, says: Words, since: int
    ) -> Finding:
        registry = self._registry
        prop = registry.prop(series).name
        return Finding(registry.owner(series), prop, finding, severity, says, since)
