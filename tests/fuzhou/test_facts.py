"""Every figure of the schematic city has a source or a range, and the papers say so."""

from collections import Counter
from pathlib import Path

import pytest

from mindu.apps.water.fuzhou import facts
from mindu.apps.water.fuzhou.lay import apart, channels, spots
from mindu.apps.water.fuzhou.told import marks
from mindu.apps.water.storms import tide
from mindu.apps.water.storms.catalogue import book
from mindu.apps.water.storms.figure import Figure

PAPER = Path(__file__).parents[2] / "docs" / "data.md"


def test_every_figure_has_a_source_or_a_range_that_holds_it() -> None:
    city = facts.city()
    for name, figure in facts.figures(city):
        low, high = figure.within
        assert low <= figure.value <= high, f"{name}: {figure.value} is outside {low} to {high}"
        assert not figure.source or figure.source in city.sources, f"{name}: {figure.source}"


def test_no_source_is_named_that_nothing_rests_on() -> None:
    city = facts.city()
    used = {figure.source for _, figure in facts.figures(city)}
    names_only = {"fz-2017", "fz-2014", "hxw-2020", "fz-2020", "zsfz-2025"}  # names, not numbers
    assert set(city.sources) - names_only <= used


def test_figures_of_storms_and_tide_have_sources_too() -> None:
    told = book()
    storms = [f for s in told.storm for f in (s.peak_min, s.surge_m, s.river_m, s.years) if f]
    falls = [fall for s in told.storm for fall in s.gauges.values()]
    storms += [f for fall in falls for f in (*(fall.most_mm or ()), fall.share) if f]
    for figure in storms:
        _held(figure, told.sources)
    sea = tide.told()
    mouth = sea.mouth
    for figure in (mouth.xiamen_km, mouth.kanmen_km, mouth.range_m, mouth.scale):
        _held(figure, sea.sources)
    for site in sea.sites.values():
        for figure in (site.mean_m, site.share, site.lag_min, site.shallow, site.river):
            _held(figure, sea.sources)


def _held(figure: Figure, sources: dict[str, str]) -> None:
    low, high = figure.within
    assert low <= figure.value <= high
    assert not figure.source or figure.source in sources


def test_the_paper_names_every_source() -> None:
    paper = PAPER.read_text(encoding="utf-8")
    for sources in (facts.city().sources, book().sources, tide.told().sources):
        for key in sources:
            assert f"`{key}`" in paper, f"docs/data.md does not speak of {key}"


def test_the_city_is_as_large_as_it_was_meant_to_be() -> None:
    city = facts.city()
    tidal = [gate for gate in city.gate if gate.tide]
    assert len(city.river) >= 4
    assert len(city.lake) >= 6
    assert len(tidal) >= 8
    assert sum(pump.units for pump in city.pump) >= 6


def test_volumes_of_lakes_that_were_published_stand() -> None:
    lakes = {lake.id: lake for lake in facts.city().lake}
    published = {"QT": 1.11e6, "JD": 2.91e5, "YJ": 4.9e4, "JT": 1.4e5, "JH": 1.51e6}
    for name, volume in published.items():
        assert lakes[name].volume_m3.value == volume
        assert lakes[name].volume_m3.source


def test_names_are_given_once_and_in_both_languages() -> None:
    city = facts.city()
    parts = (*city.river, *city.lake, *city.gate, *city.pump, *city.rain)
    twice = [name for name, count in Counter(p.id for p in parts).items() if count > 1]
    assert not twice
    assert all(p.zh and p.en and p.owner for p in parts)


def test_rivers_run_downhill_and_no_channel_is_too_short_for_the_routing_step() -> None:
    city = facts.city()
    for river in city.river:
        beds = [spot.bed for spot in spots(river)]
        assert beds == sorted(beds, reverse=True), f"{river.zh} runs uphill"
    assert min(c.length for c in channels(city)) >= 200.0


def test_every_place_lies_in_the_basin_of_the_city() -> None:
    city = facts.city()
    stands = [spot.at for river in city.river for spot in spots(river)]
    stands += [lake.at for lake in city.lake]
    centre = (119.31, 26.08)  # degrees WGS-84
    assert max(apart(at, centre) for at in stands) < 15_000.0


def test_marks_name_only_what_stands_and_flush_gates_have_levels() -> None:
    told = marks("fuzhou")
    flush = {name: m for name, m in told.machine.items() if m.flush}
    assert {"G_KQ", "G_BD", "G_WS"} <= set(flush)
    for machine in flush.values():
        assert machine.flush_low is not None
        assert machine.flush_high is not None
        assert machine.flush_low < machine.flush_high


def test_an_unknown_city_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match="fuzhou, fuzhou-small"):
        facts.city("atlantis")
