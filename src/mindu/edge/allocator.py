"""How this process holds memory: glibc is told to give large blocks back, and to keep few arenas.

By itself glibc learns to keep freed blocks of up to 32 MB in arenas, one for each thread: a node
that fills its tables from two threads then grows with every flush, though nothing is held.
"""

import ctypes
import os

_TRIM, _MMAP, _ARENAS = -1, -3, -8  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX of glibc
SMALL, STEADY = 128 << 10, 4 << 20  # bytes above which a block is its own, and goes back when freed
TOP = 32 << 20  # bytes that may lie free at the top between two flushes: groups use them again


def small() -> bool:
    """Take little memory from now on, at the price of speed; say whether the C library heard.

    It is called before Arrow is loaded. Where the library is not glibc only Arrow is told: to use
    the same allocator, and one thread of a kind.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("ARROW_IO_THREADS", "1")
    return _tell(arenas=2, own=SMALL, top=SMALL)


def steady() -> bool:
    """Give back what was freed from now on; say whether the C library heard. Before any thread.

    It is called before Arrow is loaded, which then takes from the same library: its own allocator
    keeps what a merge of tables needed. Telling Arrow later leaves its writers of files aside.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    return _tell(arenas=4, own=STEADY, top=TOP)


def trim() -> bool:
    """Give back now what lies free between what is held; say whether the C library heard.

    A freed block goes back by itself only from the top of its arena: after each flush of the tables
    one held block keeps up to 60 MB below it.
    """
    give = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return give is not None and give(0) == 1


def _tell(*, arenas: int, own: int, top: int) -> bool:
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is None:
        return False
    told = ((_ARENAS, arenas), (_TRIM, top), (_MMAP, own))
    return [tell(what, value) for what, value in told] == [1] * len(told)
