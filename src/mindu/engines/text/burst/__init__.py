"""Burst: where and since when more calls come than the season explains."""

from mindu.engines.text.burst.scan import Burst, Call, Scan, scan
from mindu.engines.text.burst.season import Season, season
from mindu.engines.text.burst.slow import Slow, slow

__all__ = ["Burst", "Call", "Scan", "Season", "Slow", "scan", "season", "slow"]
