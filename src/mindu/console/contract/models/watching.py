"""Cases on a drawing over the wire: how many stand where, how long, and who may be carried over."""

from datetime import datetime

import msgspec

from mindu.base.records import Words
from mindu.console.contract.common import Seen
from mindu.console.contract.models.modelling import Flaw


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One node of a drawing with the cases at it; times in seconds."""

    element: str
    name: str
    kind: Words
    open: int  # tokens that stand here now
    waits_s: float  # how long these have stood on average
    over: int  # stays that are over
    mean_s: float
    longest_s: float
    heat: float  # 0 to 1: its mean stay, against the longest mean of the drawing


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """One case that runs."""

    instance: int
    nodes: tuple[str, ...]
    since: datetime  # at the node where it has stood longest
    trouble: str = ""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A version with the cases that run on it; the nodes where cases wait longest come first."""

    seen: Seen
    key: str
    running: int
    stuck: int
    spots: tuple[Spot, ...]
    items: tuple[Running, ...]
    next: str | None


class Carry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cases to be carried over to another version; none named: all that run on the old one."""

    old: str
    new: str
    nodes: dict[str, str] = {}  # old id → new id; others keep theirs
    flows: dict[str, str] = {}
    instances: tuple[int, ...] = ()
    reason: str = ""


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What came, or would come, of carrying one case over."""

    instance: int
    nodes: tuple[str, ...]  # where it stands
    to: tuple[str, ...]  # where it would stand, or stands now
    flaw: Flaw | None = None


class CarriedOver(msgspec.Struct, frozen=True, kw_only=True):
    """What came, or would come, of carrying cases over; `left` were not looked at yet."""

    done: int
    refused: int
    left: int
    items: tuple[Carried, ...]
