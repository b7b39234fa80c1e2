"""Orders: each verb is done by the process that serves the portal, or by one that opens its log."""

import argparse
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.cli.counter.beside import Done, Spoken, ask, taking
from mindu.cli.data.open.house import Held, opened
from mindu.cli.say import Trouble, Voice, state
from mindu.data.gateway.allow import Refused

SOCKET = "open.sock"
UNCHANGED = Words("Nothing was changed by it.", "未作任何更改。")
_LEFT = frozenset({"data", "json", "lang"})  # of a command line: the command's own business


def give(asked: argparse.Namespace, voice: Voice, verb: str) -> dict[str, Any]:
    """See to a verb, print what came of it, and return it.

    Raises:
        Trouble: it was refused, or somebody else holds the log.
    """
    folder = state(asked.data)
    said = {k: v for k, v in vars(asked).items() if k not in _LEFT}
    order = Spoken(verb, msgspec.to_builtins(said))
    told = ask(folder, order, SOCKET)
    if told is None:
        with opened(folder) as held:
            told = carry_out(held, order)
    done = Done.heard(told)
    voice.data(done.data, done.text)
    found: dict[str, Any] = done.data
    return found


@contextmanager
def taken(held: Held) -> Iterator[None]:
    """Take orders for a portal that is served until the block ends."""

    def do(order: Spoken) -> dict[str, str]:
        return carry_out(held, order)

    with taking(held.folder, do, Spoken, SOCKET):
        yield


def carry_out(held: Held, order: Spoken) -> dict[str, str]:
    """Do what an order wants; durable when this returns.

    Raises:
        Trouble: it was refused, in words.
    """
    room = importlib.import_module(f"mindu.cli.data.open.{order.verb}")
    asked = argparse.Namespace(**order.said)
    portal = held.portal
    held.refresh()
    try:
        with portal.gateway.lock:
            done: Done = room.do(held, asked, portal.gateway.clock.now())
            portal.memory.log.commit()
    except (Refusal, Refused) as no:
        raise Trouble(no.says, UNCHANGED, code=1) from no
    return done.told()
