"""What if: how the weather of a pretend city may be changed from a moment on."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST_RAIN = 10.0  # times
MOST_TIDE_M = 5.0  # m, either way


@dataclass(frozen=True, slots=True)
class Weather:
    """So many times the rain, and the water outside so much higher."""

    rain: float = 1.0
    tide_m: float = 0.0


def weather(changes: Mapping[str, float]) -> Weather:
    """Return changes named `rain` (a factor) and `tide_m` (metres) as a value.

    Raises:
        ValueError: another name, or a number beyond what is pretended.
    """
    unknown = set(changes) - {"rain", "tide_m"}
    if unknown:
        raise ValueError(f"nobody can change {sorted(unknown)} here; give rain or tide_m")
    asked = Weather(**changes)
    if not 0.0 <= asked.rain <= MOST_RAIN:
        raise ValueError(f"rain x {asked.rain} is beyond what is pretended; give 0 to {MOST_RAIN}")
    if not -MOST_TIDE_M <= asked.tide_m <= MOST_TIDE_M:
        raise ValueError(f"a tide changed by {asked.tide_m} m is beyond what is pretended")
    return asked
