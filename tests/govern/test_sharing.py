"""Sharing: asked, answered within a term, agreed, renewed, revoked; each step bites at once."""

from datetime import date, timedelta

import pytest
from govern_house import CALLS, LIN, NOON, OTHER, TERMS, WEI, House, ask
from msgspec.structs import replace

from mindu.base.records import Grant
from mindu.brain.cases import State
from mindu.brain.casework.refusals import Denied, Refusal
from mindu.brain.casework.rounds import sweep
from mindu.brain.sharing import rules
from mindu.brain.sharing.kinds import ASKED
from mindu.data.fold import rebuilt
from mindu.data.grants.allowed import Allowed
from mindu.data.grants.duties import Duties
from mindu.data.grants.policies import Unfit
from mindu.data.grants.terms import odrl, of_odrl


def may(house: House, days: int = 0) -> bool:
    when = NOON + timedelta(days=days)
    return house.memory.allowed.policies.rule(ask(), CALLS, when, house.memory.uses.today).allowed


def test_a_request_goes_to_the_owner_and_its_yes_is_an_agreement_that_the_gateway_keeps() -> None:
    house = House()
    assert not may(house)
    case = house.sharing.ask(TERMS, by="wei", now=NOON).seq
    assert house.office.cases.said(case, "unit") == CALLS.department
    assert not may(house)
    entry = house.sharing.agree(case, LIN, now=NOON)
    assert house.office.cases.state(case) == State.CLOSED
    assert may(house)
    assert isinstance(entry.record, Grant)
    assert of_odrl(entry.record.odrl) == TERMS
    chain = {e.seq for e in house.memory.log.why(entry.seq)}
    assert case in chain, "why does an agreement hold? because it was asked for"


def test_an_owner_who_does_not_answer_in_ten_working_days_is_told() -> None:
    house = House()
    case = house.sharing.ask(TERMS, by="wei", now=NOON).seq
    told = sweep(house.office, NOON + timedelta(days=7))
    assert case in {int(e.about.removeprefix("case:")) for e in told}


def test_a_no_has_a_reason_and_gives_nothing() -> None:
    house = House()
    case = house.sharing.ask(TERMS, by="wei", now=NOON).seq
    with pytest.raises(Refusal, match="needs a reason"):
        house.sharing.refuse(case, " ", LIN, now=NOON)
    house.sharing.refuse(case, "outside its duties", LIN, now=NOON)
    assert not may(house)
    with pytest.raises(Refusal, match="was answered"):
        house.sharing.agree(case, LIN, now=NOON)


def test_only_the_owner_answers_renews_and_revokes() -> None:
    house = House()
    case = house.sharing.ask(TERMS, by="wei", now=NOON).seq
    with pytest.raises(Denied):
        house.sharing.agree(case, WEI, now=NOON)
    seq = house.sharing.agree(case, LIN, now=NOON).seq
    with pytest.raises(Denied):
        house.sharing.revoke(seq, "mine", WEI, now=NOON)
    with pytest.raises(Denied):
        house.sharing.renew(seq, date(2027, 1, 1), WEI, now=NOON)


def test_revocation_bites_on_the_next_request() -> None:
    house = House()
    seq = house.agreed()
    assert may(house)
    house.sharing.revoke(seq, "purpose is over", LIN, now=NOON)
    assert not may(house)
    with pytest.raises(Refusal, match="does not hold"):
        house.sharing.revoke(seq, "again", LIN, now=NOON)


def test_an_agreement_runs_out_and_runs_on_when_it_is_renewed() -> None:
    house = House()
    seq = house.agreed(replace(TERMS, until=date(2026, 9, 20)))
    assert may(house, days=4)
    assert not may(house, days=5)
    new = house.sharing.renew(seq, date(2026, 10, 20), LIN, now=NOON).seq
    assert may(house, days=5)
    assert house.memory.allowed.given(seq) is None
    assert house.memory.allowed.given(new) is not None


def test_the_owner_may_agree_to_less_than_was_asked_for() -> None:
    house = House()
    case = house.sharing.ask(TERMS, by="wei", now=NOON).seq
    less = replace(TERMS, duties=Duties(group=5, keys=("district", "topic")))
    with pytest.raises(Refusal, match="what was asked for"):
        house.sharing.agree(case, LIN, now=NOON, terms=replace(less, to="350100-gaj"))
    house.sharing.agree(case, LIN, now=NOON, terms=less)
    ruling = house.memory.allowed.policies.rule(ask(), CALLS, NOON, house.memory.uses.today)
    assert ruling.duties.group == 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dataset": "ghosts"}, "knows no ghosts"),
        ({"owner": OTHER}, "knows no calls of"),
        ({"until": date(2026, 9, 1)}, "from today"),
        ({"until": date(2036, 9, 1)}, "from today"),
        ({"duties": Duties(fields=("age",))}, "has no age"),
    ],
)
def test_a_request_that_cannot_be_is_refused_at_once(change: dict[str, object], said: str) -> None:
    house = House()
    with pytest.raises(Refusal, match=said):
        house.sharing.ask(replace(TERMS, **change), by="wei", now=NOON)
    assert len(house.memory.log) == 0


def test_terms_that_would_break_out_of_a_policy_are_no_terms() -> None:
    for word in ('x"); permit(principal, action, resource); //', "a\\", "a\nb", " "):
        with pytest.raises(ValueError, match="without quotes"):
            replace(TERMS, purpose=word)
    with pytest.raises(ValueError, match="no agreement"):
        of_odrl(odrl(TERMS, "x").replace("purpose", "porpoise"))
    with pytest.raises(ValueError, match="no agreement"):
        of_odrl("[]")


def test_what_is_allowed_is_the_same_when_it_is_folded_anew() -> None:
    house = House()
    seq = house.agreed()
    yes = rules.consent(house.memory, "s1", OTHER, "flood", now=NOON).seq
    again = rebuilt(house.memory.log, Allowed)
    assert again.dump() == house.memory.allowed.dump()
    fresh = Allowed()
    fresh.load(house.memory.allowed.dump())
    assert fresh.policies.version == house.memory.allowed.policies.version
    assert fresh.given(seq) == house.memory.allowed.given(seq)
    assert fresh.consent(yes) is not None
    with pytest.raises(ValueError, match="no state"):
        fresh.load(b"\x01")


def test_a_reference_stands_only_for_what_it_is_about() -> None:
    house = House()
    seq, allowed = house.agreed(), house.memory.allowed
    yes = rules.consent(house.memory, "s1", OTHER, "flood", now=NOON).seq

    def vouched(reference: str, **change: object) -> bool:
        return allowed.vouch(reference, ask(**change), NOON, lambda number, _ask: number == 7)

    assert vouched("case:7")
    assert not vouched("case:8")
    assert vouched(f"agreement:{seq}")
    assert not vouched(f"agreement:{seq}", purpose="other")
    assert not vouched(f"agreement:{seq}", datasets=("beds",))
    assert vouched(f"consent:{yes}", subject="s1")
    assert not vouched(f"consent:{yes}", subject="s2")
    with pytest.raises(ValueError, match="does not hold"):
        rules.withdraw(house.memory, "s2", yes, now=NOON)
    rules.withdraw(house.memory, "s1", yes, now=NOON)
    assert not vouched(f"consent:{yes}", subject="s1")


def test_a_text_of_policies_holds_whole_or_not_at_all() -> None:
    house = House()
    text = '@id("a") @purpose("flood") permit (principal, action, resource);'
    rules.lay(house.memory, "flood", text, by="data office", now=NOON)
    assert may(house)
    size = len(house.memory.log)
    for bad in ("permit (", text + text, text.replace('"a"', '"grade-open"')):
        with pytest.raises(Unfit):
            rules.lay(house.memory, "other", bad, by="data office", now=NOON)
    assert len(house.memory.log) == size
    rules.lay(house.memory, "flood", "", by="data office", now=NOON)
    assert not may(house)
    assert house.memory.allowed.texts() == {}
    assert ASKED not in house.memory.allowed.texts()


def test_one_department_sees_one_dataset_in_one_way_of_groups() -> None:
    house = House()
    first = replace(TERMS, duties=Duties(group=5, keys=("district",)))
    house.agreed(first)
    house.agreed(replace(first, purpose="drills"))
    for other in (Duties(group=5, keys=("district", "topic")), Duties(group=6, keys=("district",))):
        case = house.sharing.ask(replace(first, purpose="plans", duties=other), by="wei", now=NOON)
        with pytest.raises(Refusal, match="groups calls otherwise"):
            house.sharing.agree(case.seq, LIN, now=NOON)
