"""Kernels of a room are begun beside whoever runs: compiled elsewhere, loaded, put in place.

Until then, and where numba is not installed, everything takes the ordinary way, to the same
outcome. A process of its own compiles, so that nobody's loop waits for it; that takes a minute of
processor once for each version of the kernels, and some seconds to load at later starts.

A room is a package with `begin.put`, `begin.warm` and a `__main__` that calls `compile_room`.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread

AFTER = 5.0  # s that whoever runs has for opening its doors first
PATIENCE = 900  # s that compiling may take


def begin(room: str, trouble: Callable[[object], object], after: float = AFTER) -> Thread | None:
    """Begin a room's kernels in a thread after so many s; None where numba is not installed.

    `trouble` is called with what keeps them from beginning; all goes on without them.
    """
    if find_spec("numba") is None:
        return None
    thread = Thread(target=_begin, args=(room, trouble, after), name="quick", daemon=True)
    thread.start()
    return thread


def _begin(room: str, trouble: Callable[[object], object], after: float) -> None:
    Event().wait(after)
    try:
        see_compiled(room)
        kernels = import_module(f"{room}.begin")
        kernels.warm()
        kernels.put()
    except Exception as wrong:  # noqa: BLE001 - without kernels everything works as well
        trouble(f"{type(wrong).__name__}: {wrong}")


def see_compiled(room: str) -> None:
    """See that a room's kernels are compiled, by a process of its own, if code can be kept."""
    done = _done(room)
    if done is not None and not done.exists():
        command = [sys.executable, "-m", room]
        subprocess.run(command, check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)  # noqa: S603


def compile_room(room: str) -> None:
    """Compile every kernel of a room once and keep the machine code; of several one at a time."""
    os.nice(10)
    done = _done(room)
    if done is None:
        raise SystemExit("no folder can be written to keep the machine code in")
    with done.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            import_module(f"{room}.begin").warm()
            done.touch()


def _done(room: str) -> Path | None:
    """Return the file that stands where all kernels of a room are compiled."""
    from mindu.base.kernels import FOLDER  # noqa: PLC0415 - it loads numba

    return None if FOLDER is None else FOLDER / f"{room}.done"
