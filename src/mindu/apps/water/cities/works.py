"""The sections of a SWMM model, and how a channel, a pipe, a pump or a gate is written in them."""

from dataclasses import dataclass, field

BANK = 3.4  # m, depth of a channel
SECTIONS = (
    "TITLE", "OPTIONS", "EVAPORATION", "RAINGAGES", "SUBCATCHMENTS", "SUBAREAS", "INFILTRATION",
    "JUNCTIONS", "OUTFALLS", "STORAGE", "CONDUITS", "PUMPS", "ORIFICES", "XSECTIONS", "CURVES",
    "TIMESERIES", "COORDINATES",
)  # fmt: skip


@dataclass(slots=True)
class Works:
    """Everything built so far, row by row; the only thing that changes while a city is written."""

    rows: dict[str, list[str]] = field(default_factory=lambda: {s: [] for s in SECTIONS})

    def add(self, section: str, row: str) -> None:
        """Add a row as it is."""
        self.rows[section].append(row)

    def text(self) -> str:
        """Return the model; empty sections are left out."""
        parts = (f"[{s}]\n" + "\n".join(rows) for s, rows in self.rows.items() if rows)
        return "\n\n".join(parts) + "\n"

    def place(self, node: str, x: float, y: float) -> None:
        """Put a node on the map, m."""
        self.add("COORDINATES", f"{node} {x:.0f} {y:.0f}")

    def junction(self, node: str, bed: float, *, deep: float, water: float) -> None:
        """Write a junction: bed and depths in m."""
        self.add("JUNCTIONS", f"{node} {bed:.3f} {deep} {water:.2f} 0 0")

    def channel(self, name: str, up: str, down: str, *, length: float, width: float) -> None:
        """Write an open channel, m."""
        self.add("CONDUITS", f"{name} {up} {down} {length:.0f} 0.025 0 0 0")
        self.add("XSECTIONS", f"{name} TRAPEZOIDAL {BANK} {width:.1f} 1 1")

    def pipe(
        self, name: str, up: str, down: str, *, length: float, wide: float, drop: float
    ) -> None:
        """Write a round pipe that ends `drop` above the bed it leads to, m."""
        self.add("CONDUITS", f"{name} {up} {down} {length:.0f} 0.014 0 {drop} 0")
        self.add("XSECTIONS", f"{name} CIRCULAR {wide} 0 0 0")

    def gate(self, name: str, up: str, down: str, *, high: float, wide: float, flap: bool) -> None:
        """Write a gate, m; a flap lets water go one way only."""
        self.add("ORIFICES", f"{name} {up} {down} SIDE 0 0.65 {'YES' if flap else 'NO'} 0")
        self.add("XSECTIONS", f"{name} RECT_CLOSED {high} {wide} 0 0")

    def pump(self, name: str, up: str, down: str, *, most: float) -> None:
        """Write a pump that gives more the deeper its sump, up to `most` m3/s."""
        self.add("PUMPS", f"{name} {up} {down} {name}C OFF 0 0")
        for depth, flow in ((0.2, 0.0), (0.5, most / 2), (1.0, most), (6.0, most)):
            shape = " PUMP4" if depth == 0.2 else ""
            self.add("CURVES", f"{name}C{shape} {depth} {flow:.2f}")

    def land(self, node: str, hectares: float, *, paved: float, slope: float, gauge: int) -> None:
        """Write the land that drains to a node: hectares, paved and slope in %."""
        width = hectares * 10_000.0 / 150.0
        self.add(
            "SUBCATCHMENTS",
            f"S{node} RG{gauge} {node} {hectares:.2f} {paved:.0f} {width:.0f} {slope} 0",
        )
        self.add("SUBAREAS", f"S{node} 0.013 0.15 1.5 4 25 OUTLET")
        self.add("INFILTRATION", f"S{node} 60 6 4 7 0")
