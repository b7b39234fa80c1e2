"""Every app, held against every rule of the tier it claims: nobody lists the apps here."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import bronze
import gold
import pytest
import silver
from looks import manifest, named

import mindu.apps as mindu_apps
from mindu.brain.app import App
from mindu.brain.brain import tier_of
from mindu.brain.manifest import Tier
from mindu.cli.verbs import run as mindu
from mindu.sim.day import apps

Rule = Callable[[App], None]
TIERS: tuple[Tier, ...] = ("bronze", "silver", "gold")
RULES: dict[Tier, tuple[Rule, ...]] = {
    "bronze": (
        bronze.its_manifest_is_about_its_folder_and_speaks_both_languages,
        bronze.its_rooms_have_the_names_of_the_house,
        bronze.its_world_and_what_stands_there_are_declared,
        bronze.every_number_has_a_unit,
        bronze.every_verb_kind_and_loop_explains_itself,
        bronze.every_param_is_dated_sourced_and_in_range,
        bronze.every_loop_needs_something_fresh,
        bronze.every_loop_reads_only_what_it_declares,
        bronze.every_screen_lets_through_whatever_would_be_judged,
        bronze.every_word_it_says_is_in_both_languages,
    ),
    "silver": (
        silver.everything_holds_under_faults_at_forty_seeds,
        silver.nothing_of_it_fails_on_a_calm_day,
        silver.everything_holds_under_faults_with_its_own_engine,
        silver.every_action_promises,
        silver.it_judges_acts_and_is_measured,
        silver.it_beats_doing_nothing_by_its_declared_margin,
    ),
    "gold": (
        gold.every_action_can_be_taken_back_or_is_capped,
        gold.its_runbook_names_the_off_switch,
        gold.its_why_fits_in_five_lines,
        gold.learning_never_lowers_the_kept_share,
        gold.a_replay_of_what_was_heard_judges_and_does_the_same,
    ),
}


@cache
def found() -> tuple[App, ...]:
    return tuple(apps(mindu_apps.__name__))


def earned(tier: Tier) -> list[Rule]:
    """Return the rules of a tier and of those below it."""
    return [rule for name in TIERS[: TIERS.index(tier) + 1] for rule in RULES[name]]


def kept(app: App) -> list[Rule]:
    """Return the rules that an app keeps: of its tier, and of the one that it aims at."""
    return earned(manifest(app).aims or tier_of(app))


CASES = [(app, rule) for app in found() for rule in kept(app)]


@pytest.mark.parametrize(
    ("app", "rule"), CASES, ids=[f"{app.name}-{rule.__name__}" for app, rule in CASES]
)
def test_an_app_keeps_the_rules_of_its_tier(app: App, rule: Rule) -> None:
    excused = manifest(app).exempt
    if rule.__name__ in excused:
        with pytest.raises(AssertionError):
            rule(app)  # an exemption that excuses nothing is taken off app.toml
        assert excused[rule.__name__], "an exemption gives its reason"
    else:
        rule(app)


def test_every_rule_of_every_tier_is_kept_by_somebody_and_aiming_gives_no_power() -> None:
    assert {rule for rules in RULES.values() for rule in rules} == {rule for _, rule in CASES}
    for app in found():
        assert TIERS.index(manifest(app).aims or "gold") >= TIERS.index(tier_of(app))


def test_an_app_without_a_runbook_is_not_gold() -> None:
    with pytest.raises(AssertionError, match=r"there is no docs.runbooks.nowhere.md"):
        gold.its_runbook_names_the_off_switch(replace(found()[0], name="nowhere"))


def test_every_folder_of_apps_is_an_app() -> None:
    folder = Path(mindu_apps.__path__[0])
    homes = {path.parent.name for path in folder.glob("*/app.toml")}
    assert homes == {app.name for app in found()}
    assert all(app.tier is None for app in found()), "the tier of an app stands in its app.toml"


def test_a_loop_that_reads_what_it_did_not_declare_is_found() -> None:
    app = found()[0]
    loop = app.loops[0]
    greedy = replace(loop, needs={}, also=())
    with pytest.raises(AssertionError, match=r"could never be blind"):
        bronze.every_loop_needs_something_fresh(replace(app, loops=(greedy,)))
    with pytest.raises(AssertionError, match=r"does not need|name them"):
        bronze.every_loop_reads_only_what_it_declares(replace(app, loops=(greedy,)))


def test_a_new_app_passes_bronze_from_its_first_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "apps"
    folder.mkdir()
    asked = ["new", "app", "parks", "--into", str(folder), "--tests", str(tmp_path), "--json"]
    assert mindu(asked) == 0
    monkeypatch.setattr("mindu.apps.__path__", [*mindu_apps.__path__, str(folder)])
    try:
        app = named("parks")
        assert tier_of(app) == "bronze"
        for rule in earned("bronze"):
            rule(app)
        assert [loop.event is not None for loop in app.loops] == [True]
    finally:
        for name in [name for name in sys.modules if name.startswith("mindu.apps.parks")]:
            del sys.modules[name]
