"""The whole way of a message: mask, segment, classify, place, search a million cases."""

import random
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.figure import Figure
from benchmarks.hotline_people import people
from benchmarks.hotline_ways import by, by_ways
from mindu.cli.hotline.files import messages
from mindu.engines.text import Reader, TopicModel, fuzhou, mask, seeded, words
from mindu.engines.text.same import Rarity, Stock, told, vector
from mindu.engines.text.same.hashed import BUCKETS
from mindu.engines.text.same.stock import HEAVIEST
from mindu.engines.text.same.stream import LETTERS
from mindu.engines.text.topics.codes import samples

CASES = 1_000_000
MOST = 1_500  # messages measured


def whole_figures(folder: Path, model: TopicModel | None) -> Iterator[Figure]:
    """Yield the speed of the whole way and the precision and recall of masking."""
    texts = [
        (m.title, m.body) for path in sorted(folder.glob("messages*.csv")) for m in messages(path)
    ]
    texts = (texts or [("", text) for _, text in samples()] * 8)[:MOST]
    reader = Reader(model or seeded(made=""), fuzhou())
    rarity, stock = _stock(texts)
    for way in by_ways():
        with by(way):
            took = _took(texts, reader, rarity, stock)
        rate, late = len(took) / sum(took), float(np.quantile(took, 0.95)) * 1000
        yield Figure(name=f"whole way of a message, 1 M cases, by {way}", value=round(rate, 1),
                     unit="/CPU-s", peer=None, goal=">= 500", holds=rate >= 500)  # fmt: skip
        yield Figure(name=f"whole way of a message, p95, by {way}", value=round(late, 2),
                     unit="CPU-ms", peer=None, goal="< 50", holds=late < 50)  # fmt: skip
    yield from _masked()


def _took(
    texts: list[tuple[str, str]], reader: Reader, rarity: Rarity, stock: Stock
) -> list[float]:
    """Return the processor seconds of each message."""
    took = []
    for title, body in texts:
        began = process_time()
        read = reader.understand(body, title=title)
        head = read.text.split("\n", 1)[0]
        found = told(head, read.text, words(head), read.words, letters=LETTERS)
        stock.find(vector(found, rarity))
        took.append(process_time() - began)
    return took


def _stock(texts: list[tuple[str, str]]) -> tuple[Rarity, Stock]:
    """Return a million cases; each takes its terms from four messages of the file."""
    rarity = Rarity()
    families = [
        told(title, body, words(title), words(body), letters=LETTERS) for title, body in texts
    ]
    for family in families:
        rarity.learn(family)
    at = np.full((len(families), HEAVIEST), BUCKETS, np.int32)
    much = np.zeros((len(families), HEAVIEST), np.float16)
    for row, family in enumerate(families):
        seen = vector(family, rarity)
        at[row, : len(seen.at[:HEAVIEST])] = seen.at[:HEAVIEST]
        much[row, : len(seen.much[:HEAVIEST])] = seen.much[:HEAVIEST]
    rng = np.random.default_rng(1)
    source = rng.integers(0, len(families), (CASES, 4)).repeat(HEAVIEST // 4, axis=1)
    column = np.tile(np.arange(HEAVIEST), (CASES, 1))
    stock = Stock()
    cases = at[source, column]
    # A million letters use many more words than some thousand: nine in ten terms become others.
    strange = rng.random(cases.shape) < 0.9
    cases[strange] = rng.integers(0, BUCKETS, int(strange.sum()))
    stock.fill(cases, much[source, column])
    return rarity, stock


def _masked() -> Iterator[Figure]:
    rng = random.Random(1)
    kinds: dict[str, list[int]] = {}
    for _ in range(2_000):
        text, there = people(rng)
        said = {(span.kind, text[span.start : span.end]) for span in mask(text).found}
        for kind, _piece in there | said:
            kinds.setdefault(kind, [0, 0, 0])
        for kind, piece in said:
            kinds[kind][0] += 1
            kinds[kind][1] += (kind, piece) in there
        for kind, _piece in there:
            kinds[kind][2] += 1
    for kind, (claimed, hits, real) in sorted(kinds.items()):
        for name, of in (("precision", claimed), ("recall", real)):
            yield Figure(name=f"masking {kind}, {name}", value=round(hits / max(1, of), 4), unit="",
                         peer=None, goal="", holds=None)  # fmt: skip
