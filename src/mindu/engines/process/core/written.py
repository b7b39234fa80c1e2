"""Written: what each activity wrote, so that what is undone holds no more and the rest stays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from mindu.engines.process.core.threads import APART, BETWEEN, parent
from mindu.engines.process.state import Frame, Threads, Token, Write

Path = tuple[tuple[int, str, Threads], ...]
Old = tuple[Any, ...]


def path_of(frames: Mapping[int, Frame], tokens: Mapping[int, Token], token: Token) -> Path:
    """Return where a token stands: its node and threads, and those of all that it is inside of."""
    path = [(token.frame, token.node, token.threads)]
    frame = frames[token.frame]
    while frame.parent in frames:
        host = tokens.get(frame.host)
        path.append((frame.parent, "" if host is None else host.node,
                     () if host is None else host.threads))  # fmt: skip
        frame = frames[frame.parent]
    return tuple(path)


def taken_back(
    frames: dict[int, Frame], writes: Sequence[Write], gone: Callable[[Write], bool]
) -> list[Write]:
    """Take back what some wrote, and return the writes that stand.

    A variable that somebody wrote since keeps what it says; that one's own write then stands on
    what was there before. Any other is what it was, or is there no more.
    """
    left: list[Write] = []
    above: dict[tuple[int, str], int] = {}  # the next write that stands, by variable
    for write in reversed(writes):
        if not gone(write):
            above.update({(write.home, name): len(left) for name in write.was})
            left.append(write)
            continue
        for name, old in write.was.items():
            heir = above.get((write.home, name))
            if heir is not None:
                left[heir] = replace(left[heir], was={**left[heir].was, name: old})
            elif write.home in frames:
                frames[write.home] = _back(frames[write.home], name, old)
    return left[::-1]


def _back(frame: Frame, name: str, old: Old) -> Frame:
    others = {one: value for one, value in frame.vars.items() if one != name}
    return replace(frame, vars={**others, name: old[0]} if old else others)


def packed(frames: Mapping[int, Frame], writes: Sequence[Write]) -> list[Write]:
    """Make one of neighbours that only fall together: no visit to return to lies between them.

    So a drawing that goes round for ever does not make the state grow for ever.
    """
    visits = [one for frame in frames.values() for one in frame.visits.values()]
    marks = [(one.step, one.turn) for one in visits]
    live = {mark.partition(".")[0] for one in visits for thread in one.threads
            for mark in thread.split(BETWEEN)}  # fmt: skip
    left: list[Write] = []
    for found in writes:
        path = tuple((at, node, _short(threads, live)) for at, node, threads in found.path)
        write = replace(found, path=path)
        if (
            left
            and _falls(left[-1], write, marks)
            and _again(frames, left[-1])
            and (_again(frames, write))
        ):
            path = tuple((at, "", threads) for at, _, threads in path)
            left[-1] = replace(write, was={**write.was, **left[-1].was}, path=path)
        else:
            left.append(write)
    return left


def _falls(one: Write, other: Write, marks: Iterable[tuple[int, int]]) -> bool:
    """Say whether two writes fall together, whatever is returned to."""
    where, there = ([(at, threads) for at, _, threads in w.path] for w in (one, other))
    since, until = (one.step, one.turn), (other.step, other.turn)
    return (
        one.home == other.home
        and where == there
        and not any(since <= mark <= until for mark in marks)
    )


def _again(frames: Mapping[int, Frame], write: Write) -> bool:
    """Say whether what wrote was begun again since, or cannot be: its name is of no more use."""
    if not write.path or write.path[0][0] not in frames:
        return True
    visit = frames[write.path[0][0]].visits.get(write.path[0][1])
    return visit is None or (visit.step, visit.turn) > (write.step, write.turn)


def _short(threads: Threads, live: set[str]) -> Threads:
    """Return threads as far as a visit still tells their branches apart."""
    found = set[str]()
    for thread in threads:
        one = thread
        while one and not _told(one.rpartition(BETWEEN)[2], live):
            one = parent(one)
        found.add(one)
    return tuple(sorted(found))


def _told(mark: str, live: set[str]) -> bool:
    return mark.startswith(APART) or mark.partition(".")[0] in live
