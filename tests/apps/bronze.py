"""Bronze: it runs. Valid, explained, with units, dates, sources and both languages."""

import inspect
from datetime import date
from importlib.resources import files
from typing import get_type_hints

from looks import manifest, seen, verbs

from mindu.base.records import Action, Judgement, Lesson, Words
from mindu.brain.app import App
from mindu.city import Entity


def its_manifest_is_about_its_folder_and_speaks_both_languages(app: App) -> None:
    told = manifest(app)
    assert set(told.title) == {"zh", "en"}
    assert told.uses, "no purpose, no data"
    assert all(use.purpose for use in told.uses)


def its_rooms_have_the_names_of_the_house(app: App) -> None:
    folder = files(f"mindu.apps.{app.name}")
    for room in ("app.toml", "things.py", "world.py"):
        assert folder.joinpath(room).is_file(), f"{app.name} has no {room}"


def its_world_and_what_stands_there_are_declared(app: App) -> None:
    assert app.world is not None
    assert app.things is not None
    things = app.things()
    assert things
    assert {type(thing) for thing in things} <= set(app.entities)


def every_number_has_a_unit(app: App) -> None:
    for kind in app.entities:
        for prop, hint in get_type_hints(kind, include_extras=True).items():
            assert "float" not in str(hint) or "Unit(" in str(hint), f"{kind.__name__}.{prop}"
    assert all(param.unit for param in app.params)


def every_verb_kind_and_loop_explains_itself(app: App) -> None:
    for verb in verbs(app):
        assert inspect.getdoc(verb), f"{verb.__module__}.{verb.__name__} explains nothing"
    for kind in app.entities:
        assert inspect.getdoc(kind) != inspect.getdoc(Entity), f"{kind.__name__} explains nothing"
    for title in (*(lo.title for lo in app.loops), *(pr.title for pr in app.projections)):
        assert title.en
        assert title.zh


def every_param_is_dated_sourced_and_in_range(app: App) -> None:
    for param in app.params:
        assert param.reference, f"{param.name} names no source"
        assert [date.fromisoformat(day) for day in param.in_force], param.name
        low, high = param.within
        assert low < high, param.name
        assert all(low <= value <= high for value in param.in_force.values()), param.name


def every_loop_needs_something_fresh(app: App) -> None:
    assert app.loops
    for loop in app.loops:
        assert loop.needs, f"{loop.name} could never be blind"


def every_loop_reads_only_what_it_declares(app: App) -> None:
    noting = seen(app.name)
    for loop in app.loops:
        kind = loop.of.__name__
        own = noting.read[loop.name] & noting.measured[kind]
        strange = own - set(loop.needs) - set(loop.also)
        assert not strange, f"{loop.name} reads {sorted(strange)} of {kind}, which it does not need"
        told = {*(f"{kind}.{prop}" for prop in loop.needs), *loop.also}
        asked = {name for name in noting.asked[loop.name] if name not in told}
        strange = {name for name in asked if name.partition(".")[2] not in told}
        assert not strange, f"{loop.name} asks for {sorted(strange)}: name them in `also`"


def every_screen_lets_through_whatever_would_be_judged(app: App) -> None:
    assert seen(app.name).passed_over == []


def every_word_it_says_is_in_both_languages(app: App) -> None:
    for entry in seen(app.name).entries:
        says = getattr(entry.record, "says", None)
        if isinstance(says, Words) and isinstance(entry.record, Judgement | Action | Lesson):
            assert says.en, entry
            assert says.zh, entry
