"""The hand of a brain whose machines are devices: what it consented to becomes a command."""

from datetime import datetime
from hashlib import sha256

import msgspec

from mindu.base.records import Action
from mindu.brain.world import Refused
from mindu.data.senses.beside.commands import Order, encode
from mindu.data.senses.beside.folds import COMMANDS
from mindu.data.senses.senses import Senses
from mindu.edge.commands.post import BRAIN, declaration


class ByCommand:
    """Gives commands to the devices of one store.

    The brain asked for consent by tier before; the same action within its time to decide is the
    same command, so sending twice does no more than sending once.
    """

    def __init__(self, senses: Senses) -> None:
        """Give commands to this store's devices."""
        self._senses = senses

    def send(self, action: Action, now: datetime) -> None:
        """Write the command down; it goes out by the doors.

        Raises:
            Refused: no such device, or it knows no such command.
        """
        at = round(now.timestamp() * 1000)
        commands, senses = self._senses.commands, self._senses
        span = round(action.decide_within.total_seconds() * 1000)
        try:
            with senses.lock:
                declared = declaration(senses, action.on, action.verb, action.args)
                key = f"{BRAIN}-{named(action)}-{at // max(span, 1)}"
                before = f"{BRAIN}-{named(action)}-{at // max(span, 1) - 1}"
                held = commands.given.get(before)
                if held is not None and at - held.order.at < span:
                    return
                order = Order(
                    key, action.on, action.verb, action.args, BRAIN, at, at + max(span, 1),
                    declared.once,
                )  # fmt: skip
                if commands.check(order) is None:
                    senses.commit([(COMMANDS, encode([order]))])
        except (KeyError, ValueError, OSError) as wrong:
            raise Refused(str(wrong.args[0])) from wrong


def named(action: Action) -> str:
    """Return a name for what an action does, the same for the same."""
    told = msgspec.json.encode([action.on, action.verb, action.args], order="sorted")
    return sha256(told).hexdigest()[:16]
