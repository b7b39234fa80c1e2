"""A pull that is killed after so many batches: `dying_pull.py CSV FOLDER BATCHES MODE`."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
from sources import gauges
from typing_extensions import override

from mindu.data.collect.declare import Csv
from mindu.data.collect.pull import pull
from mindu.data.collect.sift import schema
from mindu.data.collect.store import Holding, Pull
from mindu.data.senses.memory.delta import Delta
from mindu.edge.collect.delimited import Delimited


class Dying(Delta):
    """A table whose process dies before it commits."""

    @override
    def change(self, *told: Any, **more: Any) -> None:
        """Die."""
        del told, more
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Pull, and die where it was told."""
    path, folder, most, where = sys.argv[1:]
    source = gauges(Path(path), key="id", since="id", mode="incremental")
    source = msgspec.structs.replace(source, mode="full") if "full" in where else source

    def die(told: Pull) -> None:
        if told.parts >= int(most) and "batch" in where:
            os.kill(os.getpid(), signal.SIGKILL)

    assert isinstance(source.read, Csv)
    holding = Holding(Path(folder), source)
    if "commit" in where:  # the last step but one: all is written, nothing is shown yet
        holding.delta = Dying(holding.delta.folder, schema(source), [])
    pull(
        holding,
        Delimited(source.read, Path(path), step=1 << 16),
        lambda: 5,
        see=die,
        batch=1_000,
    )


if __name__ == "__main__":
    main()
