"""In Chinese nothing that an app declares, counts or weighs is shown by its English name."""

import re
from datetime import UTC, datetime
from typing import get_type_hints

import pytest

from mindu.apps.hotline import APP as HOTLINE
from mindu.apps.water import APP as WATER
from mindu.apps.water.control.cost import Weights
from mindu.base.records import Evidence, Judgement, Severity, Words
from mindu.brain.app import App
from mindu.console.answers.manifest import FIELD
from mindu.console.tell import verdict
from mindu.console.words import COSTS, bare, term, terms

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("app", [WATER, HOTLINE], ids=lambda app: str(app.name))
def test_every_kind_and_property_has_a_chinese_word(app: App) -> None:
    names = {kind.__name__ for kind in app.entities}
    names |= {name for kind in app.entities for name in get_type_hints(kind)}
    assert sorted(name for name in names if not HAN.search(terms(name).zh)) == []


def test_every_figure_of_a_card_and_every_part_of_a_cost_has_one() -> None:
    assert [name for name, words in FIELD.items() if not HAN.search(words.zh)] == []
    assert max(len(words.zh) for words in FIELD.values()) < 10, "a heading is no sentence"
    weighed = {f"{name}_m3" for name in get_type_hints(Weights)}
    assert weighed - set(COSTS) == set()
    assert term("energy_m3", "zh") == "能耗,折合 m³"
    assert term("energy_m3", "en") == "energy, as m³ of flood"


def test_a_plain_number_has_no_unit() -> None:
    assert (bare("1"), bare("m")) == ("", "m")


def test_a_thing_that_is_not_heard_is_said_by_the_word_of_its_property() -> None:
    last = Evidence("FB5", "level", datetime(2026, 6, 1, tzinfo=UTC), 2.6)
    says = Words("FB5: no fresh level", "FB5:level 无新数据")
    blind = Judgement("blind", Severity.BLUE, says, confidence=0.0, evidence=(last,))
    assert verdict(blind) == Words("No fresh level", "水位无新数据")
    never = Judgement("blind", Severity.BLUE, says, confidence=0.0)
    assert verdict(never) == says
