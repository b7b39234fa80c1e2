"""Rows: what the log says of every licence, by number, holder and application."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from mindu.apps.services.licences.kinds import NUMBER, Kind
from mindu.apps.services.licences.status import Status
from mindu.city import Fallen

ISSUED, CHANGED = "licence_issued", "licence_changed"
KEPT = "licence:"  # begins its name in the vault
WORDS = {"valid": Status.VALID, "suspended": Status.SUSPENDED, "revoked": Status.REVOKED}


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A licence as the holder keeps it."""

    number: str
    item: str
    claims: dict[str, object]
    issued: datetime
    until: datetime | None = None
    credential: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What the log says of a licence."""

    number: str
    item: str
    instance: int
    holder: str
    index: int
    status: Status = Status.VALID
    why: str = ""
    cause: str = ""  # what became of its approval; empty: an officer changed it


class Rows:
    """The rows of one log, as far as it was read."""

    def __init__(self) -> None:
        """Begin empty."""
        self.by_number: dict[str, Row] = {}
        self._of: dict[int, list[str]] = {}  # by instance, oldest first
        self._fallen: dict[str, Fallen] = {}  # approvals that were undone and not yet followed

    def fold(self, name: str, instance: int, args: Mapping[str, object]) -> None:
        """Take in that a licence was issued, or changed."""
        number = str(args[NUMBER])
        if name == ISSUED:
            row = Row(number=number, item=str(args["item"]), instance=instance,
                      holder=str(args["holder"]), index=int(float(str(args["index"]))))  # fmt: skip
            if self.by_number.setdefault(number, row) is row:
                self._of.setdefault(instance, []).append(number)
        elif number in self.by_number:
            status, cause = WORDS[str(args["status"])], str(args.get("cause", ""))
            row = msgspec.structs.replace(self.by_number[number], status=status, cause=cause,
                                          why=str(args["why"]))  # fmt: skip
            self.by_number[number] = row
            self._fallen.pop(number, None)

    def fell(self, row: Row, why: Fallen) -> None:
        """Take in that the approval of a licence was undone."""
        self._fallen[row.number] = why

    def fallen(self, row: Row) -> Fallen | None:
        """Return how the approval of a licence was undone since it was last changed."""
        return self._fallen.get(row.number)

    def upon(self, instance: int, item: str = "") -> list[Row]:
        """Return the licences of an application, or of one of its items, oldest first."""
        found = (self.by_number[number] for number in self._of.get(instance, ()))
        return [row for row in found if item in {"", row.item}]

    def wants(self, instance: int, item: str) -> bool:
        """Say whether an approval calls for a licence: none was issued, or its approval fell.

        What an officer revoked stays so, until its approval falls and is given again.
        """
        for row in self.upon(instance, item)[-1:]:
            return row.status is Status.REVOKED and (bool(row.cause) or row.number in self._fallen)
        return True

    def number(self, kind: Kind, instance: int) -> str:
        """Return the number of the next licence: of the first it is the application's own."""
        before = len(self.upon(instance, kind.item))
        return f"{kind.code}{instance:08d}" + (f"-{before + 1}" if before else "")
