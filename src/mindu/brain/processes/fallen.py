"""Fallen: which nodes of an instance a step undid, by whom and why, as the log tells it."""

import msgspec

from mindu.base.records import Entry, Stepped
from mindu.engines.process.happenings import Decided, Threw, Undid

_UNDID = b'"type":"Undid"'
_FOLLOWS = msgspec.json.Decoder(tuple[Threw | Decided | Undid, ...])


class Fallen(msgspec.Struct, frozen=True, kw_only=True):
    """Nodes that were undone."""

    nodes: tuple[str, ...]
    by: str
    why: str


class _Happening(msgspec.Struct, frozen=True):
    why: str = ""


_HAPPENING = msgspec.json.Decoder(_Happening)


def fallen(entry: Entry) -> Fallen | None:
    """Return what a step undid, None where it undid nothing."""
    record = entry.record
    if not isinstance(record, Stepped) or _UNDID not in record.follows:
        return None
    told = [one for one in _FOLLOWS.decode(record.follows) if isinstance(one, Undid)]
    nodes = tuple(node for one in told for node in one.nodes)
    return Fallen(nodes=nodes, by=entry.by, why=_HAPPENING.decode(record.told).why)
