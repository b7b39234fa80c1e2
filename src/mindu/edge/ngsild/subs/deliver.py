"""Delivery: the oldest notification of each subscription, tried until it is taken."""

import asyncio
from collections.abc import Callable

from mindu.edge.ngsild.model.contexts import link
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.ngsild.subs.outbox import Note, Outbox
from mindu.edge.ngsild.subs.send import send
from mindu.edge.ngsild.subs.subscription import Subscription

AT_ONCE = 16  # deliveries that may fly
FIRST, LONGEST = 1000, 300_000  # ms until the next try: doubled after each failure


class Deliverer:
    """Delivers what waits in one outbox, for use on one event loop."""

    def __init__(
        self,
        outbox: Outbox,
        subscriptions: Callable[[], dict[str, Subscription]],
        clock: Callable[[], int],
    ) -> None:
        """Deliver from this outbox."""
        self._outbox, self._subscriptions, self._clock = outbox, subscriptions, clock
        self._flying: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to deliver what is due."""
        room = AT_ONCE - len(self._flying)
        for note in self._outbox.due(self._clock(), but=self._flying, most=room):
            self._deliver(note)

    def _deliver(self, note: Note) -> None:
        self._flying.add(note.sub)
        task = asyncio.get_running_loop().create_task(self._try(note))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, note: Note) -> None:
        try:
            sub = self._subscriptions().get(note.sub)
            if sub is None:
                self._outbox.forget(note.sub)
                return
            await asyncio.to_thread(send, sub.endpoint, self.headers(sub), note.body)
            self._outbox.sent(note, self._clock())
        except (OSError, Problem) as wrong:
            now = self._clock()
            wait = min(FIRST << min(note.tries, 20), LONGEST)
            self._outbox.failed(note, now, now + wait, str(wrong))
        finally:
            self._flying.discard(note.sub)

    @staticmethod
    def headers(sub: Subscription) -> dict[str, str]:
        """Return the headers of a notification."""
        kind = sub.endpoint.get("accept", "application/json")
        told = {"Content-Type": kind}
        if kind == "application/json":
            context = sub.context if isinstance(sub.context, str) else ""
            told["Link"] = link(context)
        return {**told, **({"NGSILD-Tenant": sub.tenant} if sub.tenant else {})}
