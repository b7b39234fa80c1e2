"""What kernels say of a message is what the ordinary way says, bit for bit, whatever is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.engines.text import Reader, fuzhou, seeded, words
from mindu.engines.text.quick.begin import away, put, warm
from mindu.engines.text.quick.beside import begin
from mindu.engines.text.same import Rarity, Stock, Vector, stock, told, vector
from mindu.engines.text.same.stock import HEAVIEST
from mindu.engines.text.topics.codes import formal, samples
from mindu.engines.text.topics.panel import Panel
from mindu.engines.text.topics.terms import Terms, learn_terms

T = TypeVar("T")
LETTERS = st.text(st.sampled_from("路灯不亮五四坏了a1,。 \U0001f6a7\U00020000\ud800"), max_size=60)
WORDS = st.lists(st.sampled_from(["路灯", "不亮", "五四路", "的", "我们", "坏", "a"]), max_size=30)


@contextmanager
def kernels() -> Iterator[None]:
    put()
    try:
        yield
    finally:
        away()


def both(work: Callable[[], T]) -> tuple[T, T]:
    """Return what the ordinary way says, and what kernels say."""
    plain = work()
    with kernels():
        return plain, work()


@settings(max_examples=300, deadline=None)
@given(LETTERS, LETTERS, WORDS, WORDS)
def test_a_message_falls_into_the_same_buckets(
    title: str, body: str, head: list[str], said: list[str]
) -> None:
    plain, quick = both(lambda: told(title, body, head, said, letters=40))
    assert (plain.at.tolist(), plain.count.tolist()) == (quick.at.tolist(), quick.count.tolist())
    assert plain.ends == quick.ends
    assert (plain.at.dtype, plain.count.dtype) == (quick.at.dtype, quick.count.dtype)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5), WORDS)
def test_a_message_has_the_same_terms(history: list[list[str]], said: list[str]) -> None:
    known = learn_terms(history, rare=1)
    (at, much), (quick_at, quick_much) = both(lambda: known.weigh([*said, "\U00020000"]))
    assert at.tolist() == quick_at.tolist()
    assert much.tobytes() == quick_much.tobytes()


def test_a_model_without_pairs_counts_none_either_way() -> None:
    known = Terms(["路灯"], [], np.ones(1, np.float32))
    plain, quick = both(lambda: known.count(["路灯", "路灯"]))
    assert plain.counts.tolist() == quick.counts.tolist() == [2]
    assert len(plain.pairs) == len(quick.pairs) == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 30, 400]), st.sampled_from([1, 5, 50]))
def test_the_same_cases_are_alike_by_as_much(seed: int, terms: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    at = rng.integers(0, terms, (rng.integers(0, 300), HEAVIEST)).astype(np.int32)
    much = rng.choice(np.array([0.1, 0.25, 1.0, 6e-8, 0.0], np.float16), at.shape)
    held = Stock.of(at, much)
    held.add(Vector(np.array([1, 0]), np.array([0.5, 0.5], np.float32)))
    size = int(rng.integers(0, terms))
    weights = rng.choice(np.array([0.125, 0.3], np.float32), size)
    asked = Vector(rng.choice(terms, size, replace=False), weights)
    plain, quick = both(lambda: held.find(asked, most=most))
    assert plain == quick


def test_every_sample_is_read_and_found_as_before() -> None:
    reader, rarity, held = Reader(seeded(made=""), fuzhou()), Rarity(), Stock()

    def all_of_it() -> list[object]:
        found: list[object] = []
        for text in texts:
            read = reader.understand(text, title=text[:12])
            head = read.text.split("\n", 1)[0]
            seen = vector(told(head, read.text, words(head), read.words, letters=300), rarity)
            found += [read, seen.at.tolist(), seen.much.tolist(), held.find(seen)]
        return found

    texts = [text for _, text in [*samples(), *formal()]][:150]
    for text in texts:
        family = told("", text, (), words(text))
        rarity.learn(family)
        held.add(vector(family, rarity))
    held.settle()
    plain, quick = both(all_of_it)
    assert plain == quick


def test_a_panel_hears_one_message_as_it_hears_many() -> None:
    rng = np.random.default_rng(5)
    for panel in (Panel(), Panel(bags=10, views=1), Panel(bags=3, views=0)):
        columns = 7 * (panel.whole + panel.views)
        scores = rng.normal(size=(40, columns)).astype(np.float32)
        lengths = rng.integers(0, 90, 40)
        said, more = panel.read(scores, 7, lengths.astype(np.float32))
        for row, length in enumerate(lengths.tolist()):
            one, rest = panel.one(scores[row], 7, length)
            assert one.tobytes() == said[row].tobytes()
            assert rest.tobytes() == more[row].tobytes()


def test_a_line_begins_the_quick_way_beside_what_it_does() -> None:
    troubles: list[str] = []
    thread = begin(troubles.append, 0)
    assert thread is not None, "numba is among what `make test` installs"
    try:
        thread.join()
        assert not troubles
        assert stock.QUICK.held is not None
    finally:
        away()


def test_warming_leaves_the_ordinary_way_in_place() -> None:
    warm()
    assert stock.QUICK.held is None
