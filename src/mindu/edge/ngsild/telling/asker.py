"""Who asks for a change, and what became of it."""

from dataclasses import dataclass

from mindu.edge.keys import Caller
from mindu.edge.ngsild.model.parse import Parser

NOTHING: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a change: of which tenant, by which key, how the body is read."""

    tenant: str
    caller: Caller
    parser: Parser
    now: int


@dataclass(frozen=True, slots=True)
class Update:
    """What became of the attributes of a change: names, expanded, and why others were not."""

    updated: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()
