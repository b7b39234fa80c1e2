"""The Merkle tree of RFC 6962 over the log: heads, proofs, and how an auditor checks them.

Full runs of 256 hashes are kept as tiles, level by level, so a tree of n entries needs only
its ragged right edge in memory and a proof reads a few tiles. Everything here is pure.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

HEIGHT = 8
WIDTH = 1 << HEIGHT
EMPTY = sha256(b"").digest()


class Tile(NamedTuple):
    """A full run of hashes at one level, and the hash over all of them."""

    level: int
    place: int
    hashes: bytes
    root: bytes


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def over(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over a run of sibling hashes, split as RFC 6962 splits."""
    row = list(hashes)
    if not row:
        return EMPTY
    # Pairing level by level and carrying an odd last hash up unchanged gives the RFC's split.
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [node(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)] + odd
    return row[0]


class Tree:
    """The growing tree: the ragged edge of every level; full tiles are handed out to be kept."""

    def __init__(self, kept: Callable[[int, int], bytes]) -> None:
        """Start empty; `kept` returns the hashes of a full tile by level and index."""
        self._kept = kept
        self.size = 0
        self.edge: list[list[bytes]] = [[]]

    def add(self, leaf: bytes) -> list[Tile]:
        """Take one leaf; return the tiles that it filled."""
        self.size += 1
        edge = self.edge[0]
        edge.append(leaf)
        return self._fill() if len(edge) == WIDTH else []

    def _fill(self) -> list[Tile]:
        full: list[Tile] = []
        level = 0
        while level < len(self.edge) and len(self.edge[level]) == WIDTH:
            hashes = self.edge[level]
            place = (self.size >> (HEIGHT * (level + 1))) - 1
            tile = Tile(level, place, b"".join(hashes), over(hashes))
            full.append(tile)
            self.edge[level] = []
            if level + 1 == len(self.edge):
                self.edge.append([])
            self.edge[level + 1].append(tile.root)
            level += 1
        return full

    def root(self, size: int | None = None) -> bytes:
        """Return the head of the tree as it was at `size` entries."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} entries, not {size}; ask for fewer")
        return self._range(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the proof that leaf `index` is in the tree of `size` entries."""
        if not 0 <= index < size <= self.size:
            raise ValueError(f"no proof of {index} in {size} entries: the tree has {self.size}")
        return self._path(index, 0, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of `old` entries is the beginning of that of `new`."""
        if not 0 < old <= new <= self.size:
            raise ValueError(f"no proof from {old} to {new} entries: the tree has {self.size}")
        return [] if old == new else self._beginning(old, 0, new, whole=True)

    def _path(self, index: int, low: int, high: int) -> list[bytes]:
        if high - low == 1:
            return []
        middle = low + _split(high - low)
        if index < middle:
            return [*self._path(index, low, middle), self._range(middle, high)]
        return [*self._path(index, middle, high), self._range(low, middle)]

    def _beginning(self, old: int, low: int, high: int, *, whole: bool) -> list[bytes]:
        if old == high:
            return [] if whole else [self._range(low, high)]
        middle = low + _split(high - low)
        if old <= middle:
            known = self._beginning(old, low, middle, whole=whole)
            return [*known, self._range(middle, high)]
        return [*self._beginning(old, middle, high, whole=False), self._range(low, middle)]

    def _range(self, low: int, high: int) -> bytes:
        count = high - low
        if count & (count - 1):
            middle = low + _split(count)
            return node(self._range(low, middle), self._range(middle, high))
        return self._subtree(count.bit_length() - 1, low)

    def _subtree(self, height: int, start: int) -> bytes:
        """Return the hash over the full subtree of 2**height leaves that begins at `start`."""
        level, inner = divmod(height, HEIGHT)
        index, first = divmod(start >> (HEIGHT * level), WIDTH)
        count = 1 << inner
        if index == self.size >> (HEIGHT * (level + 1)):
            return over(self.edge[level][first : first + count])
        hashes = self._kept(level, index)
        return over([hashes[i * 32 : i * 32 + 32] for i in range(first, first + count)])


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Check that a leaf stands at `index` in the tree of `size` entries with that head."""
    if not 0 <= index < size:
        return False
    here, last, seen = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            seen = node(step, seen)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            seen = node(seen, step)
        here, last = here >> 1, last >> 1
    return last == 0 and seen == root


def consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Check that the tree of `old` entries is the beginning of the tree of `new` entries."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    return bool(steps) and _agree(old - 1, new - 1, steps) == (old_root, new_root)


def _agree(here: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Follow a consistency proof; return both heads that it leads to."""
    while here & 1:
        here, last = here >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            was, now = node(step, was), node(step, now)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            now = node(now, step)
        here, last = here >> 1, last >> 1
    return (was, now) if last == 0 else None
