"""`mindu edge`: a node on a small machine, which keeps few pools of memory and gives back the rest.

The allocators are told before the libraries that would fill them are loaded, and before the first
thread is started; so this room loads all else late.
"""

import argparse
import ctypes
import os

from mindu.cli.say import Voice

_TRIM, _MMAP, _ARENAS = -1, -3, -8  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX of glibc
KEPT = 128 << 10  # bytes that an arena may keep at its end, and above which a block is its own
ARENAS = 2


def edge(asked: argparse.Namespace, voice: Voice) -> int:
    """Run a small node that hands its readings on."""
    small()
    from mindu.cli.senses.serve import edge as run  # noqa: PLC0415 - loads what fills memory

    return run(asked, voice)


def small() -> bool:
    """Take little memory from now on, at the price of speed; say whether the C library heard.

    Where it is not glibc only Arrow is told: to use the same allocator, and one thread of a kind.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("ARROW_IO_THREADS", "1")
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is None:
        return False
    told = ((_ARENAS, ARENAS), (_TRIM, KEPT), (_MMAP, KEPT))
    return [tell(what, value) for what, value in told] == [1] * len(told)
