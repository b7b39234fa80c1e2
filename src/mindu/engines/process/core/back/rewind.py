"""Going back: what came of a visit is taken away, and joins since then are undone."""

from msgspec.structs import replace

from mindu.engines.process.core.back.outcomes import at_work, came_of, taken_from
from mindu.engines.process.core.threads import added, all_within, any_within, minus, within
from mindu.engines.process.core.work import Work
from mindu.engines.process.happenings import Stuck
from mindu.engines.process.state import Frame, Join, Threads, Token, Visit


def rewind(work: Work, token: Token, to: str, *, then: str = "") -> None:
    """Take away all that came of a visit, and begin it again; joins since then are undone."""
    frame = work.frames[token.frame]
    visit = frame.visits[to]
    if all_within(token.threads, visit.threads):
        whole, joins = visit.threads, list[str]()
    else:
        joins = joins_since(frame, visit, token.threads)
        if not joins:
            raise work.stuck(
                to,
                "it lies on another branch that is still under way: return it from its own task, "
                "or return to before the split",
                "该节点在另一条未结束的分支上:请在该分支内退回,或退回到分支之前",
            )
        whole = frame.joins[joins[0]].whole
    begun = at_work(work)
    gathered = _gather(work, frame.id, whole, to)
    if then and (joins or gathered != token.threads):
        raise not_direct(work, token)
    came = came_of(frame, visit, whole, [(g, _side(frame.joins[g], visit.threads)) for g in joins])
    for gateway in joins:
        gathered = _unjoin(work, frame.id, gateway, visit, gathered)
    _forget(work, frame.id, to)
    only = {to, token.node} if then else None
    taken_from(work, frame.id, came, to=to, only=only, begun=begun)
    back = work.put(to, frame.id, gathered)
    work.tokens[back.id] = replace(back, then=then)


def not_direct(work: Work, token: Token) -> Stuck:
    """Return the refusal of a return that cannot come straight back."""
    return work.stuck(
        work.node(token),
        "it cannot come straight back here: other branches would be left out; return without "
        "`direct`",
        "不能直接返回本节点:会漏掉其他分支;请改为逐级重走",
    )


def joins_since(frame: Frame, visit: Visit, threads: Threads) -> list[str]:
    """Return the joins to undo, from the outermost in, so that a visit's own branch is free."""
    found: list[str] = []
    target = visit.threads
    outer = [g for g, join in frame.joins.items() if all_within(threads, join.whole)]
    outer = [g for g in outer if _side(frame.joins[g], target)]
    while outer:
        gateway = max(outer, key=lambda g: -len(frame.joins[g].whole[0]))
        found.append(gateway)
        part = frame.joins[gateway].parts[_side(frame.joins[gateway], target)]
        if all_within(part, target):
            return found
        outer = [
            g
            for g, join in frame.joins.items()
            if g not in found and all_within(part, join.whole) and _side(join, target)
        ]
    return []


def _side(join: Join, threads: Threads) -> str:
    """Return the flow by which threads came to a join, empty where they did not."""
    return next((f for f, part in join.parts.items() if all_within(threads, part)), "")


def _unjoin(work: Work, frame: int, gateway: str, visit: Visit, gathered: Threads) -> Threads:
    """Put what came from the other sides back before a gateway; return the side that is redone."""
    found = work.frames[frame]
    join = found.joins[gateway]
    side = _side(join, visit.threads)
    for flow, part in join.parts.items():
        if flow != side:
            back = work.put(gateway, frame, part)
            work.queue.remove(back.id)
            work.tokens[back.id] = replace(back, via=flow, since=work.step)
    every = added(one for part in join.parts.values() for one in part)
    ended = added((*found.ended, *minus(gathered, every)))
    left = {name: one for name, one in found.joins.items() if name != gateway}
    work.frames[frame] = replace(found, ended=ended, joins=left)
    return join.parts[side]


def _gather(work: Work, frame: int, whole: Threads, to: str) -> Threads:
    """Take away every token that came of these threads; return what they come to."""
    gathered: list[str] = []
    for token in [t for t in work.tokens.values() if t.frame == frame]:
        if not any_within(token.threads, whole):
            continue
        if not all_within(token.threads, whole):
            raise work.stuck(
                to,
                "its branch has run together with another since: return to before both",
                "该分支已与其他分支汇合:请退回到两者之前",
            )
        gathered += token.threads
        work.kill(token.id)
    found = work.frames[frame]
    gathered += [one for one in found.ended if within(one, whole)]
    left = tuple(one for one in found.ended if not within(one, whole))
    work.frames[frame] = replace(found, ended=left)
    return added(gathered)


def _forget(work: Work, frame: int, to: str) -> None:
    """Let complex gateways ahead of a node begin anew with the sides that it leads to."""
    found, program = work.frames[frame], work.of(frame)
    left = tuple(
        mark
        for mark in found.gone
        if to not in program.reaches(mark.partition("|")[0])[mark.partition("|")[2]]
    )
    if left != found.gone:
        work.frames[frame] = replace(found, gone=left)
