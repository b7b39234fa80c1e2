"""The same thing said twice, on labelled issues: at once, one by one, look-alikes apart."""

from collections.abc import Iterator
from pathlib import Path
from time import process_time

from benchmarks.figure import Figure
from benchmarks.hotline_ways import by, by_ways
from mindu.cli.hotline.files import messages
from mindu.cli.hotline.merge import at_once, joined, plainly, score
from mindu.engines.text.same import Stream


def same_figures(folder: Path) -> Iterator[Figure]:
    """Yield pairwise F1 of the labelled issues and the speed of both ways."""
    notes, gold = sorted(folder.glob("messages*.csv")), sorted(folder.glob("same_issue*.csv"))
    if not notes or not gold:
        return
    found = messages(notes[0])
    labelled = [one for path in gold for one in messages(path)]
    began = process_time()
    told = score(found, at_once(found), labelled)
    took = process_time() - began
    assert told is not None, "the labels are of these messages"
    yield Figure(name="same issue, F1 at once", value=told.f1, unit="", peer="0.948",
                 goal=">= 0.95", holds=told.f1 >= 0.95)  # fmt: skip
    least = 28 / 32
    share = told.kept_apart / max(1, told.hard_negatives)
    yield Figure(name=f"look-alikes kept apart, of {told.hard_negatives}", value=told.kept_apart,
                 unit="", peer="20 of 32", goal="28 of 32", holds=share >= least)  # fmt: skip
    yield Figure(name="same issue at once", value=round(len(found) / took, 1), unit="/CPU-s",
                 peer=None, goal="", holds=None)  # fmt: skip
    plain = plainly(found)
    for way in by_ways():
        with by(way):
            began = process_time()
            numbers = joined(plain, Stream())
            rate = len(found) / (process_time() - began)
        online = score(found, numbers, labelled)
        assert online is not None
        yield Figure(name="same issue one by one, share of the F1 at once", peer="0.93", unit="",
                     value=round(online.f1 / max(1e-9, told.f1), 4), goal=">= 0.83",
                     holds=online.f1 >= 0.83 * told.f1)  # fmt: skip
        yield Figure(name="same issue one by one, F1", value=online.f1, unit="", peer="0.789",
                     goal="", holds=None)  # fmt: skip
        yield Figure(name=f"same issue one by one, by {way}", value=round(rate, 1), unit="/CPU-s",
                     peer="250", goal=">= 500", holds=rate >= 500)  # fmt: skip
