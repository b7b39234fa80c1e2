"""Facts: what else is known of a dataset: how good its rows are, when they came, and from where."""

from collections.abc import Iterable

import msgspec

from mindu.data.catalog.dataset import Dataset
from mindu.data.lineage.trace import Derived
from mindu.data.quality.rules import Report


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one dataset beside its declaration."""

    score: float | None = None  # 0 to 100 of the last audit; None: never audited
    audited: int = 0  # epoch ms
    broken: tuple[str, ...] = ()  # rules that do not hold
    delivered: int = 0  # epoch ms of the last pull
    made_from: tuple[str, ...] = ()  # where rows come from, next step back
    goes_into: tuple[str, ...] = ()  # derived tables that read it


def facts(
    dataset: Dataset, *, report: Report | None, delivered: int, derived: Iterable[Derived]
) -> Facts:
    """Return what is known of a dataset; `delivered` is when its last pull ended (epoch ms)."""
    told = list(derived)
    own = {edge.of_table for one in told if one.name == dataset.name for edge in one.edges}
    onward = {one.name for one in told if any(e.of_table == dataset.name for e in one.edges)}
    origin = (dataset.origin or dataset.stored,) if not own else tuple(sorted(own))
    return Facts(
        score=None if report is None else report.score,
        audited=0 if report is None else report.at,
        broken=() if report is None else tuple(r.rule for r in report.results if not r.held),
        delivered=delivered, made_from=origin, goes_into=tuple(sorted(onward)),
    )  # fmt: skip
