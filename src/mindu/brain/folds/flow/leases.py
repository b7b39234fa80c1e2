"""Leases: who holds which job until when, and how often it may still be tried."""

import msgspec

from mindu.base.records import Entry, Event

LEASED, FAILED = "job_leased", "job_failed"
TRIES = 3  # of a job, before a person must look at it; ours
Place = tuple[int, int]  # instance and wait


class Lease(msgspec.Struct, frozen=True, array_like=True):
    """How a job stands with its workers."""

    worker: str = ""  # "" while it waits after a failure: it is nobody's
    until: float = 0.0  # epoch s
    left: int = TRIES
    fails: int = 0


class Leases:
    """The leases of all jobs that are waited for, as entries tell them."""

    def __init__(self) -> None:
        """Begin empty."""
        self.of: dict[Place, Lease] = {}

    def event(self, entry: Entry, record: Event, instance: int) -> None:
        """Take in that jobs were leased, or that one failed."""
        if record.name == LEASED:
            until = float(record.args["until"])
            for told in str(record.args["jobs"]).split():
                one, _, wait = told.partition(":")
                place = int(one), int(wait)
                held = self.of.get(place, Lease())
                self.of[place] = Lease(entry.by, until, held.left, held.fails)
        elif record.name == FAILED:
            place = instance, int(float(record.args["wait"]))
            held = self.of.get(place, Lease())
            left, again = int(float(record.args["left"])), float(record.args["again"])
            self.of[place] = Lease("", again, left, held.fails + 1)

    def freed(self, instance: int) -> None:
        """Let an instance's jobs be tried anew: a person mended what was wrong."""
        for place in [one for one in self.of if one[0] == instance]:
            del self.of[place]

    def over(self, place: Place) -> None:
        """Forget a job that is waited for no more."""
        self.of.pop(place, None)
