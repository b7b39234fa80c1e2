"""SWMM in a box: its library, its C library and its heap apart from ours, to be kept and put back.

The library is loaded into a namespace of its own (`dlmopen`), where it allocates from a heap that
nobody else uses. So all that a running model can change lies in a few known ranges, a megabyte for
a hundred nodes: a copy of them is the whole state, and putting it back costs less than a fork.
Places of open files lie in the kernel; who puts a box back, puts them back as well.
"""

import ctypes
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NEW_NAMESPACE, NOW, HAS_NAMESPACE, ALREADY = -1, 2, 1, 4  # LM_ID_NEWLM, RTLD_NOW, …
MMAP_MOST, TRIM_FROM = -4, -1  # M_MMAP_MAX, M_TRIM_THRESHOLD
NEVER = 2**31 - 1
WRITABLE, LOADED, SEALED = 2, 1, 0x6474E552  # PF_W, PT_LOAD, PT_GNU_RELRO
PAGE = os.sysconf("SC_PAGE_SIZE")
PROBE = 2**16  # bytes: too many for any free piece of a young heap
ROOM = 2**26  # bytes of heap reserved, not used, for any model
C_NAMES = (b"libc.so", b"libc-")
GRAIN = 2**18  # bytes: a heap that grew a little is kept in the same place
FLAGS = 7  # the lowest bits of a piece's size

Range = tuple[int, int]  # address, bytes


class _Loaded(ctypes.Structure):
    """One library of a namespace: glibc's `struct link_map`."""


_Loaded._fields_ = [
    ("base", ctypes.c_size_t),
    ("name", ctypes.c_char_p),
    ("dynamic", ctypes.c_void_p),
    ("next", ctypes.POINTER(_Loaded)),
]

HEAP = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"


class _Heap(ctypes.Structure):
    """What glibc tells of a heap: `struct mallinfo2`."""

    arena: int  # bytes taken from the system
    hblks: int  # pieces taken beside it
    keepcost: int  # bytes at its top that were never used, or are free again
    _fields_ = [(name, ctypes.c_size_t) for name in HEAP.split()]


class NoBoxError(OSError):
    """This system cannot hold a model in a box; futures are forked one by one."""


@dataclass(slots=True)
class Box:
    """One library in a namespace of its own."""

    lib: ctypes.PyDLL
    _c: ctypes.CDLL
    _fixed: tuple[Range, ...]  # data of the libraries, and the first piece of the heap
    _heap: Range  # the reserved piece
    _arena: int
    _kept: list[tuple[Range, ctypes.Array[ctypes.c_char]]] = field(default_factory=list)

    def whole(self) -> bool:
        """Say whether the heap still lies where we know it."""
        heap = self._c.mallinfo2()
        return int(heap.arena) == self._arena and int(heap.hblks) == 0

    def keep(self) -> None:
        """Keep a copy of all that the model can change."""
        start, reserved = self._heap
        used = reserved - int(self._c.mallinfo2().keepcost) + PAGE  # with the mark of its top
        used = (used + GRAIN - 1) // GRAIN * GRAIN
        ranges = [*self._fixed, (start, min(used, reserved))]
        if ranges != [r for r, _ in self._kept]:
            self._kept = [(r, (ctypes.c_char * r[1])()) for r in ranges]
        for (address, count), kept in self._kept:
            ctypes.memmove(kept, address, count)

    def back(self) -> None:
        """Put the kept copy back."""
        for (address, count), kept in self._kept:
            ctypes.memmove(address, kept, count)

    def image(self) -> list[bytes]:
        """Return the bytes of the kept ranges as they are now."""
        return [bytes(_view(r)) for r, _ in self._kept]


def _view(of: Range) -> memoryview:
    return memoryview((ctypes.c_char * of[1]).from_address(of[0]))


def boxed(path: Path, room: int = ROOM) -> Box:
    """Load a library into a box with `room` bytes of heap; NoBoxError where the system has none."""
    try:
        ours = ctypes.CDLL(None)
        ours.dlmopen.restype = ctypes.c_void_p
        ours.dlmopen.argtypes = [ctypes.c_long, ctypes.c_char_p, ctypes.c_int]
        ours.dlinfo.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
        handle = ours.dlmopen(NEW_NAMESPACE, str(path).encode(), NOW)
        if not handle:
            raise NoBoxError("the system loads no library twice")
        c = _own_c(ours, handle)
        c.malloc.restype, c.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
        c.free.argtypes = [ctypes.c_void_p]
        c.mallinfo2.restype = _Heap
    except AttributeError as absent:
        raise NoBoxError(f"the system's C library has no such thing: {absent}") from absent
    fixed = [r for lib in _libraries(handle) for r in _data(lib.base)]
    c.mallopt(MMAP_MOST, 0)  # all of the heap lies in one piece
    c.mallopt(TRIM_FROM, NEVER)  # and none of it is given back
    fixed.append(_first_piece(c))
    heap = _reserved(c, room)
    lib = ctypes.PyDLL(str(path), handle=handle)
    return Box(lib, c, tuple(fixed), heap, int(c.mallinfo2().arena))


def _own_c(ours: ctypes.CDLL, handle: int) -> ctypes.CDLL:
    """Return the C library of the box, which must not be our own."""
    space = ctypes.c_long()
    ours.dlinfo(handle, HAS_NAMESPACE, ctypes.byref(space))
    for lib in _libraries(handle):
        if lib.name.rpartition(b"/")[2].startswith(C_NAMES):
            found = ours.dlmopen(space.value, lib.name, NOW | ALREADY)
            if found and space.value:
                return ctypes.CDLL(None, handle=found)
    raise NoBoxError("the box has no C library of its own")


def _libraries(handle: int) -> Iterator[_Loaded]:
    """Yield the libraries of a namespace but for the loader, which all share."""
    at = ctypes.cast(handle, ctypes.POINTER(_Loaded))
    while bool(at):
        if not os.path.basename(at.contents.name).startswith(b"ld"):  # noqa: PTH119 - bytes
            yield at.contents
        at = at.contents.next


def _data(base: int) -> Iterator[Range]:
    """Yield where a library keeps what it can change, by its own ELF header."""
    head = ctypes.string_at(base, 64)
    (table,), (size, count) = (
        struct.unpack_from("<Q", head, 32),
        struct.unpack_from("<HH", head, 54),
    )
    loads, sealed = [], (0, 0)
    for k in range(count):
        row = ctypes.string_at(base + table + k * size, 56)
        kind, flags, _, address, _, _, length, _ = struct.unpack("<IIQQQQQQ", row)
        if kind == LOADED and flags & WRITABLE:
            loads.append((address, address + length))
        elif kind == SEALED:
            sealed = (address, (address + length) // PAGE * PAGE)
    for start, end in loads:
        first = sealed[1] if sealed[0] <= start < sealed[1] else start
        if first < end:
            yield base + first, end - first


def _first_piece(c: ctypes.CDLL) -> Range:
    """Return where a young heap lies: it ends where its unused top ends."""
    probe = c.malloc(PROBE)
    heap = c.mallinfo2()
    (size,) = struct.unpack("<Q", ctypes.string_at(probe - 8, 8))
    end = probe - 16 + (size & ~FLAGS) + int(heap.keepcost)
    c.free(probe)
    if end % PAGE:
        raise NoBoxError("the heap of the box is laid out in another way than we know")
    return end - int(heap.arena), int(heap.arena)


def _reserved(c: ctypes.CDLL, room: int) -> Range:
    """Let the heap take all the room at once, in one piece, and return where it is."""
    before = int(c.mallinfo2().arena)
    piece = c.malloc(room)
    if not piece or (piece - 16) % PAGE:
        raise NoBoxError("the heap of the box has no room in one piece")
    taken = int(c.mallinfo2().arena) - before
    c.free(piece)
    return piece - 16, taken
