"""Calm or storm: what a plan may leave the robust rule for."""

from enum import Enum

import numpy as np

from mindu.apps.water.control.rainfall import HEAVY, Rainfall, Warned


class Posture(Enum):
    """What a plan may leave the robust rule for: in calm also to save, in a storm for less danger.

    A storm that lulls may begin again, and no weather says when; what the rule has emptied by then
    is worth more than the pumping that it cost.
    """

    CALM = "calm"
    STORM = "storm"


def posture(seen: Rainfall, now: float, *, warned: Warned | None = None) -> Posture:
    """Say whether a storm is on: heavy rain within the length of the storm that is warned of."""
    since = now - (warned or Warned()).length_s
    heavy = (seen.rate.mean(axis=1) > HEAVY) if seen.rate.shape[1] else np.zeros(len(seen.t), bool)
    on = bool((heavy & (seen.t > since) & (seen.t <= now)).any())
    return Posture.STORM if on else Posture.CALM
