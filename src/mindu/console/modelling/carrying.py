"""Carrying over: cases go on under another version, tried first on the cases themselves."""

from collections.abc import Callable

from mindu.base.records import Value, Words
from mindu.console.ask import wrong
from mindu.console.contract.models.modelling import Flaw
from mindu.console.contract.models.watching import Carried, CarriedOver, Carry
from mindu.console.modelling.modelling import Modelling
from mindu.console.modelling.publishing import reasoned
from mindu.engines.process import State, Stuck
from mindu.engines.process.happenings import Migrate

CARRIED = "model_carried"
MOST = 1_000  # cases of one call; what is left is said
NAMED = 2_000  # entries of a mapping
OVER = Words("This case is over.", "该办件已结束。")
SOMEBODY = "somebody"  # who asks in a preview, which signs nothing


def previewed(desk: Modelling, told: Carry) -> CarriedOver:
    """Return what would come of carrying cases over; nothing is written.

    Raises:
        Bad: there is no such version, or too much is named.
    """
    instances = _instances(desk, told)

    def step(_instance: int, state: State) -> State:
        return desk.processes.engine.step(state, _migrate(told, SOMEBODY), desk.now()).state

    items = tuple(_carried(desk, one, step) for one in instances[:MOST])
    return _over(items, len(instances))


def carried(desk: Modelling, told: Carry, by: str) -> CarriedOver:
    """Carry cases over; one that has no place in the new version stays where it was.

    Raises:
        Bad: there is no such version, too much is named, or no reason is given.
    """
    reason = reasoned(told.reason)
    instances = _instances(desk, told)

    def step(instance: int, _state: State) -> State:
        happening = _migrate(told, by, reason)
        return desk.processes.step(instance, happening, by=by, now=desk.now()).state

    def work() -> CarriedOver:
        with desk.processes.together():
            items = tuple(_carried(desk, one, step) for one in instances[:MOST])
        over = _over(items, len(instances))
        said: dict[str, Value] = {"old": told.old, "reason": reason}
        said |= {"done": float(over.done), "refused": float(over.refused)}
        desk.note(CARRIED, told.new, said, by)
        return over

    done: CarriedOver = desk.turn(work)
    return done


def _instances(desk: Modelling, told: Carry) -> list[int]:
    desk.published(told.old)
    desk.models.program(desk.published(told.new).key)
    if len(told.nodes) + len(told.flows) > NAMED or len(told.instances) > MOST:
        raise wrong("nodes", f"at most {NAMED} mappings and {MOST} cases",
                    f"至多 {NAMED} 项映射与 {MOST} 个办件")  # fmt: skip
    running = {one for one, _, _ in desk.instances.stays.instances(told.old)}
    return sorted(running & set(told.instances) if told.instances else running)


def _migrate(told: Carry, by: str, reason: str = "preview") -> Migrate:
    return Migrate(to=told.new, nodes=told.nodes, flows=told.flows, by=by, why=reason)


def _carried(desk: Modelling, instance: int, step: Callable[[int, State], State]) -> Carried:
    try:
        state = desk.processes.state(instance)
    except KeyError:
        gone = Words("This case is over.", "该办件已结束。")
        return Carried(
            instance=instance, nodes=(), to=(), flaw=Flaw(element="", where="", says=gone)
        )
    try:
        after = step(instance, state)
    except Stuck as why:
        flaw = Flaw(element=why.where, where=why.where, says=Words(why.en, why.zh))
        return Carried(instance=instance, nodes=_nodes(state), to=(), flaw=flaw)
    return Carried(instance=instance, nodes=_nodes(state), to=_nodes(after))


def _nodes(state: State) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.node for token in state.tokens))


def _over(items: tuple[Carried, ...], total: int) -> CarriedOver:
    refused = sum(1 for one in items if one.flaw is not None)
    return CarriedOver(
        done=len(items) - refused, refused=refused, left=total - len(items), items=items
    )
