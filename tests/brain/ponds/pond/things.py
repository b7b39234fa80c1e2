"""What stands at the ponds, and the numbers that may change."""

from collections.abc import Sequence

from mindu.city import Entity, Metres, Param, Ratio


class Pond(Entity, frozen=True, kw_only=True):
    """A pond with a level gauge, an oxygen probe, one outlet and one aerator."""

    name_en: str
    name_zh: str
    brim: Metres
    level: Metres | None = None
    oxygen: Ratio | None = None


MARGIN = Param(
    "pond.margin",
    unit="m",
    in_force={"2020-01-01": 0.10},
    within=(0.05, 0.20),
    reference="a figure of this test",
)
BREATH = Param(
    "pond.breath",
    unit="1",
    in_force={"2020-01-01": 0.40},
    within=(0.30, 0.50),
    reference="a figure of this test",
)


def things() -> Sequence[Pond]:
    """Return the two ponds."""
    return [
        Pond(id="north", name_en="North pond", name_zh="北塘", brim=1.2),
        Pond(id="south", name_en="South pond", name_zh="南塘", brim=1.4),
    ]
