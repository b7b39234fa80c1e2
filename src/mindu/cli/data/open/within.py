"""Within a living city: the portal behind the console's own door, with the city's tables open."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.routing import Mount

from mindu.base.records import Words
from mindu.cli.data.open.beat import beating
from mindu.cli.data.open.house import opened
from mindu.cli.data.open.living import Living
from mindu.cli.data.open.orders import taken
from mindu.console.beside import Beside, led
from mindu.console.feed import Feed
from mindu.console.wire.desk import Desk
from mindu.console.wire.request import values
from mindu.edge.portal.doors import application
from mindu.edge.portal.held import Room, Seat, Stewards
from mindu.edge.portal.portal import NAME

PATH = "/open"
STATUS = Room(Words("Status", "城市状况"), "/status")


@dataclass(slots=True)
class AtDoor:
    """Who came through the console's door; nobody until its desk stands."""

    desk: Desk | None = None

    def __call__(self, request: Request) -> Seat | None:
        """Return the steward who asks, as the console knows them."""
        if self.desk is None:
            return None
        visit = self.desk.greet(values(request))
        if visit.person is None or not visit.may("steward"):
            return None
        return Seat(visit.person.name, visit.token, visit.person.department)


@contextmanager
def beside(folder: Path, feed: Feed, door: AtDoor | None = None) -> Iterator[Beside]:
    """Open the portal of a city that runs, until the block ends; stewards come in by the door.

    Raises:
        Trouble: another process holds the portal's log.
    """
    living = Living(feed, folder)
    with ExitStack() as ends:
        held = ends.enter_context(
            opened(folder, home=feed.name, rooms=(STATUS,), freshen=living.freshen)
        )
        held.portal.stewards = Stewards(who=door or AtDoor(), refresh=held.refresh)
        ends.enter_context(taken(held))
        ends.enter_context(beating(held, also=lambda: living.open(held)))
        routes = [led(PATH), Mount(PATH, app=application(held.portal))]
        yield Beside(title=NAME, path=f"{PATH}/", routes=routes)
