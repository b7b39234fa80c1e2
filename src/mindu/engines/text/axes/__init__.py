"""Axes: the kind of a message, how urgent it is, how it feels, and whether it is ours."""

from mindu.engines.text.axes.cues import Held, nature, urgency
from mindu.engines.text.axes.emergency import LINES, Emergency, emergency
from mindu.engines.text.axes.feeling import Feeling, feeling

__all__ = [
    "LINES",
    "Emergency",
    "Feeling",
    "Held",
    "emergency",
    "feeling",
    "nature",
    "urgency",
]
