"""The arithmetic of threads: split, add up, take away; nothing is ever lost or doubled."""

from collections.abc import Iterable
from fractions import Fraction

from mindu.engines.process.state import WHOLE, Threads

BETWEEN = ","
APART = "+"  # begins a thread that is no part of the whole: a second start, a reminder
DEEPEST = 60  # splits inside each other; joined ones do not count


def branches(threads: Threads, split: int, count: int) -> list[Threads]:
    """Return the threads of each branch of a split. One branch is no split.

    A token that carries several threads splits by the first, and the first branch carries the rest:
    the others stay whole in it, so that the sum does not change.
    """
    if count == 1:
        return [threads]
    first, *rest = threads
    marks = [f"{split}.{branch}/{count}" for branch in range(count)]
    parts: list[Threads] = [(f"{first}{BETWEEN}{mark}" if first else mark,) for mark in marks]
    parts[0] = added((*parts[0], *rest))
    return parts


def added(threads: Iterable[str]) -> Threads:
    """Add threads up: where all branches of a split are there, the thread before it is."""
    found = set(threads)
    grew = True
    while grew:
        grew = False
        for one in sorted(found):
            siblings = family(one)
            if siblings and siblings <= found:
                found = (found - siblings) | {parent(one)}
                grew = True
                break
    return tuple(sorted(found))


def parent(thread: str) -> str:
    """Return the thread before the last split."""
    return thread.rpartition(BETWEEN)[0]


def family(thread: str) -> set[str]:
    """Return all branches of the split that a thread comes from; none where it comes from none."""
    before, _, last = thread.rpartition(BETWEEN)
    if not last or last.startswith(APART):
        return set()
    split, _, rest = last.partition(".")
    count = int(rest.partition("/")[2])
    front = f"{before}{BETWEEN}" if before else ""
    return {f"{front}{split}.{branch}/{count}" for branch in range(count)}


def within(thread: str, threads: Threads) -> bool:
    """Say whether a thread is one of these, or came of one of them."""
    return any(_came(thread, one) for one in threads)


def _came(thread: str, of: str) -> bool:
    if of == WHOLE:
        return not thread.startswith(APART)
    return thread == of or thread.startswith(f"{of}{BETWEEN}")


def minus(threads: Threads, parts: Threads) -> Threads:
    """Return what is left of threads when these parts are taken out."""
    left: list[str] = []
    for one in threads:
        inside = [part for part in parts if _came(part, one)]
        if one in parts:
            continue
        if not inside:
            left.append(one)
            continue
        deeper = inside[0][len(one) + 1 if one else 0 :].partition(BETWEEN)[0]
        siblings = family(f"{one}{BETWEEN}{deeper}" if one else deeper)
        left += minus(tuple(sorted(siblings)), parts)
    return tuple(sorted(left))


def all_within(some: Threads, threads: Threads) -> bool:
    """Say whether all of some threads came of these."""
    return all(within(one, threads) for one in some)


def any_within(some: Threads, threads: Threads) -> bool:
    """Say whether any of some threads came of these."""
    return any(within(one, threads) for one in some)


def weight(threads: Iterable[str]) -> Fraction:
    """Return what threads come to: the whole is 1, a branch of two a half of what was before."""
    return sum((_weight(one) for one in threads), Fraction(0))


def _weight(thread: str) -> Fraction:
    total = Fraction(1)
    for mark in thread.split(BETWEEN) if thread else ():
        if mark.startswith(APART):
            continue
        total /= int(mark.rpartition("/")[2])
    return total


def too_deep(threads: Threads) -> bool:
    """Say whether a thread was split so often that something must be wrong with the drawing."""
    return any(one.count(BETWEEN) >= DEEPEST for one in threads)
