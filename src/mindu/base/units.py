"""Units ride on the type: `level: Metres` is a float that knows it is in metres."""

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit symbol, as UCUM writes it."""

    symbol: str


Metres = Annotated[float, Unit("m")]
SquareMetres = Annotated[float, Unit("m2")]
CubicMetres = Annotated[float, Unit("m3")]
Flow = Annotated[float, Unit("m3/s")]
RainRate = Annotated[float, Unit("mm/h")]
Hours = Annotated[float, Unit("h")]
Minutes = Annotated[float, Unit("min")]
KilowattHours = Annotated[float, Unit("kW.h")]
Degrees = Annotated[float, Unit("deg")]
Ratio = Annotated[float, Unit("1")]
