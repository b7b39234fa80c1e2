"""The hand of a city with edge nodes below it: a yes to what they proposed goes down to them."""

from datetime import datetime
from math import inf

from mindu.base.records import Action, Decision
from mindu.brain.brain import Brain
from mindu.brain.world import Hand, Refused
from mindu.edge.above.proposals import Declined, Line

NODE, NUMBER = "edge_node", "edge_number"  # arguments by which an action is known as a proposal
UNTIL = "edge_until"  # argument: when the time of people is over by the node's clock
LATELY = 1000  # entries among which the yes stands that is being sent


class Hands:
    """The hand of a city with edge nodes: what they proposed goes to them, all else to its own."""

    def __init__(self, own: Hand, line: Line) -> None:
        """Send by the city's own hand, or by the line."""
        self._own, self._line = own, line
        self.brain: Brain | None = None

    def send(self, action: Action, now: datetime) -> None:
        """Hand a yes over, or carry the action out.

        Raises:
            Refused: the node or the machine will not do this, and says why.
        """
        if NODE not in action.args:
            self._own.send(action, now)
            return
        who, note = _said(self.brain, action) if self.brain is not None else ("", "")
        node, number = named(action)
        try:
            self._line.answer(node, number, yes=True, who=who, note=note)
        except Declined as why:
            raise Refused(str(why)) from why


def named(record: object) -> tuple[str, int]:
    """Return of which node and number an action is, that was a proposal."""
    assert isinstance(record, Action)
    node, number = record.args[NODE], record.args[NUMBER]
    return str(node), int(float(str(number)))


def until(record: object) -> float:
    """Return when the time of people is over by the node's clock, epoch ms."""
    assert isinstance(record, Action)
    told = record.args.get(UNTIL)
    return inf if told is None else datetime.fromisoformat(str(told)).timestamp() * 1000


def _said(brain: Brain, action: Action) -> tuple[str, str]:
    """Return who said yes to an action, and the words."""
    log = brain.log
    for seq in range(len(log) - 1, max(len(log) - LATELY, 0) - 1, -1):
        entry = log[seq]
        if isinstance(entry.record, Decision) and log[entry.because[0]].record == action:
            return entry.by, entry.record.note
    return "", ""
