"""A figure and where it comes from."""

import msgspec


class Figure(msgspec.Struct, frozen=True, array_like=True):
    """A number that was published (`[value, "source"]`), or assumed (`[value, low, high]`)."""

    value: float
    told: str | float
    most: float = float("nan")

    @property
    def source(self) -> str:
        """Return the key of its source; empty where it is assumed."""
        return self.told if isinstance(self.told, str) else ""

    @property
    def within(self) -> tuple[float, float]:
        """Return the range that holds the true number."""
        return (self.value, self.value) if isinstance(self.told, str) else (self.told, self.most)
