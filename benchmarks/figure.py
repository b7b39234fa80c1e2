"""One measured figure: what it is, its unit, its peer, the goal, and whether it holds."""

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `make bench`; `holds` is None where a figure has no goal."""

    name: str
    value: float
    unit: str
    peer: str | None
    goal: str
    holds: bool | None
