"""Beside: other rooms of the city that the console's door leads to; it knows them by address."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from mindu.base.records import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One room: what it is called, where its first page is ("": it has none), and its routes."""

    title: Words
    path: str
    routes: Sequence[BaseRoute] = ()
