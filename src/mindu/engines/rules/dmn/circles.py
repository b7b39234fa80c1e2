"""Circles: which parts of a model need each other, so that no order of making them ends."""

from mindu.engines.rules.dmn.parts import Part
from mindu.engines.rules.dmn.problems import Problem
from mindu.engines.rules.value.run import Limits

NAMED = 5  # of those by whose way a part comes back to itself


def circling(parts: list[Part]) -> list[Part]:
    """Return the parts that stand in a circle, or between two: what no end leads to."""
    known = {id(part) for part in parts}
    needs = {id(p): {id(need) for _, need in p.needs if id(need) in known} for p in parts}
    needed: dict[int, set[int]] = {one: set() for one in needs}
    for one, wanted in needs.items():
        for other in wanted:
            needed[other].add(one)
    left = _worn(needs, needed, known)
    left = _worn(needed, needs, left)
    return [part for part in parts if id(part) in left]


def _worn(ahead: dict[int, set[int]], behind: dict[int, set[int]], left: set[int]) -> set[int]:
    """Take away, again and again, what has nothing ahead of it."""
    counts = {one: len(ahead[one] & left) for one in left}
    ends = [one for one, count in counts.items() if count == 0]
    while ends:
        end = ends.pop()
        left.discard(end)
        for one in behind[end] & left:
            counts[one] -= 1
            if counts[one] == 0:
                ends.append(one)
    return left


def recursive(parts: list[Part]) -> tuple[Problem, ...]:
    """Return a warning for each knowledge model that calls itself, also by way of others.

    That may be meant so and is bounded; the circle may also be a slip of the pen.
    """
    found = []
    for circle in _circles(circling(parts)):
        for part in circle:
            others = [one.name for one in circle if one is not part]
            if part.kind == "bkm":
                found.append(_calls_itself(part, others))
    return tuple(found)


def _calls_itself(part: Part, others: list[str]) -> Problem:
    most, more = Limits().depth, "" if len(others) <= NAMED else " …"
    en = f" by way of {', '.join(others[:NAMED])}{more}" if others else ""
    zh = f"经由{'、'.join(others[:NAMED])}{more}" if others else ""
    return Problem(
        part.name,
        f"it calls itself{en}: that may be meant so, but more than {most} calls inside each other "
        "are stopped and the decision is then null; see that it comes to an end",
        f"该知识模型{zh}调用自身:可以如此,但嵌套超过{most}层即停止,决定结果为空;请确认它会结束",
        part.id,
    )


def _circles(parts: list[Part]) -> list[list[Part]]:
    """Return the parts that reach each other and come back, circle by circle."""
    known = {id(part): part for part in parts}
    ahead = {one: [id(n) for _, n in part.needs if id(n) in known] for one, part in known.items()}
    behind: dict[int, list[int]] = {one: [] for one in known}
    for one, wanted in ahead.items():
        for other in wanted:
            behind[other].append(one)
    seen: set[int] = set()
    ended = [one for begin in known for one in _ended(begin, ahead, seen)]
    taken: set[int] = set()
    circles = [_ended(begin, behind, taken) for begin in reversed(ended)]
    return [
        [known[one] for one in circle]
        for circle in circles
        if len(circle) > 1 or (circle and circle[0] in ahead[circle[0]])
    ]


def _ended(begin: int, ahead: dict[int, list[int]], seen: set[int]) -> list[int]:
    """Walk all that was not seen yet; return it in the order in which nothing was left ahead."""
    if begin in seen:
        return []
    seen.add(begin)
    found, path = [], [(begin, iter(ahead[begin]))]
    while path:
        here, ways = path[-1]
        onward = next((one for one in ways if one not in seen), None)
        if onward is None:
            found.append(here)
            path.pop()
        else:
            seen.add(onward)
            path.append((onward, iter(ahead[onward])))
    return found
