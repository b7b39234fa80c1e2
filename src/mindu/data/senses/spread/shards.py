"""Shards: which brain takes which source, so that adding a brain moves as little as can be.

What a city pins (a county's groups to the county's brain) goes there. All else goes to the brain
that scores highest for its name (rendezvous hashing, Thaler and Ravishankar 1998): beside n brains
a new one takes one source in n + 1, and none moves between the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from mindu.perceive.declare import Device

MOST_BRAINS = 1000


@dataclass(frozen=True, slots=True)
class Shards:
    """The brains of a city, and the groups that are pinned to one of them."""

    brains: tuple[str, ...]
    pinned: Mapping[str, str]  # group -> brain

    def __post_init__(self) -> None:
        """Refuse what deals out nothing."""
        if not 0 < len(set(self.brains)) == len(self.brains) <= MOST_BRAINS:
            raise ValueError(f"name 1 to {MOST_BRAINS} brains, each once")
        strange = sorted(set(self.pinned.values()) - set(self.brains))
        if strange:
            raise ValueError(f"groups are pinned to {strange}, which are no brains of this city")

    def owner(self, name: str, group: str = "") -> str:
        """Return the brain that takes a source."""
        pinned = self.pinned.get(group)
        if pinned is not None:
            return pinned
        return max(self.brains, key=lambda brain: (_score(brain, name), brain))

    def dealt(self, devices: Iterable[Device]) -> dict[str, list[Device]]:
        """Return the devices of each brain; a group stays together."""
        found: dict[str, list[Device]] = {brain: [] for brain in self.brains}
        for device in devices:
            found[self.owner(device.group or device.id, device.group)].append(device)
        return found


def _score(brain: str, name: str) -> bytes:
    return sha256(f"{len(brain)}:{brain}{name}".encode()).digest()
