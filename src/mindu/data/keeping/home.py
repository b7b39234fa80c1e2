"""Where the state of a folder lies: in files there or, by one setting, on a PostgreSQL server."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mindu.data.book import rooms
from mindu.data.book.address import Address, address
from mindu.data.book.store import MOVED

SETTING = "MINDU_STORE"  # the environment variable; it speaks where the folder itself is silent
FILE = "store.toml"  # in the folder: store = "postgresql://user@host/database"
ENDING = ".mindu"
CATALOGUE = "mindu catalogue 1"  # the mark of one on a server
CITY = "city"  # the name of a folder's first log


@dataclass(frozen=True, slots=True)
class Home:
    """A folder, and the server that keeps its state, where one does."""

    folder: Path
    server: Address | None

    def log(self, name: str = CITY) -> str:
        """Return where the log of that name lies, as `Log.open` takes it."""
        if self.server is None:
            return str(self.folder / f"{name}{ENDING}")
        return f"{self.server.server}#{self._prefix()}{name}"

    def catalogue(self) -> Path | str:
        """Return where the catalogue lies, as `Catalogue` takes it."""
        if self.server is None:
            return self.folder / "catalogue.db"
        return self.log("catalogue")

    def catalogued(self) -> bool:
        """Say whether there is a catalogue."""
        if self.server is None:
            return rooms.there(str(self.folder / "catalogue.db"))
        return f"{self._prefix()}catalogue" in rooms.names(self.server, CATALOGUE)

    def retire_catalogue(self) -> None:
        """Give the catalogue the name of one that has left."""
        where = str(self.catalogue())
        rooms.rename(where, f"{where}{MOVED}")

    def there(self, name: str = CITY) -> bool:
        """Say whether there is a log of that name."""
        return rooms.there(self.log(name))

    def logs(self) -> list[str]:
        """Return the names of all logs that are there, by the alphabet."""
        if self.server is None:
            found = self.folder.glob(f"*{ENDING}")
            return sorted(path.name.removesuffix(ENDING) for path in found if path.is_file())
        prefix = self._prefix()
        every = rooms.names(self.server)
        return sorted(
            name.removeprefix(prefix)
            for name in every
            if name.startswith(prefix) and _one_log(name.removeprefix(prefix))
        )

    def rename(self, name: str, new: str) -> None:
        """Give a log that nobody has open another name."""
        rooms.rename(self.log(name), self.log(new))

    def state(self) -> dict[str, str]:
        """Return what the server says of itself; nothing where there is none.

        Raises:
            OSError: it does not answer.
        """
        return {} if self.server is None else rooms.state(self.server)

    def shown(self) -> str:
        """Return where this is, for people to read; no password is in it."""
        return str(self.folder) if self.server is None else self.server.shown().rpartition("#")[0]

    def _prefix(self) -> str:
        """Return what stands before the names of this city, where several share a database."""
        assert self.server is not None, "only names on a server have one"
        return f"{self.server.name}." if self.server.name else ""


def home(folder: Path, environment: Mapping[str, str] | None = None) -> Home:
    """Return where the state of a folder lies.

    Raises:
        ValueError: the setting cannot be read, or there are two that differ.
    """
    told = (os.environ if environment is None else environment).get(SETTING, "").strip()
    kept = _kept(folder / FILE)
    if told and kept and told != kept:
        raise ValueError(
            f"{SETTING} and {folder / FILE} name two different stores; take one of them away"
        )
    where = told or kept
    return Home(folder, city_at(where) if where else None)


def city_at(where: str) -> Address:
    """Read the address of a city: `postgresql://user@host/database`, `#name` where many share it.

    Raises:
        ValueError: it is none.
    """
    given = address(where)
    return Address(given.server, given.name if "#" in where else "")


def settle(folder: Path, server: Address | None) -> None:
    """Keep the setting in the folder: this server, or files where there is none.

    Raises:
        ValueError: the address holds a password, which belongs into PGPASSFILE.
    """
    path = folder / FILE
    if server is None:
        path.unlink(missing_ok=True)
        return
    if server.secret():
        raise ValueError(f"a password has no place in {path}: keep it in PGPASSFILE or PGPASSWORD")
    whole = f"{server.server}#{server.name}" if server.name else server.server
    half = path.with_suffix(".half")
    with half.open("w", encoding="utf-8") as file:
        file.write(f'store = "{whole}"\n')
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def _one_log(name: str) -> bool:
    """Say whether this is `city` or `city.2`, not a city's `east.city` nor what moves or left."""
    stem, _, number = name.partition(".")
    return bool(stem) and (not number or number.isdigit())


def _kept(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))["store"]
    except (OSError, KeyError, ValueError) as wrong:
        raise ValueError(
            f'{path} cannot be read: it says store = "postgresql://user@host/database"'
        ) from wrong
    return str(told).strip()
