"""Modelling: staff draw, check, publish with a second yes, and lose nothing on the way."""

from dataclasses import replace
from typing import Any

import pytest
from drawings import allowance, by_two, office, permit
from night import Night
from visitor import Got, Visitor

from mindu.base.records import Event, Published
from mindu.console.modelling.modelling import Modelling
from mindu.console.server import Serving

pytest_plugins = ("served",)
MODELS = "/api/v1/models"
BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>'
)


@pytest.fixture
def models(night: Night) -> Modelling:
    night.modelling = office()
    return night.modelling


@pytest.fixture
def drawer(models: Modelling, desk: Serving) -> Visitor:
    assert models.drafts.listed() == ()
    return Visitor(desk).as_("operator", "Lin")


def keep(who: Visitor, text: str, *, kind: str = "bpmn", **told: object) -> Got:
    return who.send(f"{MODELS}/draft", {"name": "permit", "kind": kind, "text": text, **told})


def kept(who: Visitor, text: str, *, kind: str = "bpmn") -> dict[str, Any]:
    got = keep(who, text, kind=kind)
    assert got.status == 200, got.text
    draft: dict[str, Any] = got.json["draft"]
    return draft


def proposed(who: Visitor, draft: dict[str, Any], reason: str = "as agreed") -> Got:
    told = {"draft": draft["id"], "revision": draft["revision"], "reason": reason}
    return who.send(f"{MODELS}/propose", told)


def test_who_draws_may_not_publish_and_who_looks_may_not_draw(
    drawer: Visitor, desk: Serving
) -> None:
    draft = kept(drawer, permit())
    assert proposed(drawer, draft).status == 403
    viewer = Visitor(desk).as_("viewer", "Wu")
    assert keep(viewer, permit()).status == 403
    assert viewer.get(MODELS).status == 200
    assert keep(Visitor(desk), permit()).status in {401, 403}


def test_a_broken_drawing_is_kept_and_each_fault_names_its_element(drawer: Visitor) -> None:
    broken = permit().replace("area &gt; 100", "area &gt;&gt; 1").replace("=true", "=", 1)
    got = keep(drawer, broken)
    assert got.status == 200
    flaws = {one["element"]: one["says"] for one in got.json["checked"]["flaws"]}
    assert set(flaws) == {"large_to_split", "remind"}
    assert "FEEL" in flaws["remind"]["en"]
    assert "FEEL" in flaws["remind"]["zh"]
    read = drawer.get(f"{MODELS}/draft?id={got.json['draft']['id']}").json
    assert read["text"] == broken


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<definitions", "not XML"),
        (BOMB, "document type"),
        ("<html/>", "no BPMN"),
        (permit().replace('id="fire"', 'id="health"'), "id of its own"),
    ],
)
def test_what_is_no_drawing_is_told_so_in_both_languages_and_kept(
    drawer: Visitor, text: str, says: str
) -> None:
    got = keep(drawer, text)
    assert got.status == 200, "a draft is kept whatever is wrong with it"
    flaw = got.json["checked"]["flaws"][0]["says"]
    assert says in flaw["en"]
    assert flaw["zh"] != flaw["en"]


def test_a_drawing_of_ten_thousand_nodes_is_refused_by_its_bound_and_kept(drawer: Visitor) -> None:
    nodes = "".join(f'<task id="n{i}"/>' for i in range(10_001))
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    text = f'<definitions xmlns="{space}" id="big"><process id="p">{nodes}</process></definitions>'
    got = keep(drawer, text)
    assert got.status == 200
    assert "10000 nodes" in got.json["checked"]["flaws"][0]["says"]["en"]
    assert len(drawer.get(f"{MODELS}/draft?id={got.json['draft']['id']}").json["text"]) == len(text)


def test_recursive_decisions_are_named(drawer: Visitor) -> None:
    circle = allowance().replace('requiredInput href="#i_age"', 'requiredDecision href="#d_pay"')
    flaws = keep(drawer, circle, kind="dmn").json["checked"]["flaws"]
    assert ("d_pay", True) in {(f["element"], "requires itself" in f["says"]["en"]) for f in flaws}


def test_of_two_who_draw_at_once_neither_overwrites_the_other(drawer: Visitor) -> None:
    draft = kept(drawer, permit())
    mine = keep(drawer, permit(last="A"), id=draft["id"], revision=1)
    assert mine.json["draft"]["revision"] == 2
    theirs = keep(drawer, permit(last="B"), id=draft["id"], revision=1)
    assert theirs.status == 409
    assert theirs.json["field"] == "revision"
    assert drawer.get(f"{MODELS}/draft?id={draft['id']}").json["text"] == permit(last="A")
    assert drawer.get(f"{MODELS}/draft?id={draft['id']}&revision=1").json["text"] == permit()


def test_a_steward_publishes_a_version_that_is_pinned_and_on_record(
    drawer: Visitor, desk: Serving, models: Modelling
) -> None:
    draft = kept(drawer, permit())
    steward = Visitor(desk).as_("steward", "Chen")
    assert proposed(steward, draft, reason=" ").status == 422
    done = proposed(steward, draft).json
    assert (done["state"], done["needed"], done["names"]) == ("published", 1, ["permit"])
    listed = drawer.get(MODELS).json["versions"]
    assert [(v["key"], v["number"], v["by"]) for v in listed] == [(done["key"], 1, "Chen")]
    record = models.processes.memory.log[listed[0]["seq"]].record
    assert isinstance(record, Published)
    assert record.text.decode() == permit()
    assert proposed(steward, draft).status == 409, "the same version is not published twice"


def test_what_cannot_run_is_not_published(drawer: Visitor, desk: Serving) -> None:
    draft = kept(drawer, permit().replace("area &gt; 100", "area &gt;&gt; 1"))
    got = proposed(Visitor(desk).as_("steward", "Chen"), draft)
    assert got.status == 422
    assert "large_to_split" in got.json["error"]["en"]
    assert drawer.get(MODELS).json["versions"] == []


def test_where_two_must_agree_one_alone_cannot_publish(
    drawer: Visitor, desk: Serving, models: Modelling
) -> None:
    draft = kept(drawer, by_two(permit()))
    chen, wang = Visitor(desk).as_("steward", "Chen"), Visitor(desk).as_("steward", "Wang")
    made = proposed(chen, draft).json
    assert (made["state"], made["needed"]) == ("waiting", 2)
    assert "bpmn:permit" not in models.models.newest
    again = chen.send(f"{MODELS}/answer", {"id": made["id"], "yes": True, "reason": "me too"})
    assert again.status == 409
    keep(drawer, permit(last="slipped in"), id=draft["id"], revision=1)
    done = wang.send(f"{MODELS}/answer", {"id": made["id"], "yes": True, "reason": "read it"}).json
    assert done["state"] == "published"
    assert models.published(done["key"]).text.decode() == by_two(permit()), "what both saw"
    log = models.processes.memory.log
    events = [(e.by, e.record.name) for e in log if isinstance(e.record, Event)]
    assert events == [("Chen", "model_proposed"), ("Wang", "model_answered")]
    second = kept(drawer, permit(last="without the property"))
    assert proposed(chen, second).json["needed"] == 2, "who drops the rule needs two as well"


def test_an_office_may_ask_for_two_whatever_the_drawing_says(
    night: Night, desk: Serving, models: Modelling
) -> None:
    night.modelling = replace(models, least={"dmn": 2})
    drawer = Visitor(desk).as_("steward", "Chen")
    assert proposed(drawer, kept(drawer, permit())).json["state"] == "published"
    made = proposed(drawer, kept(drawer, allowance(), kind="dmn")).json
    assert made["state"] == "waiting"
    told = {"id": made["id"], "yes": False, "reason": "the sum is wrong"}
    no = Visitor(desk).as_("steward", "Wang").send(f"{MODELS}/answer", told).json
    assert no["state"] == "refused"
    assert "dmn:pay" not in models.models.newest


def test_a_city_without_processes_says_so(guest: Visitor) -> None:
    got = guest.get(MODELS)
    assert got.status == 409
    assert got.json["mend"]["zh"]


def test_staff_send_large_drawings_and_nobody_else_does(desk: Serving, drawer: Visitor) -> None:
    text = permit().replace("</bpmn:definitions>", f"<!--{'x' * 500_000}--></bpmn:definitions>")
    assert keep(drawer, text).status == 200
    assert keep(Visitor(desk), text).status == 413


def test_compared_versions_say_what_differs_element_by_element(
    drawer: Visitor, desk: Serving
) -> None:
    first = kept(drawer, permit())
    key = proposed(Visitor(desk).as_("steward", "Chen"), first).json["key"]
    second = kept(drawer, permit(last="Send 寄送", extra="archive"))
    got = drawer.get(f"{MODELS}/compare?old={key}&new=draft:{second['id']}").json
    found = {one["element"]: (one["what"], one["says"]["zh"]) for one in got["differences"]}
    assert found["out"][0] == "changed"
    assert "寄送" in found["out"][1]
    assert found["archive"][0] == "added"
    assert found["out_to_end"][0] == "removed"
    assert set(found) == {"out", "archive", "out_to_end", "out_to_archive", "archive_to_end"}
    rules = kept(drawer, allowance(yuan=300), kind="dmn")
    mixed = drawer.get(f"{MODELS}/compare?old={key}&new=draft:{rules['id']}")
    assert mixed.status == 422
