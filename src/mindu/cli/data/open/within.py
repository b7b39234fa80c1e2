"""Within a living city: the portal behind the console's own door, with the city's tables open."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from starlette.routing import Mount

from mindu.base.records import Words
from mindu.cli.data.open.beat import beating
from mindu.cli.data.open.house import opened
from mindu.cli.data.open.living import Living
from mindu.cli.data.open.orders import taken
from mindu.console.beside import Beside
from mindu.console.feed import Feed
from mindu.edge.portal.doors import application
from mindu.edge.portal.held import Room
from mindu.edge.portal.portal import NAME

PATH = "/open"
STATUS = Room(Words("Status", "城市状况"), "/status")


@contextmanager
def beside(folder: Path, feed: Feed) -> Iterator[Beside]:
    """Open the portal of a city that runs, until the block ends.

    Raises:
        Trouble: another process holds the portal's log.
    """
    living = Living(feed, folder)
    with ExitStack() as ends:
        held = ends.enter_context(
            opened(folder, home=feed.name, rooms=(STATUS,), freshen=living.freshen)
        )
        ends.enter_context(taken(held))
        ends.enter_context(beating(held, also=lambda: living.open(held)))
        routes = [Mount(PATH, app=application(held.portal))]
        yield Beside(title=NAME, path=f"{PATH}/", routes=routes)
