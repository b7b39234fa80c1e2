"""Watching: the cases that run on a version, node by node: how many, how long, and which."""

from datetime import UTC, datetime

from mindu.base.records import Words
from mindu.brain.folds.flow.stays import Stay
from mindu.console.ask import Ask
from mindu.console.contract.common import Seen
from mindu.console.contract.models.watching import Running, Spot, Watched
from mindu.console.modelling.modelling import Modelling
from mindu.engines.process import Definition
from mindu.engines.process.changes import KINDS

NONE = Stay()


def watched(desk: Modelling, ask: Ask, seen: Seen) -> Watched:
    """Return the cases on a version, the nodes where they wait longest first.

    Raises:
        Bad: there is no such version, or it is a decision.
    """
    key = ask.text("key")
    desk.published(key)
    program = desk.models.program(key)
    spots = _spots(program.definition, desk.instances.stays.of(key), desk.now())
    running = _running(desk, key)
    page, after = ask.page(running)
    return Watched(
        seen=seen,
        key=key,
        running=len(running),
        stuck=sum(1 for one in running if one.trouble),
        spots=spots,
        items=tuple(page),
        next=after,
    )


def _spots(drawn: Definition, stays: dict[str, Stay], now: datetime) -> tuple[Spot, ...]:
    longest = max((max(s.mean, s.waits(now)) for s in stays.values()), default=0.0)
    found = []
    for name, stay in stays.items():
        node = drawn.nodes.get(name)
        if node is None or not (stay.open or stay.over):
            continue
        waits = stay.waits(now)
        found.append(
            Spot(
                element=name,
                name=node.name or name,
                kind=Words(*KINDS[node.kind]),
                open=stay.open,
                waits_s=round(waits, 1),
                over=stay.over,
                mean_s=round(stay.mean, 1),
                longest_s=round(stay.longest, 1),
                heat=round(max(stay.mean, waits) / longest, 3) if longest else 0.0,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.heat, one.element)))


def _running(desk: Modelling, key: str) -> list[Running]:
    """Return the cases on a version, the one that has stood longest first."""
    at: dict[int, list[tuple[float, str]]] = {}
    for instance, node, since in desk.instances.stays.instances(key):
        at.setdefault(instance, []).append((since, node))
    stuck = dict(desk.instances.stuck)
    found = [
        Running(
            instance=instance,
            nodes=tuple(dict.fromkeys(node for _, node in sorted(told))),
            since=datetime.fromtimestamp(min(told)[0], UTC),
            trouble=stuck.get(instance, ""),
        )
        for instance, told in at.items()
    ]
    return sorted(found, key=lambda one: (one.since, one.instance))
