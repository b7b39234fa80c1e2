"""Proof by the national online identity 网证: what an adapter must do, and a simulator of one.

The real service is reached under an agreement with its operator; its adapter takes the simulator's
place behind the same three verbs. The simulator says on every page and in every token what it is.
"""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Protocol

import msgspec

from mindu.base.records import Words
from mindu.base.time import MINUTE
from mindu.console.identity.levels import PRETENDED

LIVES, MOST = 5 * MINUTE, 1_000  # how long a proof may take; how many are open at once
SIMULATED = Words(
    "SIMULATOR. This is not the national online identity; nothing here proves who anybody is.",
    "模拟:这不是国家网络身份认证公共服务,不能证明任何人的身份。",
)


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """Who was proved: a number that is the same each time, and what may be told of the person."""

    bid: str
    facts: dict[str, str] = {}
    amr: tuple[str, ...]
    source: str
    at: datetime


class Proves(Protocol):
    """A service that proves who is at the browser."""

    @property
    def says(self) -> Words:
        """What the page says of it; empty for a real service."""
        ...

    @property
    def origin(self) -> str:
        """The site that the browser goes to; empty where it stays on ours."""
        ...

    def begin(self, back: str, now: datetime) -> str:
        """Return where the browser goes; it comes back to `back` with `proof=`."""
        ...

    def finish(self, proof: str, back: str, now: datetime) -> Proven | None:
        """Return who was proved, once, to whoever began with this `back`; None for nobody."""
        ...


class Pretended(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the simulator."""

    bid: str
    facts: dict[str, str]


class _Open(msgspec.Struct):
    back: str
    until: datetime
    who: str = ""


class Simulator:
    """网证 模拟: whoever sits there chooses who they are; for pretend cities and tests alone."""

    says, origin = SIMULATED, ""

    def __init__(self, page: str, people: Mapping[str, Pretended]) -> None:
        """Show `page` to choose one of these people."""
        self._page, self.people = page, dict(people)
        self._open: dict[str, _Open] = {}

    def begin(self, back: str, now: datetime) -> str:
        """Open a proof; the browser goes to the simulator's page."""
        self._open = {key: one for key, one in self._open.items() if one.until > now}
        if len(self._open) >= MOST:
            self._open.pop(next(iter(self._open)))
        key = token_urlsafe(24)
        self._open[key] = _Open(back, now + LIVES)
        return f"{self._page}?proof={key}"

    def back(self, proof: str) -> str:
        """Return where an open proof comes back to; empty where it is not open."""
        held = self._open.get(proof)
        return "" if held is None else held.back

    def choose(self, proof: str, who: str, now: datetime) -> str | None:
        """Say who it is; return where the browser goes back to, None where nothing is open."""
        held = self._open.get(proof)
        if held is None or held.until <= now or who not in self.people:
            return None
        held.who = who
        return f"{held.back}{'&' if '?' in held.back else '?'}proof={proof}"

    def finish(self, proof: str, back: str, now: datetime) -> Proven | None:
        """Return who was chosen, once."""
        held = self._open.pop(proof, None)
        if held is None or held.until <= now or held.back != back or not held.who:
            return None
        person = self.people[held.who]
        return Proven(bid=f"sim:{person.bid}", facts=person.facts, amr=PRETENDED,
                      source="网证模拟 simulator", at=now)  # fmt: skip


PEOPLE = {
    "elder": Pretended(
        bid="0001", facts={"real_name": "林依嬷", "id_number": "350102193601011225"}
    ),
    "son": Pretended(bid="0002", facts={"real_name": "陈明", "id_number": "350102198902021213"}),
    "mother": Pretended(bid="0003", facts={"real_name": "林晓", "id_number": "350102199001011225"}),
}
