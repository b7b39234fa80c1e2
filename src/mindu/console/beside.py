"""Beside: other rooms of the city that the console's door leads to; it knows them by address."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from mindu.base.records import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One room: what it is called, where its first page is ("": it has none), and its routes."""

    title: Words
    path: str
    routes: Sequence[BaseRoute] = ()
    body: int = 0  # bytes that may be sent to it at once; 0: as much as to the console
    allows: Sequence[str] = ()  # what its pages may ask a browser for, such as "geolocation"

    def lies(self, path: str) -> bool:
        """Say whether an address lies within the room."""
        return bool(self.path) and path.startswith(self.path)


def led(path: str) -> Route:
    """Lead who typed an address without its last stroke to the room's first page."""

    def within(request: Request) -> RedirectResponse:
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{path}/{asked}", 308)

    return Route(path, within)
