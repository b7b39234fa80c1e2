"""A SWMM model while it is being written, section by section."""

from mindu.apps.water.fuzhou.facts import City, Point

SECTIONS = (
    "TITLE", "OPTIONS", "EVAPORATION", "RAINGAGES", "SUBCATCHMENTS", "SUBAREAS", "INFILTRATION",
    "JUNCTIONS", "OUTFALLS", "STORAGE", "CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "XSECTIONS",
    "CURVES", "TIMESERIES", "COORDINATES", "SYMBOLS",
)  # fmt: skip


class Draft:
    """The sections of a model while they are being written."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: dict[str, list[str]] = {name: [] for name in SECTIONS}

    def add(self, section: str, *words: object) -> None:
        """Write one row; numbers are written short."""
        told = [f"{w:.6g}" if isinstance(w, float) else str(w) for w in words]
        self.rows[section].append(" ".join(told))

    def put(self, node: str, at: Point) -> None:
        """Write where a node stands."""
        self.add("COORDINATES", node, f"{at[0]:.5f}", f"{at[1]:.5f}")

    def text(self) -> str:
        """Return the whole model."""
        parts = [f"[{name}]\n" + "\n".join(rows) for name, rows in self.rows.items() if rows]
        return "\n\n".join(parts) + "\n"


def drain(draft: Draft, told: City, inlet: str, *, land: float, hill: bool, rain: str) -> None:
    """Write a piece of land and where it drains to."""
    general, name = told.city, f"S_{inlet}"
    sealed = (general.hill_impervious_percent if hill else general.impervious_percent).value
    broad = land / general.flow_width_m.value
    steep = 6.0 if hill else 0.6  # %
    draft.add("SUBCATCHMENTS", name, rain, inlet, land / 1e4, sealed, broad, steep, 0)
    draft.add("SUBAREAS", name, 0.014, 0.2, 1.5, 5.0, 25, "OUTLET")
    draft.add("INFILTRATION", name, 60 if not hill else 70, 6 if not hill else 10, 4, 7, 0)
