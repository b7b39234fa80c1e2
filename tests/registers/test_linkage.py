"""Who is who: cleaned, compared, joined, and held apart where no number may join."""

from collections import Counter
from itertools import combinations
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pytest

from mindu.brain.stewards.resolve import FLOOR, MODELS, SEED, pairs, rows, sure, tidied
from mindu.data.registers.declare import FIVE, Register
from mindu.data.registers.feed import table_of
from mindu.engines.linkage import clean
from mindu.engines.linkage.join import Pair, Verdicts, joined
from mindu.engines.linkage.model import Model
from mindu.engines.linkage.said import CLASH, ZH, why
from mindu.engines.linkage.scale import ENOUGH, learned
from mindu.engines.linkage.scale import linked as splinked
from mindu.engines.linkage.score import met, often, prepared
from mindu.engines.linkage.score import scored as weighed
from mindu.engines.linkage.score import weighed as weighed_by
from mindu.sim.dirty import firms, people
from mindu.sim.dirty.people import Row


class Linked(NamedTuple):
    """Records, the pairs that may be of one subject, and what tells subjects apart."""

    ids: list[str]
    pairs: list[Pair]
    sure: dict[str, frozenset[str]]


def linked(register: Register, records: pa.Table) -> Linked:
    """Hold all records against each other, as a whole build does."""
    tidy, sound = tidied(register, records)
    ids, model = tidy["record"].to_pylist(), MODELS[register.name]
    told = weighed(model, prepared(model, rows(register, tidy), ids), floor=FLOOR, seed=SEED)
    return Linked(ids, pairs(told), sure(ids, tidy, sound))


class Score(NamedTuple):
    """Precision and recall of the pairs that were joined."""

    precision: float
    recall: float


def scored(register: str, lists: dict[str, list[Row]]) -> Score:
    lines = [(f"{office}{row['row']}", row) for office, told in lists.items() for row in told]
    told: dict[str, list[object]] = {"record": [name for name, _ in lines]}
    told |= {t.name: [row.get(t.name) or None for _, row in lines] for t in FIVE[register].traits}
    records = table_of(FIVE[register], told, len(lines))
    found = linked(FIVE[register], records)
    group = joined(found.ids, found.pairs, found.sure).group
    truth = {name: row["truth"] for name, row in lines}
    right = Counter((group[one], truth[one]) for one in found.ids)
    counts = [sum(n * (n - 1) // 2 for n in count.values()) for count in (
        right, Counter(group.values()), Counter(truth.values())
    )]  # fmt: skip
    return Score(counts[0] / counts[1], counts[0] / counts[2])


def test_persons_of_four_offices_are_told_apart_and_together() -> None:
    told = scored("person", people.people(400, seed=3))
    assert told.precision >= 0.99
    assert told.recall >= 0.93


def test_firms_of_three_offices_are_told_apart_and_together() -> None:
    told = scored("enterprise", firms.firms(400, seed=3))
    assert told.precision >= 0.99
    assert told.recall >= 0.92


@pytest.mark.parametrize(
    ("kind", "told", "column", "clean_"),
    [
        ("id", "350102900307002", "id", "350102199003070020"),
        ("id", " 350102199003070020 ", "id_sure", "350102199003070020"),
        ("id", "350102199003070021", "id_sure", None), ("id", "无", "id", None),
        ("phone", "+86 138-0000-0001", "phone", "13800000001"), ("phone", "12", "phone", None),
        ("name", "陈 英·燕", "name", "陈英燕"), ("name", "陈瑛艳", "name_sound", "chen ying yan"),
        ("firm", "福州市闽榕物流有限责任公司", "heart", "闽榕物流"),
        ("firm", "福建闽榕物流有限公司鼓楼分公司", "branch", "鼓楼"),
        ("address", "福建省福州市鼓楼区五四路1号2栋301室", "home", "五四路1-2-301"),
        ("address", "鼓楼区五四路1-2-301", "home", "五四路1-2-301"), ("address", "", "home", None),
        ("day", "1990年3月7日", "day", "1990-03-07"), ("day", "昨天", "day", None),
        ("number", "119.3", "number", "119.3"), ("number", "坏", "number", None),
    ],
)  # fmt: skip
def test_what_clerks_write_becomes_comparable(
    kind: str, told: str, column: str, clean_: str | None
) -> None:
    assert clean.CLEANERS[kind](told).get(column) == clean_


FIRM = "福州闽榕物流有限公司"
PAIRS = [Pair("a", "b", 0.999), Pair("b", "c", 0.995), Pair("c", "d", 0.7), Pair("d", "e", 0.1)]


def groups(told: dict[str, str]) -> set[str]:
    found: dict[str, str] = {}
    for one, root in told.items():
        found[root] = found.get(root, "") + one
    return set(found.values())


def test_certain_joins_likely_waits_and_all_else_is_apart() -> None:
    told = joined("abcde", PAIRS, {})
    assert (groups(told.group), told.review) == ({"abc", "d", "e"}, [PAIRS[2]])


def test_two_sound_codes_are_never_of_one_subject_however_long_the_chain() -> None:
    sure = {"a": frozenset({"id=1"}), "c": frozenset({"id=2"})}
    told = joined("abcde", PAIRS, sure)
    assert groups(told.group) == {"ab", "c", "d", "e"}
    assert [(one.a, one.b) for one in told.review] == [("b", "c"), ("c", "d")]


def test_what_a_person_decided_goes_before_any_number() -> None:
    apart = Verdicts(apart=frozenset({("a", "b")}), same=frozenset({("d", "e")}))
    told = joined("abcde", PAIRS, {}, apart)
    assert groups(told.group) == {"a", "bc", "de"}
    both = Verdicts(apart=frozenset({("a", "c")}))
    assert groups(joined("abcde", PAIRS, {}, both).group) == {"ab", "c", "d", "e"}
    assert all((p.a, p.b) != ("b", "c") for p in joined("abcde", PAIRS, {}, both).review)
    gone = Verdicts(same=frozenset({("a", "zz")}))
    assert groups(joined("abcde", PAIRS, {}, gone).group) == {"abc", "d", "e"}


@pytest.mark.parametrize("model", list(MODELS.values()), ids=lambda model: model.name)
def test_every_likeness_has_words_in_both_languages(model: Model) -> None:
    for place, told in enumerate(model.compared):
        for level in range(-1, len(told.levels) + 1):
            likeness = [-1] * len(model.compared)
            likeness[place] = level
            assert all(one in ZH for one in why(model, likeness))
    assert CLASH in ZH
    for a, b in combinations([name for name, _, _ in model.fields], 2):
        assert a != b


@pytest.mark.parametrize("register", ["credit", "licence", "place"])
def test_papers_and_places_are_joined_by_what_names_them(register: str) -> None:
    same: dict[str, dict[str, str]] = {
        "credit": {"number": "罚[2026]1号", "holder": FIRM, "day": "2026-01-05"},
        "licence": {"number": "JY135010200001", "holder": FIRM, "day": "2025-05-01"},
        "place": {"name": FIRM, "address": "古田路1号", "lon": "119.3", "lat": "26.09"},
    }  # fmt: skip
    one = same[register]
    other = (
        {**one, "holder": "闽榕物流有限责任公司"}
        if register != "place"
        else {**one, "lon": "119.3001"}
    )
    apart = {**one, "number": "9999", "day": "2020-01-01", "holder": "福建海天餐饮管理有限公司"}
    if register == "place":
        apart = {"name": "鼓山公园", "address": "晋安区福新路8号", "lon": "119.38", "lat": "26.05"}
    three = [one, other, apart]
    told: dict[str, list[object]] = {"record": ["a", "b", "c"]}
    told |= {t.name: [row.get(t.name) for row in three] for t in FIVE[register].traits}
    found = linked(FIVE[register], table_of(FIVE[register], told, 3))
    assert groups(joined(found.ids, found.pairs, found.sure).group) == {"ab", "c"}


def test_a_pair_weighs_what_splink_says_it_weighs() -> None:
    """Shares are learned by Splink; the few pairs that are weighed here weigh the same as by it."""
    told = people.people(900, seed=5)
    lines = [(f"{office}{row['row']}", row) for office, those in told.items() for row in those]
    model = MODELS["person"]
    fields = {f: [row.get(f) or None for _, row in lines] for f, _, _ in model.fields}
    table = prepared(model, fields, [name for name, _ in lines])
    scale = learned(model, table, len(lines), seed=SEED)
    known = often(model, table, scale)
    ours = weighed_by(model, scale.scale, known, known, met(model, table), floor=FLOOR)
    mine = dict(zip(zip(ours["a"].to_pylist(), ours["b"].to_pylist(), strict=True),
                    ours["weight"].to_pylist(), strict=True))  # fmt: skip
    chance = min(0.5, 2 * model.each / len(lines))
    with duckdb.connect() as db:
        linker = splinked(model, table, chance, db, scale.scale.shares)
        found = linker.inference.predict(FLOOR, warning_mode="never")
        rows = db.sql(
            "SELECT least(unique_id_l, unique_id_r), greatest(unique_id_l, unique_id_r), "  # noqa: S608
            f"match_weight FROM {found.physical_name}"
        ).fetchall()
    assert len(lines) >= ENOUGH, "shares are learned, not declared"
    assert mine == pytest.approx({(a, b): weight for a, b, weight in rows}, abs=1e-9)
