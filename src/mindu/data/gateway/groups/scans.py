"""Scans of one gateway: rows as duties let them be seen, or groups, each department in one way."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from mindu.base.records import Event
from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.allow import refused
from mindu.data.gateway.answer import Book
from mindu.data.gateway.groups.editions import Editions
from mindu.data.gateway.groups.grouping import Grouping, grouping
from mindu.data.gateway.scan import Scan, scan
from mindu.data.grants.allowed import DATASET, GROUPED
from mindu.data.grants.ask import Ask
from mindu.data.grants.duties import Duties
from mindu.data.grants.policies import CITY

# Of two ways to group one dataset the difference tells of smaller groups, so a department has one.
REST = timedelta(days=365)  # after the last use of one way, until another may be given
AGAIN = timedelta(days=30)  # a use is written down no more often than that


class Scans:
    """What a query sees instead of tables; threads may share it."""

    def __init__(self, lake: Path, secret: bytes) -> None:
        """Keep the editions of groups beside the files that they are made of."""
        self._editions, self._secret = Editions(lake, secret), secret

    def files(
        self, dataset: Dataset, files: tuple[Path, ...], duties: Duties, who: Mapping[str, str]
    ) -> tuple[Path, ...]:
        """Return what is read of a dataset: its files, or where groups alone are given, theirs."""
        if not duties.group:
            return files
        return (self._editions.current(self._grouping(dataset, duties, who), files),)

    def scan(
        self, dataset: Dataset, files: Sequence[Path], duties: Duties, who: Mapping[str, str], *,
        witness: bool,
    ) -> Scan:  # fmt: skip
        """Return how a dataset is seen, from the files that `files` gave."""
        if duties.group:
            return self._grouping(dataset, duties, who).scan(files[0])
        return scan(
            dataset, files, duties, who=who, secret=self._secret,
            witness=witness and bool(dataset.subject),
        )  # fmt: skip

    def one_way(
        self, book: Book, dataset: Dataset, duties: Duties, ask: Ask, now: datetime
    ) -> None:
        """Let a department have the groups of a dataset in one way; the first use writes it down.

        Raises:
            Refused: it asks for rows, or was given other groups within the year.
        """
        if not duties.group:
            return
        if ask.action != "query":
            raise refused("this is given as groups alone: ask by SQL", "仅提供分组统计,请用 SQL")
        told, department = self._grouping(dataset, duties, who_of(ask)), ask.who.department
        way = book.allowed.way(dataset.name, department)
        if way is not None and way.view != told.view and now - way.at < REST:
            on, free = (f"{day.astimezone(CITY):%Y-%m-%d}" for day in (way.at, way.at + REST))
            raise refused(
                f"1 of 1 ways to group {dataset.name} is taken: your department had groups of "
                f"{way.words} on {on}, and of two ways the difference tells of smaller groups; "
                f"ask by those, let the owner free it, or come after {free}",
                f"{dataset.name} 每部门仅可有一种分组:贵部门已于 {on} 取得按 {way.words} 的分组,"
                f"两种分组之差会透露更小的群体;请沿用,或请数据提供方解除,或于 {free} 后再申请",
            )
        if way is None or way.view != told.view or now - way.at >= AGAIN:
            args = {"department": department, "view": told.view, "words": told.words()}
            book.write(Event(GROUPED, dict(args)), at=now, about=f"{DATASET}{dataset.name}",
                       by="gateway")  # fmt: skip

    def _grouping(self, dataset: Dataset, duties: Duties, who: Mapping[str, str]) -> Grouping:
        return grouping(dataset, duties, who=who, secret=self._secret)


def who_of(ask: Ask) -> dict[str, str]:
    """Return what a policy's conditions and tokens know of an asker."""
    return {"user": ask.who.id, "department": ask.who.department, "purpose": ask.purpose}
