"""A form: what a page without script sends, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mindu.console.ask import wrong

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, by field; a field may come several times."""

    typed: Typed

    def one(self, name: str) -> str:
        """Return a field, empty where it is not there."""
        return next(iter(self.typed.get(name, ())), "").strip()

    def seqs(self) -> tuple[int, ...]:
        """Return the entries chosen.

        Raises:
            Bad: one is no number.
        """
        told = self.typed.get("seq", ())
        if not all(t.isdigit() and len(t) <= 12 for t in told):
            raise wrong("seq", "entry numbers", "条目号")
        return tuple(int(t) for t in told)

    def number(self, name: str, default: float) -> float:
        """Return a number.

        Raises:
            Bad: it is none.
        """
        told = self.one(name)
        try:
            return float(told) if told else default
        except ValueError:
            raise wrong(name, "a number", "数字") from None
