"""All that the brain knows: the log, and everything folded from it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mindu.base.records import AnyRecord, Entry
from mindu.brain.folds.cases import Cases
from mindu.brain.folds.census import Census
from mindu.brain.folds.failing import Failing
from mindu.brain.folds.flow.answers import Answers
from mindu.brain.folds.flow.courses import Courses
from mindu.brain.folds.grants import Grants
from mindu.brain.folds.instances import Instances
from mindu.brain.folds.learned import Learned
from mindu.brain.folds.models import Models
from mindu.brain.folds.pending import Pending
from mindu.brain.folds.promises import Promises
from mindu.brain.folds.scores import Scores
from mindu.brain.folds.standing import Standing
from mindu.brain.folds.tables import Tables
from mindu.brain.folds.threads import Threads
from mindu.brain.folds.turns import Turns
from mindu.brain.view import View
from mindu.data.fold import Fold, Folds
from mindu.data.grants.allowed import Allowed
from mindu.data.grants.uses import Uses
from mindu.data.latest import Latest
from mindu.data.log import Log
from mindu.data.opening.opened import Opened
from mindu.data.series import Series
from mindu.data.twin import Entity, Twins

Kinds = Mapping[str, type[Entity]]


def every_fold(kinds: Kinds) -> list[Fold]:
    """Return one empty fold of each kind, in the order they are folded."""
    return [
        Twins(kinds), Series(), Latest(), Census(), Threads(), Turns(), Failing(),
        Promises(), Standing(), Grants(), Learned(), Pending(), Scores(),
        Models(), Instances(), Courses(), Answers(),
        Cases(), Tables(), Allowed(), Uses(), Opened(),
    ]  # fmt: skip


class Memory:
    """The log and its folds; whatever is written is folded at once."""

    def __init__(self, log: Log, kinds: Kinds, *, seed: int) -> None:
        """Take up the log where it stands."""
        self.log = log
        self.kinds = kinds
        self.twins, self.series, self.latest = Twins(kinds), Series(), Latest()
        self.census, self.threads, self.turns = Census(), Threads(), Turns()
        self.promises, self.standing, self.grants = Promises(), Standing(), Grants()
        self.learned, self.pending, self.scores = Learned(), Pending(), Scores()
        self.failing = Failing()
        self.models, self.instances, self.courses = Models(), Instances(), Courses()
        self.answers = Answers()
        self.cases, self.tables = Cases(), Tables()
        self.allowed, self.uses, self.opened = Allowed(), Uses(), Opened()
        self._seed = seed
        self.folds = Folds(
            log,
            [
                self.twins, self.series, self.latest, self.census, self.threads, self.turns,
                self.failing,
                self.promises, self.standing, self.grants, self.learned, self.pending, self.scores,
                self.models, self.instances, self.courses, self.answers,
                self.cases, self.tables, self.allowed, self.uses, self.opened,
            ],
        )  # fmt: skip

    def write(
        self,
        record: AnyRecord,
        *,
        at: datetime,
        about: str,
        by: str,
        because: tuple[int, ...] = (),
    ) -> Entry:
        """Write one record down and fold it."""
        entry = self.log.append(record, at=at, about=about, by=by, because=because)
        self.folds.take(entry, None)
        return entry

    def view(self, now: datetime, horizon: timedelta) -> View:
        """Return a look at the city as it is known at `now`."""
        return View(
            now,
            horizon,
            self.twins,
            self.series,
            self.latest,
            self.learned.params,
            self.learned.champions,
            self._seed,
            standing=self.standing,
        )
