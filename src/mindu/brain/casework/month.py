"""The month: what people told most of, what stays unsolved, and the topic to be taken up whole.

"One thing a month" (每月一题): a topic is ranked by how many people told of it and how many weeks
it lasted, before anything else, so that neither a loud day nor likes decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mindu.brain.casework.board import Columns, Mask
from mindu.brain.casework.office import Office

WEEK_S = 7 * 86_400
SHOWN = 20  # cases named in a dossier, those late, unsolved or reopened first, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One topic of a month, with what a leader must know before taking it up."""

    topic: str
    people: int  # callers, those of merged cases too
    cases: int
    before: int  # people of the month before
    weeks: int  # in which at least one person told of it, of those of the month
    late: int
    reopened: int
    unsolved: int  # says the caller
    unhappy: int  # 1 or 2 of 5
    areas: dict[str, int]
    units: dict[str, int]
    named: tuple[int, ...]

    @property
    def weight(self) -> int:
        """How much it weighs: people times the weeks it lasted."""
        return self.people * self.weeks


def dossiers(
    office: Office, since: datetime, until: datetime, *, now: datetime, most: int = 10
) -> list[Dossier]:
    """Return the topics of a span, the weightiest first; merged cases count as their callers.

    What is late is so by `now`: the month that runs has days ahead in which to answer.
    """
    rows, second = office.cases.rows, int(until.timestamp())
    columns = Columns(rows, min(second, int(now.timestamp())))
    first = int(since.timestamp())
    told = columns["parent"] < 0  # what was divided was told once
    inside = told & (columns["opened"] >= first) & (columns["opened"] < second)
    past = int((since - (until - since)).timestamp())
    before = told & (columns["opened"] >= past) & (columns["opened"] < first)
    codes = np.unique(columns["topic"][inside & (columns["topic"] > 0)]).tolist()
    found = [_dossier(office, columns, (inside, before), code, first) for code in codes]
    return sorted(found, key=lambda d: (-d.weight, d.topic))[:most]


def quickest(
    office: Office, declared: Sequence[str], now: datetime, *, days: int = 90
) -> list[str]:
    """Return the services by use in the last days, those declared filling up what is missing."""
    rows = office.cases.rows
    recent = rows["opened"] >= int(now.timestamp()) - days * 86_400
    used = np.bincount(rows["service"][recent], minlength=1)
    order = [office.cases.names[code] for code in np.argsort(-used, kind="stable") if used[code]]
    return list(dict.fromkeys([*(name for name in order if name), *declared]))


def _dossier(
    office: Office, c: Columns, masks: tuple[Mask, Mask], code: int, since: int
) -> Dossier:
    inside, before = masks
    of = inside & (c["topic"] == code)
    own = of & (c["master"] < 0)  # the callers of merged cases stand with their master
    weeks = (c["opened"][of].astype(np.int64) - since) // WEEK_S
    bad = own & ((c["solved"] == 1) | c.late | (c["reopened"] > 0))
    first = [*c["seq"][bad][:SHOWN], *c["seq"][own & ~bad][:SHOWN]]
    return Dossier(
        topic=office.cases.names[code],
        people=int(np.count_nonzero(of)),
        cases=int(np.count_nonzero(own)),
        before=int(np.count_nonzero(before & (c["topic"] == code))),
        weeks=len(np.unique(weeks)),
        late=int(np.count_nonzero(own & c.late)),
        reopened=int(np.count_nonzero(own & (c["reopened"] > 0))),
        unsolved=int(np.count_nonzero(own & (c["solved"] == 1))),
        unhappy=int(np.count_nonzero(own & (c["satisfied"] > 0) & (c["satisfied"] < 3))),
        areas=_tally(office, c["area"][of]),
        units=_tally(office, c["unit"][own]),
        named=tuple(int(n) for n in first[:SHOWN]),
    )


def _tally(office: Office, codes: NDArray[Any]) -> dict[str, int]:
    values, counts = np.unique(codes[codes > 0], return_counts=True)
    told = zip(values.tolist(), counts.tolist(), strict=True)
    return {office.cases.names[v]: n for v, n in sorted(told, key=lambda t: -t[1])}
