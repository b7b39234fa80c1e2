"""What a filter reaches from one entity: its fields, and along links those of what it leads to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.entities import Entities
from mindu.edge.sensorthings.names import LINKS, SETS, Entity, plural

ALONE = ("Locations",)  # of these an entity has one at most
_OF = re.compile(r"\s*Datastream/(?:@iot\.)?id\s+eq\s+(\d+)\s*")


class Reached(Mapping[str, Any]):
    """One entity whose links are followed as asked; `id` is another word for `@iot.id`."""

    def __init__(self, entities: Entities, many: str, it: Entity) -> None:
        """Stand at an entity of a set."""
        self._entities, self._many, self._it = entities, many, it

    def __getitem__(self, name: str) -> object:  # type: ignore[explicit-override]
        """Return a field, or what a link leads to.

        Raises:
            Unfit: the link leads to many, of which a comparison can choose none.
        """
        if name in self._it:
            return self._it[name]
        if name == "id":
            return self._it["@iot.id"]
        if name not in LINKS[self._many]:
            raise KeyError(name)
        if name in SETS and name not in ALONE:
            raise Unfit(400, f"$filter: {self._many} lead to many {name}; ask {name} instead")
        found = next(self._entities.related(self._many, self._it, name), None)
        if found is None:
            raise KeyError(name)
        return Reached(self._entities, plural(name), found)

    def __iter__(self) -> Iterator[str]:  # type: ignore[explicit-override]
        """Yield the names of its own fields."""
        return iter(self._it)

    def __len__(self) -> int:  # type: ignore[explicit-override]
        """Return how many fields are its own."""
        return len(self._it)


def of_one(entities: Entities, told: str, since: int, until: int) -> Iterator[Entity] | None:
    """Return the observations of the one Datastream that a filter names; None if it names none."""
    if " or " in told or "not " in told:
        return None
    found = (_OF.fullmatch(part) for part in told.split(" and "))
    number = next((one[1] for one in found if one), None)
    if number is None:
        return None
    try:
        entities.one("Datastreams", number)
    except Unfit:
        return iter(())
    return entities.observations(int(number) - 1, since, until)
