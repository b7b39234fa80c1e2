"""What the portal is held together by: the open tables, other rooms, stewards, and refusals."""

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from starlette.requests import Request

from mindu.base.records import Words
from mindu.brain.cases import Role
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.data.catalog.dataset import Dataset
from mindu.data.opening.opened import Opened


class Missing(Refusal):
    """What was never there."""


class Shut(Refusal):
    """What was open, and is not any more."""


class Unknown(Refusal):
    """A key that is none."""


class Room(NamedTuple):
    """Another room of the city that these pages lead to."""

    title: Words
    path: str


class OpenTables(Mapping[str, Dataset]):
    """What the gateway may read here: the tables that are open, their open fields alone."""

    def __init__(self, opened: Opened) -> None:
        """Look at what is open, whenever somebody asks."""
        self._opened = opened

    def __getitem__(self, name: str) -> Dataset:  # type: ignore[explicit-override]
        """Return an open table."""
        held = self._opened.get(name)
        if held is None:
            raise KeyError(name)
        return held.dataset

    def __iter__(self) -> Iterator[str]:  # type: ignore[explicit-override]
        """Walk the names."""
        return (held.dataset.name for held in self._opened.every())

    def __len__(self) -> int:  # type: ignore[explicit-override]
        """Count them."""
        return len(self._opened.every())


class NoSeat(Refusal):
    """Nobody who is known as a steward."""


class Seat(NamedTuple):
    """A steward, and the token that forms of theirs carry."""

    name: str
    token: str
    department: str = ""  # the one they sign for; "": any

    def may(self, unit: str) -> bool:
        """Say whether they sign for a unit."""
        return self.department in {"", unit}

    def signs(self, unit: str) -> Officer:
        """Return them as an officer: they sign in their own name for the unit that answers.

        Raises:
            Refusal: their account names another department.
        """
        if not self.may(unit):
            raise Refusal(Words(
                f"{self.name} signs for {self.department} alone, and this is of {unit}",
                f"{self.name} 仅可代 {self.department} 签署,此项属于 {unit}",
            ))  # fmt: skip
        return Officer(self.name, self.name, unit, (Role.OFFICER,), ("*",))

    def ours(self, token: str) -> bool:
        """Say whether a form is one of theirs."""
        return hmac.compare_digest(token.encode(), self.token.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stewards:
    """How stewards are known here, and what is looked at again before they see it."""

    who: Callable[[Request], Seat | None]
    refresh: Callable[[], None] = lambda: None  # which tables are declared now
    sign_in: str = "/sign-in"

    def seat(self, request: Request) -> Seat:
        """Return who sits there.

        Raises:
            NoSeat: nobody signed in whose role is steward.
        """
        found = self.who(request)
        if found is None:
            raise NoSeat(Words(
                f"these pages are for stewards: sign in at {self.sign_in}",
                f"本页面供数据管理员使用,请在 {self.sign_in} 登录",
            ))  # fmt: skip
        return found
