"""What loops judged and did, over HTTP: told by edge nodes below, asked by whoever may read."""

from collections.abc import Callable
from heapq import nlargest
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.data.senses.beside.commands import Step
from mindu.data.senses.beside.folds import LOOPS
from mindu.data.senses.beside.loops import HERE, LONGEST, Heard, Judged, Seen, encode
from mindu.data.senses.senses import Senses
from mindu.edge.commands.handing import named, stepped
from mindu.edge.commands.post import may
from mindu.edge.group import Frames, Group
from mindu.edge.http.asks import PAGE, moment, whole
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import read
from mindu.edge.keys import Caller, Keys
from mindu.edge.loops.proposals import answered

MOST = 100  # judgements and steps of one request
LATER = 1 << 53  # no number or time is beyond


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a node hands on of its loops, in the order in which it was written down."""

    node: str
    told: list[Judged | Step]


_TOLD = msgspec.json.Decoder(Told)


class Doors:
    """What may be told and asked about loops."""

    def __init__(self, senses: Senses, group: Group, clock: Callable[[], int]) -> None:
        """Speak for this store."""
        self._senses, self._group, self._clock = senses, group, clock

    async def hear(self, request: Request) -> dict[str, Any]:
        """Take in what a node hands on; what is known already counts once."""
        asked, caller = read(_TOLD, request.state.body), request.state.caller
        if len(asked.told) > MOST:
            raise Unfit(413, f"a request has at most {MOST} judgements and steps: send several")
        node, new, refused = named(caller, asked.node), 0, []
        for it in asked.told:
            try:
                new += await self._group.do(node, lambda it=it: self._heard(node, it, caller))  # type: ignore[misc]
            except ValueError as wrong:
                refused.append(str(wrong))
        return {"received": len(asked.told), "new": new, "refused": refused}

    def _heard(
        self, node: str, it: Judged | Step, caller: Caller
    ) -> tuple[Frames, Callable[[], int]]:
        if isinstance(it, Judged):
            self._fits(it, caller)
        elif max(map(len, (it.key, it.by, it.note))) > LONGEST or not 0 <= it.at < LATER:
            raise ValueError("a step has short texts and a time")
        given = self._senses.commands.given
        if isinstance(it, Step) and it.key in given and given[it.key].node:
            frames = stepped(given[it.key], node, it)
            return frames, lambda: len(frames)
        if not self._senses.loops.news(node, it):
            return [], lambda: 0
        return [(LOOPS, encode([Heard(node, self._clock(), it)]))], lambda: 1

    def _fits(self, it: Judged, caller: Caller) -> None:
        texts = (it.loop, it.device, it.prop, it.target, it.command, it.why.en, it.why.zh)
        numbers = (it.number, it.at, it.read)
        if max(map(len, texts)) > LONGEST or not all(0 <= n < LATER for n in numbers):
            raise ValueError("a judgement has short texts, a number and times")
        try:
            size = len(msgspec.msgpack.encode([it.args, it.order]))
        except OverflowError as wrong:
            raise ValueError("a whole number of a command has at most 64 bits") from wrong
        if size > 8 * LONGEST:
            raise ValueError("a command is smaller")
        for device in (it.device, it.target):
            if not may(caller, self._senses, device):
                raise ValueError(f"{device!r} is not known here, or not this key's: enrol it")

    def told(self, request: Request) -> dict[str, Any]:
        """Return what loops judged, the newest first: our own, and those of nodes below."""
        query, caller = request.query_params, request.state.caller
        since = moment(query["since"], name="since") if "since" in query else 0
        limit = whole(query, "limit", 1000, 1, PAGE)
        node, device = query.get("node"), query.get("device")
        with self._senses.lock:
            held = [
                (seen.judged.at, name, seen)
                for name, them in self._senses.loops.nodes.items() if node in {None, name}
                for seen in them.values()
                if seen.judged.at >= since and device in {None, *_named(seen.judged)}
            ]  # fmt: skip
            newest = nlargest(limit, held, key=lambda it: it[0])
            return {"loops": [self._plain(name, seen) for _, name, seen in newest
                              if may(caller, self._senses, seen.judged.device)]}  # fmt: skip

    def _plain(self, node: str, seen: Seen) -> dict[str, Any]:
        it, steps = seen.judged, seen.steps
        if node == HERE and it.order is not None and it.order.key in self._senses.commands.given:
            steps = self._senses.commands.given[it.order.key].steps
        return {
            "node": node, "number": it.number, "decided": "edge", "loop": it.loop, "at": it.at,
            "finds": it.finds, "answer": answered(seen),
            "did": it.did, "why": {"en": it.why.en, "zh": it.why.zh},
            "reading": {"device": it.device, "prop": it.prop, "at": it.read, "value": it.value},
            "command": {"device": it.target, "command": it.command, "args": it.args,
                        "key": it.order.key if it.order is not None else None},
            "steps": [{"state": s.state, "at": s.at, "by": s.by, "note": s.note} for s in steps],
        }  # fmt: skip


def _named(it: Judged) -> tuple[str, str]:
    return it.device, it.target


def looped(senses: Senses, keys: Keys, group: Group, clock: Callable[[], int]) -> list[Route]:
    """Return the routes of loops."""
    doors = Doors(senses, group, clock)
    return [
        Route("/v1/loops", Guard(keys, "reads")(doors.told)),
        Route("/v1/loops", Guard(keys, "sends")(doors.hear), methods=["POST"]),
    ]
