"""Which room a log lives in: a path is a file, an address of PostgreSQL a schema of a database."""

import os
from pathlib import Path

from mindu.data.book.address import Address, address, on_server
from mindu.data.book.sqlite import Sqlite, renamed
from mindu.data.book.store import Store


def opened(where: str, *, writing: bool) -> Store:
    """Open the room of a log, making it when there is none and it may be written.

    Raises:
        RuntimeError: another process writes it, or it is being moved there.
        ValueError: there is no log of ours.
        OSError: the disk or the server refuses.
    """
    if not on_server(where):
        return Sqlite(where, writing=writing)
    from mindu.data.book.postgres import Postgres  # noqa: PLC0415 - most use files

    return Postgres(address(where), writing=writing)


def there(where: str) -> bool:
    """Say whether there is something at that place.

    Raises:
        OSError: the server does not answer.
    """
    if not on_server(where):
        return Path(where).exists()
    return address(where).name in names(address(where))


def names(server: Address, mark: str = "") -> list[str]:
    """Return the names of all logs of a database, or of what else bears a mark.

    Raises:
        OSError: the server does not answer.
    """
    from mindu.data.book.session import names as on  # noqa: PLC0415 - most use files

    return on(server, mark) if mark else on(server)


def state(server: Address) -> dict[str, str]:
    """Return what a server says of itself, as far as a log depends on it.

    Raises:
        OSError: it does not answer.
    """
    from mindu.data.book.session import state as of  # noqa: PLC0415 - most use files

    return of(server)


def rename(where: str, new: str) -> None:
    """Give a log that nobody has open another name, in one step.

    Raises:
        ValueError: the name is taken.
    """
    if there(new):
        raise ValueError(f"{shown(new)} is taken: put it away first")
    if not on_server(where):
        renamed(Path(where), Path(new))
        return
    from mindu.data.book.session import rename as on  # noqa: PLC0415 - most use files

    on(address(where), address(new).name)


def shown(where: str) -> str:
    """Return a place as people may see it."""
    return address(where).shown() if on_server(where) else os.path.normpath(where)
