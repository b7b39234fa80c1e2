"""One call of the action API: of which portal, by whom, with what, and what does not fit."""

from typing import Any, NamedTuple

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.data.grants.ask import User
from mindu.edge.portal.portal import Portal
from mindu.edge.portal.visitor import Visitor


class Invalid(Refusal):
    """What was asked does not fit: which field, and why."""

    def __init__(self, field: str, why: str) -> None:
        """Carry both."""
        super().__init__(Words(f"{field}: {why}", f"{field}:{why}"))
        self.field, self.why = field, why


class Call(NamedTuple):
    """One call: of which portal, by whom, with what."""

    portal: Portal
    who: Visitor
    user: User
    args: dict[str, Any]

    @property
    def root(self) -> str:
        """Return where the portal stands."""
        return f"{self.who.root}{self.who.base}"

    def text(self, name: str, *also: str) -> str:
        """Return a word that was given under one of some names."""
        found = next((self.args[n] for n in (name, *also) if self.args.get(n)), "")
        if not isinstance(found, str | int):
            raise Invalid(name, "give one word")
        return str(found)[:2_000]

    def must(self, name: str, *also: str) -> str:
        """Return a word that has to be given."""
        found = self.text(name, *also)
        if not found:
            raise Invalid(name, "Missing value")
        return found

    def whole(self, name: str, other: int, most: int) -> int:
        """Return a whole number, at most so much."""
        told = self.args.get(name)
        if told in {None, ""}:
            return other
        if not str(told).isdigit():
            raise Invalid(name, "Must be a natural number")
        return min(int(str(told)), most)

    def truth(self, name: str) -> bool:
        """Return whether something is wished."""
        return str(self.args.get(name, "")).lower() in {"true", "1", "yes", "on"}
