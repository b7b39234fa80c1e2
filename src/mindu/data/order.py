"""The order of rows: which of many readings of one channel counts, and which come in turn."""

from collections.abc import Iterator

import numpy as np

from mindu.data.arrays import Floats, Ints, every


def alone(keys: Ints) -> bool:
    """Say whether no key stands twice."""
    if len(keys) < 2 or every(keys[1:] > keys[:-1]):
        return True
    return len(np.unique(keys)) == len(keys)


def newest(keys: Ints, at: Floats) -> Ints:
    """Return the row of each key with the latest time; of equals, the one that came first."""
    order = np.lexsort((-np.arange(len(keys)), at, keys))
    last = np.append(keys[order][1:] != keys[order][:-1], np.ones(min(1, len(keys)), bool))
    rows: Ints = order[last]
    return rows


def turns(keys: Ints, at: Floats) -> Iterator[Ints]:
    """Yield rows in turns, each key at most once a turn and its own rows by time."""
    if alone(keys):
        yield np.arange(len(keys))
        return
    order = np.lexsort((at, keys))
    ordered = keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    turn = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
    for n in range(int(turn.max()) + 1):
        yield order[turn == n]
