"""Place: a spot, a stretch or an area that a message speaks of, and how sure that is."""

from typing import Literal

import msgspec

Shape = Literal["point", "stretch", "area", "unknown"]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where: WGS 84 degrees, rounded as the gazetteer knows them.

    `within_m` says how far from `lat, lon` (or from the line to `lat2, lon2`) the true place may
    lie, in metres. A place that no gazetteer knows has shape `unknown` and no degrees.
    """

    name: str
    kind: str
    shape: Shape
    said: str
    within: str = ""
    district: str = ""
    lat: float | None = None
    lon: float | None = None
    lat2: float | None = None
    lon2: float | None = None
    within_m: float = 0.0
    confidence: float = 0.0
