"""Linkage: things grow together while they are alike on average, so that no chain runs away."""

import heapq
from collections.abc import Iterable, Iterator

Edge = tuple[int, int, float]


def average_link(count: int, edges: Iterable[Edge], *, cut: float) -> list[int]:
    """Return the cluster of each of `count` things: average linkage (UPGMA) stopped at `cut`.

    `edges` hold each pair at most once, with its likeness; a pair that is missing counts as 0, so
    small likenesses may be left out to save time. Clusters are numbered by their first thing.
    Work grows with the edges (n log n), not with the square of the things.
    """
    forest = _Forest(count, edges)
    heap = forest.likely(cut)
    while heap:
        alike, one, other = heapq.heappop(heap)
        if forest.alike(one, other) == -alike:  # else it was said before one of them grew
            for found in forest.join(one, other):
                if -found[0] >= cut:
                    heapq.heappush(heap, found)
    return _numbered(forest.into)


class _Forest:
    """Growing clusters: the sum of likenesses between each two, and who went into whom."""

    def __init__(self, count: int, edges: Iterable[Edge]) -> None:
        self.near: list[dict[int, float]] = [{} for _ in range(count)]
        self.size = [1] * count
        self.into = list(range(count))
        for one, other, alike in edges:
            if one == other or other in self.near[one]:
                raise ValueError(f"the pair {one}, {other} is no pair or was given twice")
            self.near[one][other] = self.near[other][one] = alike

    def likely(self, cut: float) -> list[tuple[float, int, int]]:
        """Return a heap of the pairs that are alike enough, the likeliest first."""
        heap = [
            (-alike, one, other)
            for one, held in enumerate(self.near)
            for other, alike in held.items()
            if one < other and alike >= cut
        ]
        heapq.heapify(heap)
        return heap

    def alike(self, one: int, other: int) -> float | None:
        """Return the mean likeness of two clusters, or None when they are not both there."""
        total = self.near[one].get(other)
        return None if total is None else total / (self.size[one] * self.size[other])

    def join(self, one: int, other: int) -> Iterator[tuple[float, int, int]]:
        """Put the smaller into the larger; yield its new mean likenesses, negative."""
        if len(self.near[one]) < len(self.near[other]):
            one, other = other, one
        self.into[other] = one
        del self.near[one][other]
        self.size[one] += self.size[other]
        for third, summed in self.near[other].items():
            if third != one:
                del self.near[third][other]
                whole = self.near[one].get(third, 0.0) + summed
                self.near[one][third] = self.near[third][one] = whole
        self.near[other] = {}
        for third, whole in self.near[one].items():
            yield -(whole / (self.size[one] * self.size[third])), one, third


def _numbered(into: list[int]) -> list[int]:
    roots = []
    for thing in range(len(into)):
        root = thing
        while into[root] != root:
            root = into[root]
        roots.append(root)
    first: dict[int, int] = {}
    return [first.setdefault(root, thing) for thing, root in enumerate(roots)]
