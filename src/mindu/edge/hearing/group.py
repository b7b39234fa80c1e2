"""A group of properties that detectors weigh together."""

from mindu.data.arrays import Ints
from mindu.engines.outlook.online import Together


class Group:
    """One set of properties of a kind that are weighed together, device by device."""

    def __init__(self, props: tuple[str, ...], slots: Ints, together: Together) -> None:
        """`slots`: of each device (row) and property (column)."""
        self.props, self.slots, self.together = props, slots, together
        self.together.reach(len(slots))
        self.of_slot = {int(slot): row for row, them in enumerate(slots) for slot in them}
