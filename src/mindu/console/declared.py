"""Declared: what the wiring says of the city; the face is drawn from it and knows no app."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mindu.base.records import Words
from mindu.brain.app import App
from mindu.brain.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One app and its manifest."""

    app: App
    said: Manifest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One thing about the world that a look ahead may change."""

    name: str
    title: Words
    unit: str
    low: float
    high: float
    neutral: float  # as it was
    step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """One file of the replaceable map package, with where it comes from."""

    name: str
    title: Words
    source: str
    datum: str
    review_no: str  # 审图号; empty where nobody gave one
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What the wiring declares of the city: the face is drawn from it and knows no app by name."""

    apps: Sequence[Declared] = ()
    levers: Sequence[Lever] = ()
    settable: str = "setting"  # the property that a look ahead may set by hand
    maps: Sequence[Map] = ()
