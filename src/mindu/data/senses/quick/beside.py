"""The quick way is begun beside a node that runs: its kernels are compiled elsewhere, then loaded.

Until then, and where numba is not installed, readings take the ordinary way, to the same outcome.
A process of its own compiles, so that the node's loop does not wait for it; that takes a minute of
processor once for each version of the kernels, and some seconds to load at later starts.
"""

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from threading import Event, Thread

COMPILER = "mindu.data.senses.quick"
AFTER = 5.0  # s that a node has for opening its doors first
PATIENCE = 900  # s that compiling may take


def begin(trouble: Callable[[str], object], after: float = AFTER) -> Thread | None:
    """Begin the quick way in a thread after so many s; None where numba is not installed.

    What keeps it from beginning is told in words; the node goes on without.
    """
    if find_spec("numba") is None:
        return None
    thread = Thread(target=_begin, args=(trouble, after), name="quick", daemon=True)
    thread.start()
    return thread


def _begin(trouble: Callable[[str], object], after: float) -> None:
    Event().wait(after)
    try:
        compile_all()
        from mindu.data.senses.quick.begin import put, warm  # noqa: PLC0415 - it loads numba

        warm()
        put()
    except Exception as wrong:  # noqa: BLE001 - without kernels everything works as well
        trouble(f"readings take the ordinary way: {type(wrong).__name__}: {wrong}")


def compile_all() -> None:
    """See that all kernels are compiled, in a process of its own, if their code can be kept."""
    from mindu.base.kernels import DONE  # noqa: PLC0415 - it loads numba

    if DONE is not None and not DONE.exists():
        command = [sys.executable, "-m", COMPILER]
        subprocess.run(command, check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)  # noqa: S603
