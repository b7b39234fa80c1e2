"""The catalogue of a city, opened for one run and told anew of what there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from mindu.brain.stewards.datasets import datasets
from mindu.brain.stewards.grading import regraded
from mindu.cli.apps import found as apps
from mindu.cli.data import held
from mindu.cli.data.use.lake import LAKE
from mindu.cli.data.use.lake import catalogue as declared
from mindu.data.catalog.book import Catalogue
from mindu.data.collect.listed import listed
from mindu.data.keeping.home import home

MADE = ("register:", "derived:")  # datasets of the lake that the city made itself


@contextmanager
def opened(folder: Path) -> Iterator[Catalogue]:
    """Open the book; apps, sources and tables of the lake are listed without anybody's work."""
    book = Catalogue(home(folder).catalogue())
    try:
        now = held.now_ms()
        for app, said in apps():
            book.settle(f"app:{app.name}", datasets(app, said), now=now, by=said.name)
        for source in held.sources(folder):
            one = listed(source)
            told = held.grades(folder, source.name)
            one = one if told is None else regraded(one, told)
            book.settle(one.origin, [one], now=now, by=source.owner or source.name)
        laid = declared(folder / LAKE).values()
        for one in laid:
            if one.origin.startswith(MADE):
                book.settle(one.origin, [one], now=now, by=one.owner or one.origin)
        rest = [one for one in laid if not one.origin.startswith(MADE)]
        by_hand = [msgspec.structs.replace(one, origin=LAKE) for one in rest]
        book.settle(LAKE, by_hand, now=now, by=LAKE)
        yield book
    finally:
        book.close()


def name_of(book: Catalogue, name: str) -> str:
    """Return the name, if a dataset has or had it.

    Raises:
        KeyError: none ever had.
    """
    if not book.versions(name):
        raise KeyError(f"no dataset is called {name!r}: look with `mindu data search`")
    return name
