"""The door to .inp files: read a network, name what is wrong, say how an opened model differs."""

from dataclasses import dataclass
from pathlib import Path

from mindu.engines.hydraulics.port import Network
from mindu.engines.hydraulics.reading.fields import InpError
from mindu.engines.hydraulics.reading.network import build
from mindu.engines.hydraulics.reading.sections import read_sections

__all__ = ["Changes", "InpError", "read_network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How an opened model differs from its file."""

    hours: float | None = None  # the model runs at least so long
    roughness: float = 1.0  # times Manning's n of every conduit
    imperviousness: float = 1.0  # times the paved share of every subcatchment, at most 100 %
    leakage: float = 0.0  # m3/s seeping in, spread over drained nodes by their land

    def __post_init__(self) -> None:
        """Refuse what no model can mean."""
        if not (0.0 < self.roughness <= 10.0 and 0.0 <= self.imperviousness <= 10.0):
            raise ValueError("roughness and imperviousness are factors above 0, at most 10")
        if not 0.0 <= self.leakage <= 1e4:
            raise ValueError("leakage is a flow in m3/s, from 0 to 10,000")
        if self.hours is not None and not 0.0 < self.hours <= 24.0 * 366 * 20:
            raise ValueError("hours is the length of the run, above 0 and at most 20 years")


def read_network(path: str | Path) -> Network:
    """Read everything fixed about a network from its .inp file, in SI."""
    return build(read_sections(path))
