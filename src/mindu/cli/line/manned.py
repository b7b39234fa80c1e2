"""A brain with people at its telephones: they hear before it turns, and answer after."""

from collections.abc import Callable, Mapping

from mindu.base.records import Value
from mindu.base.time import Clock
from mindu.brain.brain import Brain
from mindu.brain.processes.runs import Processes
from mindu.cli.line.shift import Shift
from mindu.data.log import Log


class Manned:
    """Turns a brain with its shift; everything else is the brain's own."""

    def __init__(
        self, brain: Brain, shift: Shift, clock: Clock, *, also: Callable[[], None]
    ) -> None:
        """Put the shift at its telephones; `also` is done on closing."""
        self.brain, self.shift, self._clock, self._also = brain, shift, clock, also

    @property
    def log(self) -> Log:
        """The one log."""
        return self.brain.log

    @property
    def processes(self) -> Processes:
        """Where cases run on drawings."""
        return self.brain.processes

    def tick(self) -> None:
        """Take one turn: calls first, so that the brain judges by them."""
        now = self._clock.now()
        self.shift.hear(now)
        self.brain.tick()
        self.shift.work(now)

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str = "") -> object:
        """Take a person's decision."""
        return self.brain.decide(seq, by=by, confirmed=confirmed, note=note)

    def undo(self, seq: int, *, by: str, note: str = "") -> object:
        """Take back what was sent."""
        return self.brain.undo(seq, by=by, note=note)

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> object:
        """Write down what a person did about an entry."""
        return self.brain.remark(seq, name, args, by=by)

    def take_back(self, seq: int, *, by: str, note: str = "") -> object:
        """Take a lesson back, in a person's name."""
        return self.brain.take_back(seq, by=by, note=note)

    def close(self) -> None:
        """Make everything durable and let the log go."""
        self.brain.close()
        self.shift.counter.vault.close()
        self._also()
