"""Building for, some and every."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from mindu.engines.rules.machine.core import Code, Frame, Scope, build, builds, refuse
from mindu.engines.rules.syntax.tree import Domain, For, Quantified
from mindu.engines.rules.value.calendar import Date, from_ordinal, ordinal
from mindu.engines.rules.value.compare import less
from mindu.engines.rules.value.kinds import Range, kind_of
from mindu.engines.rules.value.numbers import exact, whole
from mindu.engines.rules.value.run import Refused, Run

Runner = Callable[[Frame], Iterator[object]]


def span(low: object, high: object) -> Iterator[object]:
    """Yield the whole numbers or the days from one end to the other, either way."""
    if isinstance(low, Date) and isinstance(high, Date):
        first, last = ordinal(low), ordinal(high)
        make: Callable[[int], object] = from_ordinal
    else:
        ends = [whole(end) if isinstance(end, Decimal) else None for end in (low, high)]
        if ends[0] is None or ends[1] is None:
            raise Refused("range", kind_of(low), kind_of(high))
        first, last, make = ends[0], ends[1], exact
    step = 1 if first <= last else -1
    for number in range(first, last + step, step):
        yield make(number)


def _of_range(value: Range) -> Iterator[object]:
    if value.test or value.low is None or value.high is None:
        raise Refused("domain", "range")
    if less(value.high, value.low) is not False:
        raise Refused("range", kind_of(value.low), kind_of(value.high))
    for item in span(value.low, value.high):
        at_low = item == value.low and not value.low_in
        if not at_low and not (item == value.high and not value.high_in):
            yield item


def items_of(run: Run, value: object) -> Iterator[object]:
    """Yield what a domain holds, each item being one step."""
    if isinstance(value, Range):
        source: Iterator[object] = _of_range(value)
    elif value is None:
        raise Refused("domain", "null")
    else:
        source = iter(value if isinstance(value, list) else [value])
    for item in source:
        run.spend(1)
        yield item


def _domain(domain: Domain, scope: Scope) -> Runner:
    over = build(domain.over, scope)
    if domain.end is None:
        return lambda frame: items_of(frame[0], over(frame))
    end = build(domain.end, scope)

    def run_over(frame: Frame) -> Iterator[object]:
        for item in span(over(frame), end(frame)):
            frame[0].spend(1)
            yield item

    return run_over


def _domains(domains: tuple[Domain, ...], scope: Scope) -> tuple[list[tuple[int, Runner]], Scope]:
    found: list[tuple[int, Runner]] = []
    for domain in domains:
        runner = _domain(domain, scope)
        slot = scope.plan.slot()
        scope = scope.inner({domain.name: slot})
        found.append((slot, runner))
    return found, scope


def turns(frame: Frame, domains: list[tuple[int, Runner]], place: int = 0) -> Iterator[None]:
    """Set the variables to each combination in turn, the last one running fastest."""
    if place == len(domains):
        yield None
        return
    slot, runner = domains[place]
    for item in runner(frame):
        frame[slot] = item
        yield from turns(frame, domains, place + 1)


@builds(For)
def for_(node: For, scope: Scope) -> Code:
    """Build for; `partial` holds what is there so far."""
    domains, inner = _domains(node.domains, scope)
    partial, place = scope.plan.slot(), node.at
    body = build(node.body, inner.inner({"partial": partial}))

    def loop(frame: Frame) -> object:
        made: list[object] = []
        try:
            for _ in turns(frame, domains):
                frame[partial] = made
                value = body(frame)
                made.append(list(value) if value is made else value)
        except Refused as why:
            return refuse(frame, place, why)
        return made

    return loop


def unknown(value: object) -> bool:
    """Say whether a condition is null; refuse one that is neither boolean nor null."""
    if value is not None and not isinstance(value, bool):
        raise Refused("condition", kind_of(value))
    return value is None


@builds(Quantified)
def quantified(node: Quantified, scope: Scope) -> Code:
    """Build some and every, in three-valued logic."""
    domains, inner = _domains(node.domains, scope)
    body, place, every = build(node.body, inner), node.at, node.every

    def ask(frame: Frame) -> object:
        unsure = False
        try:
            for _ in turns(frame, domains):
                value = body(frame)
                if value is (not every):
                    return value
                unsure = unsure or unknown(value)
        except Refused as why:
            return refuse(frame, place, why)
        return None if unsure else every

    return ask
