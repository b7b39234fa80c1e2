"""What stands in the city for this app: departments and how far they are behind their promises."""

from collections.abc import Sequence

from mindu.city import Entity, Param, Ratio


class Department(Entity, frozen=True, kw_only=True):
    """A department with items of its own; `late` is the share of its open tasks past their time."""

    name_en: str
    name_zh: str
    late: Ratio | None = None


LATE = Param(
    "services.late_mark",
    unit="1",
    in_force={"2026-11-25": 0.2},
    within=(0.05, 0.5),
    reference="share of open tasks past their promised time; assumed by the authors",
)

NAMES = (
    ("health", "Health commission", "卫生健康"),
    ("police", "Public security", "公安"),
    ("insurance", "Healthcare security", "医疗保障"),
)


def things() -> Sequence[Department]:
    """Return what stands in the small world."""
    return [Department(id=f"services:{i}", name_en=en, name_zh=zh) for i, en, zh in NAMES]
