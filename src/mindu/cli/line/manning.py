"""The line of the demo city: counter, pulse and shift over the brain that turns it."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mindu.apps.hotline import APP
from mindu.base.time import Clock
from mindu.brain.brain import Brain
from mindu.cli.line.beats import beats
from mindu.cli.line.calls import Called
from mindu.cli.line.manned import Manned
from mindu.cli.line.shift import Shift
from mindu.data.twin import Entity
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.edge.counter.pulse import Pulse


def line(
    brain: Brain, world: Called, things: Sequence[Entity], *, clock: Clock, data: Path | None,
    seed: int,
) -> Manned:  # fmt: skip
    """Open the line; without a folder what names a person is kept in memory alone."""
    brain.listen(Pulse(brain.office, beats(things)))
    vault = Vault(None if data is None else data / "vault")
    folder = TemporaryDirectory(prefix="mindu-media-")  # nobody sends pictures by telephone
    counter = Counter(brain.office, vault, Photos(Path(folder.name)), clock)
    kind = APP.cases[0].name
    shift = Shift(brain, counter, world.callers, kind=kind, seed=seed)
    return Manned(brain, shift, clock, also=folder.cleanup)
