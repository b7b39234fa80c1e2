"""Offered: which moves the page of a step shows, as the step and its case stand."""

from collections.abc import Mapping

from mindu.console.steps.desk import Officer, signed_by_several
from mindu.console.steps.moves import MOVES, Kind
from mindu.engines.process import State, Wait
from mindu.engines.process.happenings import AnyHappening, Withdraw

STILL = frozenset({"urge", "resume", "void"})  # while the case is suspended


def offered(officer: Officer, state: State, wait: Wait) -> Mapping[str, Kind]:
    """Return the moves that an officer can make of a step now, by name."""
    mine = wait.who == officer.name
    if not mine:
        return {"claim": MOVES["claim"]}
    several = signed_by_several(state, wait)
    left_out = {"claim", "resume"} | (set() if several else {"drop"})
    shown = STILL if state.paused is not None else MOVES.keys() - left_out
    return {n: kind for n, kind in MOVES.items() if n in shown and officer.may(kind.least)}


def withdrawn(node: str, officer: Officer, why: str) -> AnyHappening:
    """Return the move that takes back what an officer completed, while nobody has gone on."""
    return Withdraw(node=node, by=officer.name, why=why)
