"""The book of datasets: search in two languages, versions, differences, what is owed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listing import PUMPS, dataset
from servers import on_server

from mindu.base.records import Words
from mindu.brain.stewards.datasets import datasets
from mindu.cli.apps import found as apps
from mindu.data.catalog.book import COMMON, Catalogue
from mindu.data.catalog.changes import changes
from mindu.data.catalog.dataset import Grade
from mindu.data.catalog.duties import DAY, duties
from mindu.data.collect.declare import Column, Csv, Source
from mindu.data.collect.listed import listed


def names(book: Catalogue, words: str) -> list[str]:
    return [one.name for one in book.search(words).datasets]


@pytest.fixture(params=["file", "server"])
def empty(request: pytest.FixtureRequest) -> Iterator[Catalogue]:
    """Give a new book in memory, and then one on a real PostgreSQL."""
    if request.param == "file":
        yield Catalogue(None)
        return
    with on_server() as where, closing(Catalogue(where)) as made:
        yield made


@pytest.fixture
def book(empty: Catalogue) -> Catalogue:
    made = empty
    calls = dataset("calls", "热线诉求", owner="12345热线中心", about=Words("", "市民来电"))
    made.put([dataset(), calls, dataset("lakes", "湖泊水位")], now=1, by="test")
    return made


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("水泵站", []), ("月报", ["pumps"]), ("站月", ["pumps"]), ("泵月", []), ("湖", ["lakes"]),
        ("热线 来电", ["calls"]), ("热线 湖泊", []), ("PUMPS Mon", ["pumps"]), ("", []),
        ("抽排", ["pumps", "calls", "lakes"]), ("１２３４５", ["calls"]), ("？！", []),
        ('") OR 1=1 --', []),
    ],
)  # fmt: skip
def test_datasets_are_found_in_chinese_and_english(
    book: Catalogue, words: str, found: list[str]
) -> None:
    assert sorted(names(book, words)) == sorted(found)


def test_a_title_weighs_more_than_a_field(book: Catalogue) -> None:
    book.put([dataset("volumes", "抽排水量台账")], now=2, by="test")
    assert names(book, "抽排水量")[0] == "volumes"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("光明港水位站泵a1 "), min_size=1, max_size=12), st.data())
def test_any_piece_of_a_title_finds_it(title: str, data: st.DataObject) -> None:
    book = Catalogue(None)
    book.put([dataset("one", title)], now=1, by="test")
    start = data.draw(st.integers(0, len(title) - 1))
    piece = title[start : start + data.draw(st.integers(1, 4))]
    han = "".join(sign if ord(sign) > 255 else " " for sign in piece)
    if han.strip():
        assert names(book, han) == ["one"]


def test_what_did_not_change_makes_no_version(book: Catalogue) -> None:
    assert book.put([dataset()], now=2, by="test") == []
    graver = dataset(grade=Grade.SENSITIVE, fields=PUMPS[:1])
    assert book.put([graver], now=3, by="li") == ["pumps"]
    assert book.settle("source:pumps", [], now=4, by="li") == ["calls", "lakes", "pumps"]
    told = book.versions("pumps")
    assert [(v.number, v.at, v.by, v.dataset is None) for v in told] == [
        (1, 1, "test", False), (2, 3, "li", False), (3, 4, "li", True),
    ]  # fmt: skip
    assert [tuple(c) for c in changes(told[0].dataset, told[1].dataset)] == [
        ("fields.volume", {"type": "number", "meaning": {"en": "water pumped", "zh": "抽排水量"},
                           "unit": "m3", "grade": 1, "kind": "", "sealed": False}, None),
        ("grade", 2, 3),
    ]  # fmt: skip
    assert len(book) == 0
    assert names(book, "月报") == []
    book.put([dataset()], now=5, by="li")
    assert [v.number for v in book.versions("pumps")] == [1, 2, 3, 4]


def test_a_word_that_all_have_is_answered_all_the_same() -> None:
    book = Catalogue(None)
    book.put([dataset(f"d{i}") for i in range(COMMON + 10)], now=1, by="test")
    found = book.search("泵站", 7)
    assert (len(found.datasets), found.more) == (7, True)


def test_the_book_outlives_its_process(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path\n"
        "from listing import dataset; from mindu.data.catalog.book import Catalogue\n"
        "book = Catalogue(Path(sys.argv[1])); book.put([dataset()], now=1, by='t')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = tmp_path / "catalogue.db"
    here = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-c", code, str(path), here], check=False)
    book = Catalogue(path)
    assert names(book, "泵站") == ["pumps"]
    book.close()


def test_every_app_and_source_is_listed_without_more_work() -> None:
    told = [one for app, said in apps() for one in datasets(app, said)]
    kinds = sum(len(app.entities) + len(app.cases) for app, _ in apps())
    assert len({one.name for one in told}) == kinds > 10
    assert all(one.title.zh and one.title.en and one.owner for one in told)
    column = Column(name="level", heading="水位", of="number", unit="m")
    source = Source(name="gauges", read=Csv(path="x"), columns=(column,), every="1d", zh="水位站")
    one = listed(source)
    assert (one.cycle, one.title.zh, one.fields[0].meaning.zh) == ("daily", "水位站", "水位")


def test_duties_show_who_is_late() -> None:
    told = [dataset(name, cycle=cycle) for name, cycle in (
        ("day", "daily"), ("late", "daily"), ("lost", "weekly"), ("once", "once"), ("due", "daily"),
    )]  # fmt: skip
    now = 100 * DAY
    delivered = {"day": now - DAY // 2, "late": now - 2 * DAY, "due": now - DAY - DAY // 10}
    found = [(duty.dataset, duty.colour) for duty in duties(told, delivered, now)]
    assert found == [("lost", "red"), ("late", "red"), ("due", "yellow"), ("day", "green"),
                     ("once", "none")]  # fmt: skip


def test_a_book_is_taken_over_whole_and_only_into_an_empty_one(book: Catalogue) -> None:
    book.put([dataset("lakes", "湖泊水位与面积")], now=2, by="test")
    book.settle("test", [], now=3, by="test")
    with on_server() as where, closing(Catalogue(where)) as new:
        count = new.take_over(book)
        assert new.rows() == book.rows()
        assert count == len(book.rows()[1]) >= 4
        assert new.take_over(book) == count, "what was taken over already is well"
        for words in ("抽排", "湖泊 面积", "PUMPS Mon"):
            assert sorted(names(new, words)) == sorted(names(book, words))
        back = Catalogue(None)
        assert back.take_over(new) == count
        assert back.rows() == book.rows()
        back.put([dataset("more")], now=4, by="test")
        with pytest.raises(ValueError, match="only into none"):
            back.take_over(new)
