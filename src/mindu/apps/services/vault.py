"""What the counter wants of a vault, and a drawer that is one in memory."""

from typing import Protocol


class Vault(Protocol):
    """Where what names a person is kept, sealed, under a name of the vault."""

    def put(self, subject: str, name: str, value: object) -> None:
        """Keep a value of a subject."""
        ...

    def get(self, subject: str, name: str) -> object | None:
        """Return it; None when it was never put, or was erased."""
        ...

    def drop(self, subject: str, name: str) -> None:
        """Take a value away, where there is one."""
        ...

    def named(self, beginning: str) -> list[tuple[str, str]]:
        """Return subject and name of every value whose name begins so, in their order."""
        ...


class Drawer:
    """A vault in memory, for tests and for trying things out: gone with the process."""

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: dict[tuple[str, str], object] = {}

    def put(self, subject: str, name: str, value: object) -> None:
        """Keep a value."""
        self._kept[subject, name] = value

    def get(self, subject: str, name: str) -> object | None:
        """Return a value."""
        return self._kept.get((subject, name))

    def drop(self, subject: str, name: str) -> None:
        """Take a value away."""
        self._kept.pop((subject, name), None)

    def named(self, beginning: str) -> list[tuple[str, str]]:
        """Return subject and name of every value whose name begins so."""
        return sorted(key for key in self._kept if key[1].startswith(beginning))

    def erase(self, subject: str) -> bool:
        """Forget a subject; say whether there was one."""
        found = [key for key in self._kept if key[0] == subject]
        for key in found:
            del self._kept[key]
        return bool(found)
