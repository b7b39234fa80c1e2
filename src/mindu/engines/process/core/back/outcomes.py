"""Outcomes: what is undone is not done any more, and what it had come to holds no more."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from mindu.engines.process.core.threads import all_within, any_within
from mindu.engines.process.core.work import Work
from mindu.engines.process.core.written import taken_back
from mindu.engines.process.happenings import Undid
from mindu.engines.process.model import Node
from mindu.engines.process.state import Frame, Threads, Visit, Write

Came = Callable[[int, int, Threads], bool]  # of a step, a turn in it, and threads


def at_work(work: Work) -> set[str]:
    """Return the nodes that are begun and not done."""
    return {token.node for token in work.tokens.values()}


def came_of(frame: Frame, visit: Visit, whole: Threads, sides: list[tuple[str, str]]) -> Came:
    """Return what says whether something came of a visit, and not of the other sides of joins."""
    aside = [part for gateway, side in sides
             for flow, part in frame.joins[gateway].parts.items() if flow != side]  # fmt: skip

    def came(step: int, turn: int, threads: Threads) -> bool:
        since = (step, turn) > (visit.step, visit.turn)
        apart = any(all_within(threads, part) for part in aside)
        return since and any_within(threads, whole) and not apart

    return came


def taken_from(
    work: Work, number: int, came: Came, *,
    to: str, only: set[str] | None, begun: Collection[str],
) -> None:  # fmt: skip
    """Take back what came of the visit to a node: of a return that comes straight back only ends.

    `only` names these ends, and what lies between them stands; None takes all of it.
    """
    frame = work.frames[number]
    gone = {
        node: one for node, one in frame.visits.items()
        if node != to and (only is None or node in only)
        and came(one.step, one.turn, one.threads)
    }  # fmt: skip

    def falls(write: Write) -> bool:
        found = next((one for one in write.path if one[0] == number), None)
        return (
            found is not None
            and (only is None or found[1] in only)
            and (came(write.step, write.turn, found[2]))
        )

    fallen = {(number, node): one for node, one in {**gone, to: frame.visits[to]}.items()}
    _fall(work, falls, fallen, begun)
    if only is not None:
        left = {**work.frames[number].visits, to: replace(frame.visits[to], done=0, by="")}
        work.frames[number] = replace(work.frames[number], visits=left)


def all_taken(work: Work, begun: Collection[str]) -> None:
    """Take everything back that was done and written since the beginning."""
    visits = {(frame.id, node): one for frame in work.frames.values()
              for node, one in frame.visits.items()}  # fmt: skip
    _fall(work, lambda write: bool(write.path), visits, begun)


def dropped(work: Work, frames: Collection[int], nodes: Collection[str]) -> None:
    """Take back what was done and written at nodes that are drawn no more."""
    visits = {(number, node): one for number in frames
              for node, one in work.frames[number].visits.items() if node in nodes}  # fmt: skip

    def falls(write: Write) -> bool:
        return any(at in frames and node in nodes for at, node, _ in write.path)

    _fall(work, falls, visits, ())


def _fall(
    work: Work, falls: Callable[[Write], bool], visits: dict[tuple[int, str], Visit],
    begun: Collection[str],
) -> None:  # fmt: skip
    """Let visits and writes go, and keep on record which nodes are undone."""
    for number in {at for at, _ in visits}:
        frame = work.frames[number]
        left = {node: v for node, v in frame.visits.items() if (number, node) not in visits}
        work.frames[number] = replace(frame, visits=left)
    fallen = [one for one in work.writes if falls(one)]
    work.writes = taken_back(work.frames, work.writes, falls)
    names = {name for one in fallen for name in one.was}
    for (number, node), one in visits.items():
        if one.done and not one.turn:
            names |= _of_old(work, number, work.of(number).nodes[node])
    inner = {one.path[0][1] for one in fallen if one.path} - {"", *begun}
    nodes = {*inner, *(node for (_, node), one in visits.items() if one.done)}
    if nodes:
        work.undone = tuple(sorted({*work.undone, *nodes}))
        work.effects.append(Undid(nodes=tuple(sorted(nodes)), names=tuple(sorted(names))))


def _of_old(work: Work, number: int, node: Node) -> set[str]:
    """Take back what a node wrote before writes were counted, by what it is drawn to write."""
    names = _drawn(node)
    frame = work.frames[number]
    others = (work.of(number).nodes[one] for one, visit in frame.visits.items() if visit.done)
    names -= {name for other in others for name in _drawn(other)}
    names -= {name for one in work.writes for name in one.was}
    while names:
        left = {name: value for name, value in frame.vars.items() if name not in names}
        work.frames[frame.id] = replace(frame, vars=left)
        if frame.definition or frame.parent not in work.frames:
            break
        frame = work.frames[frame.parent]
    return names


def _drawn(node: Node) -> set[str]:
    """Return the variables that a node is drawn to write."""
    told = {name for _, name in node.work.outputs}
    return told or ({node.work.result} - {""})
