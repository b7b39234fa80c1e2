"""Proposals of loops, here and on nodes below: what waits for a person, and the person's answer.

A yes becomes a command to the target in the same write as the answer; a node below is told of the
answer by what it fetches, and of the command as of any other. A loop that is calm again, or judged
anew, waits for no answer any more.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.base.records import Authority
from mindu.data.senses.beside.commands import Order
from mindu.data.senses.beside.down import Handed
from mindu.data.senses.beside.down import encode as downed
from mindu.data.senses.beside.folds import DOWN, LOOPS
from mindu.data.senses.beside.loops import HERE, Answer, Seen, encode
from mindu.edge.commands.http import Fits
from mindu.edge.commands.post import Post, declaration, may
from mindu.edge.group import Frames
from mindu.edge.http.asks import PAGE, whole
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import read
from mindu.edge.keys import Caller, Keys

WORDS = 500  # characters of a name or note
LONGEST = 86_400.0  # s that a command by a yes may wait


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A yes or no to a proposal. `who`: the person; `within`: s that the command may wait."""

    node: str
    number: int
    yes: bool
    who: str = ""
    note: str = ""
    within: float = 600.0


_SAID = msgspec.json.Decoder(Said)


class Proposals:
    """What waits for a person."""

    def __init__(self, post: Post, clock: Callable[[], int]) -> None:
        """Take answers for this store; `clock` says the epoch ms."""
        self._post, self._senses, self._clock = post, post.senses, clock

    def waiting(self, request: Request) -> dict[str, Any]:
        """Return the proposals that wait, the oldest first."""
        caller = request.state.caller
        limit = whole(request.query_params, "limit", 1000, 1, PAGE)
        loops = self._senses.loops
        with self._senses.lock:
            held = [(node, loops.nodes[node][n]) for (node, _), n in loops.proposed.items()]
            mine = [it for it in held if may(caller, self._senses, it[1].judged.target)]
            mine.sort(key=lambda it: (it[1].judged.at, it[0]))
            told = [plain(*it) for it in mine[:limit]]
            return {"proposals": told, "count": len(mine), "now": self._clock()}

    async def answer(self, request: Request) -> dict[str, Any]:
        """Take a person's answer; the same answer again is the same."""
        said, caller = read(_SAID, request.state.body), request.state.caller
        if max(len(said.who), len(said.note)) > WORDS or not 1 <= said.within <= LONGEST:
            raise Unfit(422, f"a name and note of {WORDS} characters; within 1 to {LONGEST:g} s")
        with Fits():
            found = await self._post.group.do("loops", lambda: self._answered(said, caller))
        self._post.wake()
        return found

    def _answered(
        self, said: Said, caller: Caller
    ) -> tuple[Frames, Callable[[], dict[str, Any]]]:  # fmt: skip
        loops = self._senses.loops
        seen = loops.nodes.get(said.node, {}).get(said.number)
        if seen is None or not may(caller, self._senses, seen.judged.target):
            raise KeyError(f"no judgement {said.number} of {said.node!r} is known to this key")
        if seen.answer is not None:
            if seen.answer.yes != said.yes:
                raise ValueError(f"{seen.answer.who or seen.answer.by} has answered already")
            return [], lambda: plain(said.node, seen)
        if loops.proposed.get((said.node, seen.judged.loop)) != said.number:
            raise ValueError("this proposal is over: the loop has judged anew")
        return self._frames(said, seen, caller.source), lambda: plain(said.node, seen)

    def _frames(self, said: Said, seen: Seen, by: str) -> Frames:
        now = self._clock()
        order = self._order(said, seen, by, now) if said.yes else None
        told = Answer(said.node, said.number, said.yes, by, now, said.who, said.note, order)
        frames: Frames = [(LOOPS, encode([told]))]
        if said.node != HERE:
            number = self._senses.down.next(said.node, now)
            frames.append((DOWN, downed([Handed(said.node, number, judged=said.number)])))
        return frames

    def _order(self, said: Said, seen: Seen, by: str, now: int) -> Order:
        it = seen.judged
        declared = declaration(self._senses, it.target, it.command, it.args)
        if declared.authority is Authority.ADVISE:
            raise ValueError(f"{it.command} goes out by the hand of a brain only")
        key = f"yes-{sha256(said.node.encode()).hexdigest()[:12]}-{said.number}"
        until = now + round(said.within * 1000)
        order = Order(key, it.target, it.command, it.args, by, now, until, declared.once)
        self._senses.commands.check(order)
        return order


def plain(node: str, seen: Seen) -> dict[str, Any]:
    """Return a proposal as plain data."""
    it = seen.judged
    return {
        "node": node, "number": it.number, "loop": it.loop, "at": it.at,
        "why": {"en": it.why.en, "zh": it.why.zh},
        "reading": {"device": it.device, "prop": it.prop, "at": it.read, "value": it.value},
        "command": {"device": it.target, "command": it.command, "args": it.args},
        "answer": answered(seen),
    }  # fmt: skip


def answered(seen: Seen) -> dict[str, Any] | None:
    """Return what a person said to a judgement, None where nobody did."""
    it = seen.answer
    if it is None:
        return None
    key = it.order.key if it.order is not None else None
    return {"yes": it.yes, "by": it.by, "who": it.who, "note": it.note, "at": it.at, "key": key}


def proposed(post: Post, keys: Keys, clock: Callable[[], int]) -> list[Route]:
    """Return the routes of proposals."""
    it = Proposals(post, clock)
    return [
        Route("/v1/proposals", Guard(keys, "reads")(it.waiting)),
        Route("/v1/proposals", Guard(keys, "orders")(it.answer), methods=["POST"]),
    ]
