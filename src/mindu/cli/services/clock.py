"""The clock of a hall: timers ring, warnings climb and leave, what is due is looked after."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mindu.apps.services.web.site import Site
from mindu.brain.casework.rounds import sweep
from mindu.cli.services.hall import Hall
from mindu.cli.services.notices import Notices
from mindu.console.identity.web.protocol import tell

LOOK_S = 20.0  # between two looks at the clock


def nothing() -> None:
    """Do nothing more."""


@dataclass(frozen=True, slots=True)
class Beats:
    """What is looked after at every beat."""

    hall: Hall
    notices: Notices
    also: Callable[[], None] = nothing

    async def one(self) -> None:
        """Look after all of it once."""
        rounds(self.hall.site)
        self.hall.site.look()
        self.also()
        await tell(self.hall.provider)
        await self.notices.round(self.hall.site.now())


def rounds(site: Site) -> None:
    """End the timers that are due, and warn of the cases that run out, step by step."""
    processes, now = site.counter.processes, site.now()
    processes.ring(now)
    if processes.course.office is not None:
        with processes.together():
            sweep(processes.course.office, now)


async def with_a_clock(serve: Callable[[], Awaitable[None]], beats: Beats) -> None:
    """Serve, and let the clock beat between two requests."""

    async def clock() -> None:
        while True:
            try:
                await beats.one()
            except Exception:  # noqa: BLE001 - told; the next look tries again
                traceback.print_exc()
            await asyncio.sleep(LOOK_S)

    ticking = asyncio.create_task(clock())
    try:
        await serve()
    finally:
        ticking.cancel()
