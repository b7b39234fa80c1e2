"""How the lines of a node stand: what it reads from and hands on to, told over HTTP and aloud."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from starlette.routing import Route

from mindu.edge.field.readers import Reader
from mindu.edge.http.guard import Guard
from mindu.edge.keys import Keys


@runtime_checkable
class Counting(Protocol):
    """A line that can tell more than its trouble."""

    def facts(self) -> dict[str, Any]:
        """Return what it has done, by name."""
        ...


class Standing:
    """The lines of one node."""

    def __init__(self, faults: Callable[[], Iterable[str]]) -> None:
        """Begin with none; `faults` says what broke in the node itself."""
        self.readers: Sequence[Reader] = ()
        self._faults = faults
        self._down: set[int] = set()

    def told(self) -> dict[str, Any]:
        """Return each line with its trouble, and what broke in the node itself."""
        lines = [
            {"line": it.about, "trouble": it.trouble,
             **(it.facts() if isinstance(it, Counting) else {})}
            for it in self.readers
        ]  # fmt: skip
        return {"lines": lines, "faults": list(self._faults())}

    def look(self, say: Callable[[str], object]) -> None:
        """Say which line went down since the last look, and which came back."""
        for number, it in enumerate(self.readers):
            if it.trouble and number not in self._down:
                self._down.add(number)
                say(f"{it.about} is down 线路不通: {it.trouble}")
            elif not it.trouble and number in self._down:
                self._down.remove(number)
                say(f"{it.about} is back 线路恢复")


async def guarded(reader: Reader) -> None:
    """Run a reader; what breaks it stands as its trouble until it reads again."""
    try:
        await reader.run()
    except Exception as wrong:
        reader.trouble = f"{type(wrong).__name__}: {wrong}"
        raise


async def kept(
    run: Callable[[], Awaitable[None]], troubles: deque[str], quiet: Callable[[], float]
) -> None:
    """Run; if that breaks, say so, and begin it anew; the other doors stay open."""
    while True:
        try:
            await run()
        except Exception as wrong:  # noqa: BLE001 - one broken line must not close the city
            troubles.append(f"{type(wrong).__name__}: {wrong}")
        await asyncio.sleep(quiet())


def lined(lines: Standing, keys: Keys) -> list[Route]:
    """Return the route that tells how the lines stand."""
    return [Route("/v1/lines", Guard(keys, "reads")(lambda _: lines.told()))]
