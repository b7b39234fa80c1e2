"""Burst: where and since when more calls come than the season explains."""

from mindu.engines.text.burst.scan import Burst, Call, Scan, Spots, place_of, scan, spot
from mindu.engines.text.burst.season import Season, season
from mindu.engines.text.burst.slow import Slow, slow

__all__ = [
    "Burst",
    "Call",
    "Scan",
    "Season",
    "Slow",
    "Spots",
    "place_of",
    "scan",
    "season",
    "slow",
    "spot",
]
