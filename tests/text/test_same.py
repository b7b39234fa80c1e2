"""What was said twice is told once; what only looks the same is kept apart."""

import random

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from typing_extensions import override

from mindu.engines.text import words
from mindu.engines.text.same import Note, Rarity, Stock, Stream, average_link, issues, told, vector
from mindu.engines.text.same.hashed import BUCKETS
from mindu.engines.text.same.stock import HEAVIEST
from mindu.engines.text.topics.codes import samples

PLACES = ["五四路", "金山大道", "桂湖新城", "榕江花园", "福飞路", "盖山镇", "左海公园", "学军路"]
MATTERS = [
    "搅拌站半夜施工噪音很大,粉尘飘进家里",
    "路面积水到膝盖,车辆熄火无法通行",
    "路灯全部不亮,夜里走路害怕",
    "流动摊贩占道经营,人行道走不过去",
    "公交车班次太少,等四十分钟不来",
    "水管爆裂停水两天,老人没法做饭",
    "大狗不拴绳咬伤小孩,没有人管",
    "垃圾一个星期没有清运,臭气熏天",
]
FORMULAIC = 0.35  # short notes of one mould are more alike than letters are
OPENINGS = ["请问", "反映", "投诉", "希望尽快处理", "再次来电", "已经多次说过"]


def city(rng: random.Random, *, told_by: int) -> list[tuple[tuple[str, str], Note]]:
    """Return messages on every place and matter: one place has many matters, others have others."""
    notes = []
    for place in PLACES:
        for matter in rng.sample(MATTERS, 3):
            for number in range(told_by):
                opening = rng.choice(OPENINGS)
                parts = matter.split(",")
                rng.shuffle(parts)
                body = f"{opening}{place}附近{','.join(parts)},{rng.choice(OPENINGS)}。"
                name = f"{place}{matter}{number}"
                notes.append(
                    (
                        (place, matter),
                        Note(name=name, title=f"{place}{parts[0]}", body=body, places=(place,)),
                    )
                )
    for number, (code, text) in enumerate(samples()):
        notes.append((("", f"{code}{number}"), Note(name=f"s{number}", body=text)))
    rng.shuffle(notes)
    return notes


def pairs(labels: list[int], right: list[tuple[str, str]]) -> tuple[float, float]:
    """Return precision and recall of pairs."""
    both = said = there = 0
    for at in range(len(right)):
        for other in range(at):
            same, real = labels[at] == labels[other], right[at] == right[other]
            both += same and real
            said += same
            there += real
    return both / max(1, said), both / max(1, there)


@pytest.mark.parametrize("count", [5, 40, 120])
def test_average_linkage_is_the_textbooks(count: int) -> None:
    rng = np.random.default_rng(count)
    alike = rng.random((count, count)) * rng.random((count, count))
    alike = (alike + alike.T) / 2
    np.fill_diagonal(alike, 1.0)
    edges = [(i, j, float(alike[i, j])) for i in range(count) for j in range(i + 1, count)]
    ours = average_link(count, edges, cut=0.35)
    theirs = fcluster(linkage(squareform(1 - alike, checks=False), "average"), 0.65, "distance")
    groups = {frozenset(np.flatnonzero(np.array(ours) == label)) for label in set(ours)}
    assert groups == {frozenset(np.flatnonzero(theirs == label)) for label in set(theirs)}


def test_a_pair_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="given twice"):
        average_link(3, [(0, 1, 0.5), (1, 0, 0.5)], cut=0.1)


def test_issues_are_found_and_another_matter_at_the_same_place_stays_apart() -> None:
    notes = city(random.Random(3), told_by=5)
    precision, recall = pairs(
        issues([note for _, note in notes], cut=FORMULAIC), [right for right, _ in notes]
    )
    assert precision >= 0.85
    assert recall >= 0.8


def test_nothing_and_one_message_are_no_trouble() -> None:
    assert issues([]) == []
    assert issues([Note(name="1", body="路灯不亮")]) == [0]
    assert len(set(issues([Note(name="1"), Note(name="2")]))) == 2, "empty messages are not alike"


def test_a_message_joins_its_issue_as_it_comes() -> None:
    notes = city(random.Random(4), told_by=5)
    stream, numbers, into = Stream(cut=FORMULAIC), [], {}
    for day, (_, note) in enumerate(notes):
        joined = stream.add(day / 10, title=note.title, body=note.body, places=note.places)
        numbers.append(joined.issue)
        if joined.absorbed is not None:
            into[joined.absorbed] = joined.issue
    for _ in into:
        numbers = [into.get(number, number) for number in numbers]
    precision, recall = pairs(numbers, [right for right, _ in notes])
    assert precision >= 0.75
    assert recall >= 0.6


class Plain(Stream):
    """A stream that reads every issue which shares a term."""

    @override
    def _sums(self, terms: dict[int, float]) -> dict[int, float]:
        sums: dict[int, float] = {}
        for term, weight in terms.items():
            for number, much in self._holders.get(term, {}).items():
                sums[number] = sums.get(number, 0.0) + weight * much
        return sums


def test_a_stream_that_passes_over_common_words_joins_as_one_that_reads_all() -> None:
    short, plain = Stream(), Plain()
    for day, (_, note) in enumerate(city(random.Random(6), told_by=6)):
        one, other = (
            stream.add(day / 10, title=note.title, body=note.body) for stream in (short, plain)
        )
        assert (one.issue, one.new, one.absorbed) == (other.issue, other.new, other.absorbed)
    assert 20 < len(short) < 250, "some joined, some did not"


def test_an_issue_that_was_silent_for_half_a_year_is_closed() -> None:
    stream = Stream()
    first = stream.add(0.0, title="五四路路灯不亮", body="五四路路灯全部不亮")
    soon = stream.add(3.0, title="五四路路灯不亮", body="五四路路灯全部不亮")
    late = stream.add(300.0, title="五四路路灯不亮", body="五四路路灯全部不亮")
    assert soon.issue == first.issue
    assert late.new


def test_the_stock_finds_the_case_that_a_message_repeats() -> None:
    notes = [note for _, note in city(random.Random(5), told_by=2)]
    rarity = Rarity()
    families = [told(n.title, n.body, words(n.title), words(n.body)) for n in notes]
    for family in families:
        rarity.learn(family)
    stock = Stock()
    rng = np.random.default_rng(1)
    others = rng.integers(0, BUCKETS, (5_000, HEAVIEST)).astype(np.int32)
    stock.fill(others, np.full(others.shape, 0.2, np.float16))
    added = [stock.add(vector(family, rarity)) for family in families]
    for case, family in zip(added, families, strict=True):
        assert stock.find(vector(family, rarity))[0].case == case, "found while it is new"
    stock.settle()
    for case, family in zip(added, families, strict=True):
        assert case in {one.case for one in stock.find(vector(family, rarity), most=3)}
    assert len(stock) == 5_000 + len(added)
