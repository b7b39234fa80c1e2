"""What many cases say together at a city's size: the night's sorting of 12,000, the hour's scan.

The sorting reads every text of the files in DATA, oldest file name first, until 12,000 are there;
without DATA it is left out. The scan sees a year of a city that takes 3,000 cases a day.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.figure import Figure
from mindu.apps.hotline.tables import JURISDICTIONS, neighbours
from mindu.apps.hotline.topics import topics
from mindu.cli.hotline.files import messages
from mindu.cli.line.scanning import places
from mindu.edge.together.known import MOST
from mindu.engines.text import clean, mask
from mindu.engines.text.burst import Call, Scan, scan
from mindu.engines.text.burst.scan import LONGEST
from mindu.engines.text.same import Note, Stream, cut_for, issues

A_DAY, YEAR = 3_000, 378  # cases a day; days
TODAY = datetime(2026, 9, 16, tzinfo=UTC).date()


def figures() -> Iterator[Figure]:
    """Yield processor seconds of the night and of the hour."""
    folder = Path(os.environ.get("DATA", "") or "nowhere")
    notes = read(folder)
    if len(notes) == MOST:
        yield from _night(notes)
    yield from _hour()


def read(folder: Path) -> list[Note]:
    """Return 12,000 messages as they are compared."""
    found: list[Note] = []
    for path in sorted(folder.glob("[mat]*_*.csv")):
        for one in messages(path) if "taxonomy" not in path.name else ():
            body = mask(clean(one.body or one.tokens.replace(" ", "")).text).text
            title = mask(clean(one.title).text).text
            named = places(f"{title}\n{body}")
            found.append(Note(name=str(len(found)), title=title, body=body, places=named))
    return found[:MOST]


def _night(notes: list[Note]) -> Iterator[Figure]:
    began = process_time()
    found = issues(notes, cut=cut_for(notes))
    yield _seconds(f"a night's sorting of {len(notes)} cases", process_time() - began, 300.0)
    yield Figure(name="of which stand alone", value=len(set(found)), unit="issues", peer=None,
                 goal="", holds=None)  # fmt: skip
    stream, began = Stream(cut=cut_for(notes)), process_time()
    for at, note in enumerate(notes[-4_000:]):
        stream.add(at / 100.0, title=note.title, body=note.body, places=note.places)
    yield _seconds("the day's joining begun anew from 4,000", process_time() - began, 60.0)


def _hour() -> Iterator[Figure]:
    rng = np.random.default_rng(1)
    names = sorted(topics())
    share = rng.dirichlet(np.full(len(names), 0.5))
    towns = [town.code for town in JURISDICTIONS]
    past: dict[tuple[str, str], dict[date, int]] = {}
    for topic, much in zip(names, share.tolist(), strict=True):
        for town in towns:
            drawn = rng.poisson(A_DAY * much / len(towns), YEAR).tolist()
            past[topic, town] = {TODAY - timedelta(days=back): n for back, n in enumerate(drawn)}
    calls = [
        Call(f"{topic}{town}{day}{n}", day, topic, town, f"c{rng.integers(1_000_000)}")
        for (topic, town), held in past.items() for day, count in held.items()
        if (TODAY - day).days <= LONGEST for n in range(count)
    ]  # fmt: skip
    began = process_time()
    found = scan(calls, TODAY, Scan(neighbours=neighbours()), past=past)
    told = process_time() - began
    yield _seconds(f"the hour's scan of {len(calls)} calls of two weeks", told, 60.0)
    yield Figure(name="bursts seen where only the season is", value=len(found), unit="", peer=None,
                 goal="", holds=None)  # fmt: skip


def _seconds(name: str, spent: float, least: float) -> Figure:
    return Figure(name=name, value=round(spent, 2), unit="CPU-s", peer=None, goal=f"< {least:.0f}",
                  holds=spent < least)  # fmt: skip
