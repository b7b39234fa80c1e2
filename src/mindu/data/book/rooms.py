"""Which room a log lives in: a path is a file, an address of PostgreSQL a schema of a database."""

from mindu.data.book.address import address, on_server
from mindu.data.book.sqlite import Sqlite
from mindu.data.book.store import Store


def opened(where: str, *, writing: bool) -> Store:
    """Open the room of a log, making it when there is none and it may be written.

    Raises:
        RuntimeError: another process writes it.
        ValueError: there is no log of ours.
        OSError: the disk or the server refuses.
    """
    if not on_server(where):
        return Sqlite(where, writing=writing)
    from mindu.data.book.postgres import Postgres  # noqa: PLC0415 - most use files

    return Postgres(address(where), writing=writing)
