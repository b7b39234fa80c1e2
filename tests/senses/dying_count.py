"""Counts parts, but dies over the first that it is given, as a machine does that loses power."""

import os
import signal
from pathlib import Path

from mindu.data.senses.spread.part import Part, Partial, count


def dying(part: Part) -> Partial:
    """Count a part; whoever comes first leaves a mark and is killed."""
    try:
        (Path(part.files[0]).parents[2] / "died").touch(exist_ok=False)
    except FileExistsError:
        return count(part)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody outlives that signal")
