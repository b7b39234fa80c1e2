"""Outlook: what is odd in a series, and what is likely to follow; numbers in, numbers out."""

from mindu.engines.outlook.ahead import Fan, floor
from mindu.engines.outlook.choose import Choice, Tested, backtest, choose, look_ahead
from mindu.engines.outlook.odd import Odd, oddness
from mindu.engines.outlook.shape import cycle, shape_scores
from mindu.engines.outlook.together import odd_together

__all__ = [
    "Choice", "Fan", "Odd", "Tested", "backtest", "choose", "cycle", "floor", "look_ahead",
    "odd_together", "oddness", "shape_scores",
]  # fmt: skip
