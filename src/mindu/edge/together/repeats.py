"""Repeats: what a new case may say again, asked of the archive of all years as it is taken in.

A search reads a bounded piece of the archive, however many cases lie there, so intake waits some
milliseconds. An event says what was found; officers confirm, and a split undoes.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

from mindu.base.records import Case, Entry, Event, Value
from mindu.brain.case_rows import IS_DONE
from mindu.brain.cases import DONE
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.office import about
from mindu.edge.together.alike import Same
from mindu.edge.together.archive import SURE, Archive, Found
from mindu.edge.together.spots import Places

REPEATS = "may_repeat"
NAMED = 3  # earlier cases that a suggestion names
LOOKED = 12  # found cases among which those are chosen that may be one matter
REMEMBERED = 2_000  # newest suggestions that a page can be made of
READ_BACK = 500  # newest open cases whose suggestions are taken up after a restart


class Repeats:
    """Suggestions of one office; whoever holds its lock asks."""

    def __init__(self, archive: Archive, places: Places) -> None:
        """Know none; `places` names the known places of a text."""
        self.archive, self.office, self._places = archive, archive.office, places
        self._found: OrderedDict[int, tuple[int, ...]] = OrderedDict()

    def ask(self, number: int, now: datetime) -> tuple[int, ...]:
        """Write what a new case may repeat, the likeliest first, and return it; () for nothing."""
        case = self._case(number)
        if case.parent >= 0 or not case.text:
            return ()
        told = self.archive.find(case.title, case.text, most=LOOKED, least=SURE)
        found = self._named(number, [one for one in told if one[0] != number])
        if not found:
            return ()
        args: dict[str, Value] = {"cases": " ".join(map(str, found)), "alike": dict(told)[found[0]]}
        name = about(number)
        self.office.memory.write(
            Event(REPEATS, args), at=now, about=name, by="archive", because=(number,)
        )
        self._remember(number, found)
        return found

    def of(self, number: int) -> tuple[int, ...]:
        """Return what a case may repeat, as it was found when it was taken in."""
        return self._found.get(number, ())

    def take_up(self) -> None:
        """Read back from the log what was found of the newest open cases before a restart."""
        rows = self.office.cases.rows
        for number in rows["seq"][~IS_DONE[rows["state"]]][-READ_BACK:].tolist():
            for entry in self.office.memory.log.after(number):
                if _says(entry):
                    assert isinstance(entry.record, Event)
                    named = str(entry.record.args["cases"]).split()
                    self._remember(number, tuple(map(int, named)))

    def same(self, beyond: Iterable[Same]) -> list[Same]:
        """Return what may be merged that these suggestions do not hold, hottest first."""
        held = [{one.into, *one.others} for one in beyond]
        groups: dict[int, list[int]] = {}
        for number, others in list(self._found.items()):
            into = next((o for o in others if self._mergeable(number, o)), None)
            if into is not None and not any({number, into} <= group for group in held):
                groups.setdefault(into, []).append(number)
        found = [self._same(into, group) for into, group in groups.items()]
        return sorted(found, key=lambda one: (-one.heat, -one.urged, one.into))

    def _same(self, into: int, others: Collection[int]) -> Same:
        rows = [self.office.cases.row(number) for number in (into, *others)]
        days = [datetime.fromtimestamp(int(row["opened"]), UTC).astimezone(CITY) for row in rows]
        return Same(
            into=into,
            others=tuple(others),
            people=sum(int(row["callers"]) for row in rows),
            first=min(days).date(),
            last=max(days).date(),
            urged=sum(int(row["urged"]) for row in rows),
        )

    def _mergeable(self, number: int, other: int) -> bool:
        """Say whether both are open still, and nobody said that they are two matters."""
        cases = self.office.cases
        open_still = cases.state(number) not in DONE and cases.state(other) not in DONE
        return open_still and other not in cases.link(number).apart

    def _named(self, number: int, told: Sequence[Found]) -> tuple[int, ...]:
        """Return the likeliest that may be one matter with a case, an open one among them."""
        here = self._spots(number)
        found = [other for other, _ in told if self._fits(number, other, here)]
        can = next((n for n in found if self.office.cases.state(n) not in DONE), None)
        first = found[:NAMED]
        return tuple(first if can is None or can in first else [*first[:-1], can])

    def _fits(self, number: int, other: int, here: frozenset[str]) -> bool:
        """Say whether an earlier case is of the same kind and may be of the same place."""
        cases = self.office.cases
        mine, theirs = cases.said(number, "area"), cases.said(other, "area")
        near = mine.startswith(theirs) or theirs.startswith(mine)
        if not near or cases.said(number, "kind") != cases.said(other, "kind"):
            return False
        there = self._spots(other) if here else frozenset[str]()
        return not there or bool(here & there)

    def _spots(self, number: int) -> frozenset[str]:
        case = self._case(number)
        return frozenset(self._places(f"{case.title}\n{case.text}"))

    def _remember(self, number: int, found: tuple[int, ...]) -> None:
        self._found[number] = found
        while len(self._found) > REMEMBERED:
            self._found.popitem(last=False)

    def _case(self, number: int) -> Case:
        case = self.office.memory.log[number].record
        assert isinstance(case, Case), "a number of a case is that of its opening"
        return case


def _says(entry: Entry) -> bool:
    return isinstance(entry.record, Event) and entry.record.name == REPEATS
