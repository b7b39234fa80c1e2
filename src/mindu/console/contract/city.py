"""The city over the wire: all that is declared of it."""

from datetime import datetime

import msgspec

from mindu.base.records import Words
from mindu.console.contract.common import Seen

Spot = tuple[float, float]


class Prop(msgspec.Struct, frozen=True, kw_only=True):
    """One property of a kind."""

    name: str
    type: str
    unit: str
    title: Words
    heard: bool  # it changes; else it is a fact


class KindInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of thing that an app declares."""

    name: str
    app: str
    title: Words
    says: str
    props: tuple[Prop, ...]
    count: int


class ParamInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One number that law or learning may change."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    since: str
    source: str


class LoopInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One loop: what it judges, how often, how far ahead, and who must say yes."""

    name: str
    of: str
    title: Words
    needs: tuple[str, ...]
    every_s: float
    horizon_s: float
    authority: str
    approvers: int
    acts: bool
    learns: bool


class AppInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One app as it is declared."""

    name: str
    title: Words
    owner: str
    plan: str
    tier: str
    loops: tuple[LoopInfo, ...]
    projections: tuple[str, ...]
    params: tuple[ParamInfo, ...]
    uses: tuple[dict[str, str], ...]


class LeverInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One thing about the world that a look ahead may change."""

    name: str
    title: Words
    unit: str
    low: float
    high: float
    neutral: float
    step: float


class GeoInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the map package."""

    name: str
    title: Words
    source: str
    datum: str
    review_no: str


class NavInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of the loop."""

    page: str
    href: str
    title: Words


class SeverityInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One level of severity: its order, its word and its mark's name."""

    level: int
    mark: str
    shape: str
    word: Words


class ManifestOut(msgspec.Struct, frozen=True, kw_only=True):
    """All that the face needs to draw itself."""

    seen: Seen
    city: Words
    zone: str
    speed: float
    first: datetime | None
    last: datetime | None
    nav: tuple[NavInfo, ...]
    severities: tuple[SeverityInfo, ...]
    apps: tuple[AppInfo, ...]
    kinds: tuple[KindInfo, ...]
    levers: tuple[LeverInfo, ...]
    settable: str
    geo: tuple[GeoInfo, ...]
    box: tuple[float, float, float, float] | None
    terms: dict[str, Words]
