"""Three packages, end to end: a child, a restaurant, an allowance in seconds."""

from datetime import timedelta

import msgspec
import pytest
from services_desk import CHILD, ELDER, NOW, SHOP, hall, open_nodes

from mindu.apps.services import items
from mindu.apps.services.counter import Counter, NotYet
from mindu.apps.services.drawing import drawn
from mindu.apps.services.numbers import instance_of
from mindu.apps.services.package import SHIPPED, checked, shipped
from mindu.apps.services.rating import Ratings
from mindu.data.log import Log
from mindu.engines.process import check, read
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.happenings import Resume, Return, Suspend, Withdraw


def yes(counter: Counter, instance: int, *nodes: str) -> None:
    for node in nodes:
        counter.decide(instance, node, by="clerk", approved=True, result=f"{node} 1", now=NOW)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_package_that_is_shipped_holds_together_and_runs(name: str) -> None:
    library = items.shipped()
    package = checked(shipped(name)[0], library)
    definition = drawn(package, library)
    assert check(definition) == ()
    assert read(write(definition)).nodes == definition.nodes
    assert package.sources, "a rule without a source is a rumour"
    for part in package.parts:
        assert all(basis.since for basis in library.at(part.item).basis)


def test_a_child_is_born_five_departments_work_at_once_under_one_number() -> None:
    counter = hall()
    number = counter.hand_in("mother", "newborn", CHILD, NOW)
    instance = instance_of(number)
    yes(counter, instance, "accept", "birth_certificate")
    assert open_nodes(counter, instance) == ["household", "maternity", "vaccination"]
    yes(counter, instance, "vaccination", "maternity", "household")
    assert open_nodes(counter, instance) == ["medical_insurance", "social_card"]
    yes(counter, instance, "medical_insurance", "social_card", "deliver")
    progress = counter.progress(number, NOW)
    assert progress.status == "ended"
    assert {part.status for part in progress.parts} == {"approved"}
    assert len({part.department for part in progress.parts}) == 5
    assert progress.parts[2].result.zh == "household 1"


def test_what_is_not_needed_or_rests_on_a_refusal_is_left_out() -> None:
    counter = hall()
    without = {**CHILD, "maternity_insured": False}
    number = counter.hand_in("mother", "newborn", without, NOW)
    instance = instance_of(number)
    yes(counter, instance, "accept")
    counter.decide(instance, "birth_certificate", by="clerk", approved=False,
                   result="no record of the birth", now=NOW)  # fmt: skip
    assert open_nodes(counter, instance) == ["deliver"]
    yes(counter, instance, "deliver")
    told = {part.item: part.status for part in counter.progress(number, NOW).parts}
    assert told["birth_certificate"] == "refused"
    assert told["maternity"] == told["household"] == "not_needed"


@pytest.mark.parametrize(("area", "fire"), [(420, True), (80, False)])
def test_a_restaurant_is_inspected_for_fire_as_its_situation_says(area: int, fire: bool) -> None:  # noqa: FBT001
    counter = hall()
    instance = instance_of(counter.hand_in("cook", "restaurant", {**SHOP, "area": area}, NOW))
    yes(counter, instance, "accept")
    assert open_nodes(counter, instance) == ["business_licence", "signboard"]
    yes(counter, instance, "business_licence")
    assert ("fire_inspection" in open_nodes(counter, instance)) is fire


def test_an_allowance_is_approved_at_once_with_the_law_it_rests_on() -> None:
    counter = hall()
    number = counter.hand_in("elder", "allowance", ELDER, NOW)
    instance = instance_of(number)
    decision = counter.processes.variables(instance)["decision"]
    assert decision == {"route": "approve", "yuan": 500}
    follows = b"".join(
        getattr(entry.record, "follows", b"") for entry in counter.processes.memory.log
    )
    assert "老年人权益保障法第三十三条" in follows.decode()
    (part,) = counter.progress(number, NOW).parts
    assert part.status == "approved"


@pytest.mark.parametrize(
    "odd", [{"alive": False}, {"born": "1950-01-01"}, {"identity_matches": False}]
)
def test_where_registers_disagree_a_person_decides_and_no_machine_refuses(
    odd: dict[str, object],
) -> None:
    counter = hall()
    number = counter.hand_in("elder", "allowance", {**ELDER, **odd}, NOW)
    instance = instance_of(number)
    assert open_nodes(counter, instance) == ["person"]
    counter.decide(instance, "person", by="clerk", approved=False, result="under 80", now=NOW)
    assert counter.progress(number, NOW).outcome == "人工办结 decided by a person"


def test_some_of_what_was_approved_at_once_is_looked_at_again() -> None:
    counter = hall()
    audited = 0
    for person in range(60):
        when = NOW + timedelta(minutes=person)
        instance = instance_of(counter.hand_in(f"elder{person}", "allowance", ELDER, when))
        audited += open_nodes(counter, instance) == ["audit"]
    assert 0 < audited <= 12, "five of a hundred, give or take"


def test_who_looks_again_and_does_not_agree_takes_the_approval_back_and_a_person_decides() -> None:
    counter = hall()
    for person in range(200):
        when = NOW + timedelta(minutes=person)
        number = counter.hand_in(f"elder{person}", "allowance", ELDER, when)
        instance = instance_of(number)
        if open_nodes(counter, instance) == ["audit"]:
            break
    else:
        raise AssertionError("nobody of two hundred was looked at again")
    assert [it.status for it in counter.progress(number, NOW).parts] == ["approved"]
    counter.decide(instance, "audit", by="auditor", approved=False, result="not 80", now=NOW)
    assert open_nodes(counter, instance) == ["person"]
    assert [it.status for it in counter.progress(number, NOW).parts] != ["approved"]
    counter.decide(instance, "person", by="clerk", approved=False, result="under 80", now=NOW)
    told = counter.progress(number, NOW)
    assert told.outcome == "人工办结 decided by a person"
    assert [it.status for it in told.parts] == ["refused"]


def test_an_incomplete_form_is_not_taken_and_says_what_is_missing() -> None:
    counter = hall()
    with pytest.raises(NotYet) as caught:
        counter.hand_in("mother", "newborn", {**CHILD, "mother_id": "12", "phone": ""}, NOW)
    assert set(caught.value.filled.errors) == {"mother_id", "phone"}
    assert not counter.processes.instances.states


def test_a_department_sees_only_what_its_item_needs_and_each_use_is_a_receipt() -> None:
    counter = hall()
    instance = instance_of(counter.hand_in("mother", "newborn", CHILD, NOW))
    fields = counter.given(instance, "social_card", by="clerk", now=NOW)
    assert fields == {
        "name": "林小榕", "phone": "13800000000", "address": "福州市鼓楼区五四路1号",
    }  # fmt: skip
    (receipt,) = counter.receipts(instance)
    assert receipt["who"] == "clerk"
    assert receipt["purpose"] == "newborn/social_card"


def test_nothing_that_names_a_person_stands_in_the_log() -> None:
    counter = hall()
    instance = instance_of(counter.hand_in("mother", "newborn", CHILD, NOW))
    counter.given(instance, "household", by="clerk", now=NOW)
    written = repr(list(counter.processes.memory.log))
    for question in ("child_name", "mother_name", "mother_id", "phone", "address", "bank_account"):
        assert str(CHILD[question]) not in written, f"{question} lives in the vault"


def test_an_application_is_sent_back_suspended_and_mended() -> None:
    counter = hall()
    number = counter.hand_in("mother", "newborn", CHILD, NOW)
    instance, processes = instance_of(number), counter.processes
    yes(counter, instance, "accept", "birth_certificate", "household")
    late = NOW + timedelta(days=30)
    stop = Suspend(by="clerk", why="the photograph is missing")
    processes.step(instance, stop, by="clerk", now=NOW)
    assert counter.progress(number, NOW).paused == "the photograph is missing"
    assert not any(part.late for part in counter.progress(number, late).parts), "it stood still"
    processes.step(instance, Resume(by="mother", why="here it is"), by="mother", now=late)
    wait = next(w for w in processes.state(instance).waits if w.node == "medical_insurance")
    back = Return(by="clerk", why="wrong name", wait=wait.id, to="household")
    processes.step(instance, back, by="clerk", now=late)
    assert "household" in open_nodes(counter, instance)
    assert "medical_insurance" not in open_nodes(counter, instance)
    with pytest.raises(ValueError, match="somebody has gone on"):
        processes.step(instance, Withdraw(by="clerk", why="slip", node="accept"), by="clerk",
                       now=late)  # fmt: skip


def test_a_late_department_is_told() -> None:
    counter = hall()
    number = counter.hand_in("mother", "newborn", CHILD, NOW)
    instance = instance_of(number)
    yes(counter, instance, "accept")
    assert not counter.progress(number, NOW).parts[0].late
    assert counter.progress(number, NOW + timedelta(days=3)).parts[0].late


@pytest.mark.parametrize("number", ["", "MD0000000199", "MD1", "XX0000000100", "MD000000AB00"])
def test_a_mistyped_number_is_seen(number: str) -> None:
    with pytest.raises(ValueError, match="no tracking number"):
        instance_of(number)


def test_a_draft_is_there_on_another_day() -> None:
    counter = hall()
    counter.save("mother", "newborn", {"child_name": "林小榕"})
    assert counter.draft("mother", "newborn") == {"child_name": "林小榕"}
    counter.hand_in("mother", "newborn", CHILD, NOW)
    assert counter.draft("mother", "newborn") == {}


def test_levels_that_say_different_things_are_found_by_the_machine() -> None:
    library = items.shipped()
    assert library.differences("old_age_allowance") == ()
    county = msgspec.structs.replace(
        library.at("old_age_allowance", "county"), version="2", legal_days=30, promised_days=0
    )
    library.add(county)
    (difference,) = library.differences("old_age_allowance")
    assert difference.element == "legal_days"
    assert difference.levels == ("city", "county")


def test_a_bad_rating_opens_a_case_that_is_put_right_and_counted_in_public() -> None:
    counter = hall()
    ratings = Ratings(counter)
    ratings.open(NOW)
    number = counter.hand_in("elder", "allowance", ELDER, NOW)
    instance = instance_of(number)
    if open_nodes(counter, instance):
        counter.decide(instance, "audit", by="clerk", approved=True, result="agreed", now=NOW)
    with pytest.raises(ValueError, match="only the applicant"):
        ratings.rate(number, 5, "", by="clerk", now=NOW)
    case = ratings.rate(number, 1, "nobody picked up the phone", by="elder", now=NOW)
    assert case is not None
    with pytest.raises(ValueError, match="rated already"):
        ratings.rate(number, 5, "", by="elder", now=NOW)
    later = NOW + timedelta(days=2)
    for node in ("call_back", "put_right", "answer"):
        ratings.complete(case, node, f"{node} done", by="supervisor", now=later)
    (score,) = Ratings(counter).scores(later)
    assert (score.ratings, score.bad, score.put_right, score.overdue) == (1, 1, 1, 1)


def test_a_counter_goes_on_after_a_restart(tmp_path: object) -> None:
    path = f"{tmp_path}/log.db"
    with Log.open(path) as log:
        number = hall(log).hand_in("mother", "newborn", CHILD, NOW)
    with Log.open(path) as log:
        assert hall(log).progress(number, NOW).parts[0].status == "waiting"
