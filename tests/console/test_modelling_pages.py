"""The modeller's pages without a script: all of it is done by lists, links and forms."""

from html import unescape
from re import findall, search

import pytest
from drawings import MODEL, NOW, allowance, by_two, office, permit
from night import Night
from test_modelling_cases import busy
from visitor import Visitor, between

from mindu.console.contract.models.modelling import SaveDraft
from mindu.console.modelling.modelling import Modelling
from mindu.console.server import Serving
from mindu.engines.rules import load

pytest_plugins = ("served",)


@pytest.fixture
def models(night: Night) -> Modelling:
    night.modelling = office()
    return night.modelling


def drafted(models: Modelling, text: str, kind: str = "bpmn") -> str:
    told = SaveDraft(name="permit", kind="dmn" if kind == "dmn" else "bpmn", text=text)
    return models.drafts.save(told, by="Lin", now=NOW).id


def test_models_stand_in_the_navigation_only_where_processes_run(
    night: Night, guest: Visitor
) -> None:
    assert 'href="/models"' not in guest.get("/situation").text
    assert guest.get("/models").status == 409
    night.modelling = office()
    assert 'href="/models"' in guest.get("/situation").text
    assert guest.get("/models").status == 200
    assert guest.get("/models/nothing").status == 404


def test_a_new_draft_begins_with_a_small_drawing_that_runs(
    models: Modelling, desk: Serving
) -> None:
    drawer = Visitor(desk).as_("operator", "Lin")
    for kind in ("bpmn", "dmn"):
        told = {"name": "fish 鱼丸店", "kind": kind, "text": "", "back": "/models"}
        assert drawer.form("/models/save", told).status == 303
    for draft in models.drafts.listed():
        page = drawer.get(f"/models/draft?id={draft.id}&lang=en").text
        assert 'class="calm">Nothing keeps it from running' in page
        assert f'<md-diagram kind="{draft.kind}"' in page


def test_faults_stand_beside_their_elements_in_the_readers_language(
    models: Modelling, desk: Serving
) -> None:
    named = drafted(models, permit().replace("area &gt; 100", "area &gt;&gt; 1"))
    drawer = Visitor(desk).as_("operator", "Lin")
    for lang, said in (("en", "is no FEEL"), ("zh", "不是 FEEL")):
        page = unescape(drawer.get(f"/models/draft?id={named}&lang={lang}").text)
        flaw = between(page, '<div id="flaws"', "</div>")
        assert 'data-element="large_to_split"' in flaw
        assert said in flaw


def test_what_cannot_run_is_not_offered_to_be_published_and_says_why(
    models: Modelling, desk: Serving
) -> None:
    named = drafted(models, permit().replace("area &gt; 100", "area &gt;&gt; 1"))
    chen = Visitor(desk).as_("steward", "Chen")
    for lang, why in (("en", "It cannot be published yet"), ("zh", "还不能发布")):
        page = unescape(chen.get(f"/models/draft?id={named}&lang={lang}").text)
        button = between(page, '<button class="btn primary" id="publish"', "</button>")
        assert 'type="button"' in button, "a press sends nothing, and the keyboard still comes here"
        assert 'aria-disabled="true"' in button
        assert 'aria-describedby="h-unfit"' in button
        assert why in between(page, '<p id="h-unfit">', "</p>")
    refused = chen.form("/models/propose", {"draft": named, "revision": 1, "reason": "now"})
    assert refused.status == 422, "who sends it all the same is refused too"
    assert not [key for key in models.models.newest if key.endswith(":permit")]
    fine = chen.get(f"/models/draft?id={drafted(models, permit())}").text
    assert "aria-disabled" not in between(fine, 'id="publish"', "</button>")
    assert '<p id="h-unfit" hidden>' in fine


def test_knowledge_that_calls_itself_is_named_and_may_still_be_published(
    models: Modelling, desk: Serving
) -> None:
    text = (
        f'<definitions xmlns="{MODEL}" namespace="urn:t" name="t" id="t"><businessKnowledgeModel '
        'id="k" name="fact"><variable name="fact"/><encapsulatedLogic><formalParameter name="n"/>'
        "<literalExpression><text>if n &lt; 2 then 1 else n * fact(n - 1)</text>"
        '</literalExpression></encapsulatedLogic><knowledgeRequirement><requiredKnowledge href="#k"'
        "/></knowledgeRequirement></businessKnowledgeModel></definitions>"
    )
    named, drawer = drafted(models, text, "dmn"), Visitor(desk).as_("steward", "Lin")
    for lang, said in (("en", "it calls itself"), ("zh", "调用自身")):
        page = unescape(drawer.get(f"/models/draft?id={named}&lang={lang}").text)
        warned = between(page, '<div id="flaws"', "</div>")
        assert 'data-show="k"' in warned
        assert said in warned
        assert "aria-disabled" not in between(page, 'id="publish"', "</button>")


def test_a_trial_goes_step_by_step_along_links(models: Modelling, desk: Serving) -> None:
    named, drawer = drafted(models, permit()), Visitor(desk).as_("operator", "Lin")
    page = drawer.get(f'/models/draft?id={named}&given={{"area":420}}'.replace('"', "%22")).text
    assert 'data-element="accept" data-mark="stand"' in page
    step = unescape(findall(r'<a class="btn" data-saves href="([^"]*steps[^"]*)"', page)[0])
    page = drawer.get(step).text
    assert 'data-element="fire" data-mark="stand"' in page
    assert 'data-element="health" data-mark="stand"' in page
    wrong = drawer.get(f"/models/draft?id={named}&given=%7B%22area%22").text
    assert "JSON" in between(wrong, 'role="alert"', "</p>")


def test_a_decision_shows_the_row_that_fired_with_its_law(models: Modelling, desk: Serving) -> None:
    named = drafted(models, allowance(), "dmn")
    drawer = Visitor(desk).as_("operator", "Lin")
    page = unescape(drawer.get(f"/models/draft?id={named}&given=%7B%22age%22:83%7D").text)
    fired = between(page, 'data-mark="fired"', "</tr>")
    assert "Elderly law, article 33" in fired
    assert '{"route":"approve","yuan":100}' in page


def test_two_publish_by_forms_and_who_lost_the_session_loses_nothing(
    models: Modelling, desk: Serving
) -> None:
    named = drafted(models, by_two(permit()))
    chen, wang = Visitor(desk).as_("steward", "Chen"), Visitor(desk).as_("steward", "Wang")
    told = {"draft": named, "revision": 1, "reason": "agreed"}
    assert chen.form("/models/propose", told).status == 303
    waiting = wang.get("/models").text
    number = search(r'name="id" value="(\d+)"', between(waiting, 'id="h-ask"', "</article>"))
    assert number
    yes = {"id": number[1], "answer": "yes", "reason": "read it"}
    assert wang.form("/models/answer", yes).status == 303
    assert "bpmn:permit" in models.models.newest
    wang.jar.clear()
    kept = {"id": named, "name": "permit", "kind": "bpmn", "revision": 1, "text": "<unsaved/>"}
    page = wang.form("/models/save", kept)
    assert page.status == 401
    assert "unsaved" in unescape(page.text), "what was typed comes through the sign-in"


def test_who_may_not_publish_reads_which_role_does(models: Modelling, desk: Serving) -> None:
    operator = Visitor(desk).as_("operator", "Chen")
    told = {"name": "permit", "kind": "bpmn", "text": permit()}
    operator.form("/models/save", told)
    (draft,) = models.drafts.listed()
    for lang, word in (
        ("zh", "需要其他角色: 数据管理员"),
        ("en", "This takes another role: steward"),
    ):
        assert word in operator.get(f"/models/draft?id={draft.id}&lang={lang}").text


def test_a_save_that_came_too_late_shows_what_was_typed(models: Modelling, desk: Serving) -> None:
    named, drawer = drafted(models, permit()), Visitor(desk).as_("operator", "Lin")
    told = {"id": named, "name": "permit", "kind": "bpmn", "revision": 0, "text": "<mine/>",
            "back": f"/models/draft?id={named}"}  # fmt: skip
    got = drawer.form("/models/save", told)
    assert got.status == 409
    assert "<mine/>" in unescape(got.text)
    assert models.drafts.get(named).text == permit()


def test_a_version_tells_its_cases_and_carries_them_over(night: Night, desk: Serving) -> None:
    night.modelling, old, new = busy()
    steward = Visitor(desk).as_("steward", "Chen")
    page = steward.get(f"/models/version?key={old}&lang=en").text
    assert 'data-element="fire" data-mark="heat"' in page
    assert "fire, health" in page
    preview = steward.get(f"/models/carry?old={old}&new={new}&lang=en").text
    assert "3 can be carried over" in preview
    told = {"old": old, "new": new, "nodes": "", "reason": "archive law"}
    assert steward.form("/models/carry", told).status == 303
    assert night.modelling.instances.stays.of(new)["fire"].open == 3
    shown = steward.get(f"/models/compare?old={old}&new={new}&lang=zh").text
    assert 'data-element="archive" data-mark="added" data-side="new"' in shown
    assert Visitor(desk).as_("operator").get(f"/models/carry?old={old}&new={new}").status == 403


def test_a_rules_own_description_may_name_its_law() -> None:
    law = "<description>依据:某市办法第3条</description><inputEntry"
    text = allowance().replace("<inputEntry", law, 1)
    assert "某市办法第3条" in load(text).decide("pay", {"age": 83}).basis[0]
