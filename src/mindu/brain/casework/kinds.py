"""What an app declares of a kind of case: services, terms, ladder, words; plain data and verbs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mindu.base.records import Words

Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One question that a service asks beside the words of the caller."""

    code: str
    asks: Words
    datatype: Datatype = "string"
    required: bool = False
    values: tuple[tuple[str, Words], ...] = ()  # key and name, for lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that people may ask for by name."""

    code: str
    name: Words
    says: Words
    group: Words
    keywords: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    topic: str = ""
    nature: str = ""
    areas: tuple[str, ...] = ()  # jurisdictions that offer it; none: all


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told once a clock shows that colour; rungs climb."""

    level: Literal["yellow", "orange", "red", "purple"]
    tell: Words


@dataclass(frozen=True, slots=True)
class HandOver:
    """A matter of another line, recognised at once: whose, and the words to say."""

    agency: str  # e.g. "110"
    says: Words
    stays: bool = False  # True: the line is told, and the matter is ours as well


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place that answers for itself at the doors."""

    code: str
    name: Words
    id: str  # as Open311 calls it, e.g. "fuzhou.gov.cn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that callers know, in WGS 84 degrees; with a second pair of degrees a line."""

    name: str
    kind: str  # "district", "town", "road", "water", "bridge", "estate" or "landmark"
    lat: float
    lon: float
    lat2: float | None = None
    lon2: float | None = None


LADDER = (
    Rung("yellow", Words("the handling officer", "承办人")),
    Rung("orange", Words("the head of the handling office", "承办科室负责人")),
    Rung(
        "red", Words("the leader of the unit and the hotline's supervisor", "单位分管领导、督办员")
    ),
    Rung("purple", Words("the efficiency office", "效能办")),
)


def nowhere() -> tuple[Spot, ...]:
    """Know no place."""
    return ()


def nobody(_text: str) -> HandOver | None:
    """Recognise nothing."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKind:
    """One kind of case; the life cycle is the house's own, only terms and words are the app's."""

    name: str
    title: Words
    terms: tuple[tuple[str, ...], ...]  # rows of dial, nature, urgency, term, source
    mask: Callable[[str], str]
    services: tuple[Service, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    ladder: tuple[Rung, ...] = LADDER
    hand_over: Callable[[str], HandOver | None] = nobody
    spots: Callable[[], tuple[Spot, ...]] = nowhere  # what a sketch shows on which callers point
    wait_days: int = 10  # working days that a clock may be stopped in one go
    extend_days: int = 5  # working days that one extension may add
    extensions: int = 1
    public: bool = True  # its masked words may be read at the open doors
    mover: Literal["office", "process"] = "office"  # whose moves it takes
    natures: Mapping[str, Words] = field(default_factory=dict)
    urgencies: Mapping[str, Words] = field(default_factory=dict)
    tables: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
