"""One pass over a living city: every file is copied in its order, and what lies on a server."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mindu.data.catalog.book import Catalogue
from mindu.data.keeping import move
from mindu.data.keeping.copies import copied, put_down
from mindu.data.keeping.home import Home


def passed(place: Home, city: Path, names: list[str], tell: Callable[[int], None]) -> bool:
    """Copy everything once, in its order; say whether nothing left meanwhile."""
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        tell(done)

    _struck(city, names)
    notes = sum(name.endswith(".jsonl") for name in names)  # they come before the log they sign
    try:
        for number, name in enumerate(names):
            if number == notes:
                _fetched(place, city)
            copied(place.folder / name, city / name, more)
        if len(names) == notes:
            _fetched(place, city)
    except FileNotFoundError:
        if all((place.folder / name).exists() for name in names):
            raise
    return all((place.folder / name).exists() for name in names)


def _struck(city: Path, names: list[str]) -> None:
    """Take away what an earlier pass copied and is there no longer."""
    for old in [path for path in city.rglob("*") if path.is_file()]:
        if old.relative_to(city).as_posix() not in names:
            old.unlink()


def _fetched(place: Home, city: Path) -> None:
    """Bring the logs and the catalogue of a server, where there is one, into files."""
    if place.server is None:
        return
    files = Home(city, None)
    for name in place.logs():
        move.copied(place.log(name), files.log(name))
        put_down(Path(files.log(name)))
    if place.catalogued():
        with (
            closing(Catalogue(place.catalogue())) as old,
            closing(Catalogue(files.catalogue())) as new,
        ):
            new.take_over(old)
        put_down(city / "catalogue.db")
