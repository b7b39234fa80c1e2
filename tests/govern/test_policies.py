"""Policies decide by purpose and department; what does not parse never holds."""

from datetime import date, timedelta

import msgspec
import pytest
from govern_house import CALLS, LAW, NOON, OTHER, OWNER, ask

from mindu.data.catalog.dataset import Dataset, Grade
from mindu.data.grants.ask import User, lacking
from mindu.data.grants.duties import Duties, together
from mindu.data.grants.duties import read as duties_of
from mindu.data.grants.policies import GRADES, Policies, Unfit, read

FLOOD = """
@id("flood-calls") @department("350100-yjj") @purpose("flood")
@mask("phone:middle") @rows("district = '350102'") @quota("2/day") @until("2026-12-31")
permit (principal, action == Action::"query", resource == Dataset::"calls")
when { context.reference == "case" };
"""
NEVER = """
@id("never-at-night") forbid (principal, action, resource) when { context.hour < 6 };
"""


def never_used(_policy: str, _department: str, _day: str) -> int:
    return 0


def held(*texts: str) -> Policies:
    return Policies(one for text in (GRADES, *texts) for one in read(text))


def at(grade: Grade) -> Dataset:
    return msgspec.structs.replace(CALLS, grade=grade, fields=CALLS.fields[2:], subject="")


def test_the_purpose_that_a_policy_names_is_the_only_one_it_serves() -> None:
    policies = held(FLOOD)
    ruling = policies.rule(ask(), CALLS, NOON, never_used)
    assert ruling.allowed
    assert ruling.policies == ("flood-calls",)
    assert ruling.duties.masks == (("phone", "middle"),)
    assert not policies.rule(ask(purpose="marketing"), CALLS, NOON, never_used).allowed
    assert not policies.rule(ask(who=User("li", "350100-gaj")), CALLS, NOON, never_used).allowed
    assert not policies.rule(ask(action="download"), CALLS, NOON, never_used).allowed
    assert not policies.rule(ask(reference="consent:1"), CALLS, NOON, never_used).allowed


def test_forbidding_wins_and_holds_for_every_slice() -> None:
    policies = held(FLOOD, NEVER)
    assert policies.rule(ask(), CALLS, NOON, never_used).allowed
    night = policies.rule(ask(), CALLS, NOON + timedelta(hours=15), never_used)
    assert not night.allowed
    assert night.policies == ("never-at-night",)
    assert night.reason == "a policy forbids it"


def test_a_policy_ends_with_its_last_day_and_its_quota_with_the_day() -> None:
    policies = held(FLOOD)
    last = NOON.replace(month=12, day=31)
    assert policies.rule(ask(), CALLS, last, never_used).allowed
    assert not policies.rule(ask(), CALLS, last + timedelta(days=1), never_used).allowed
    used = policies.rule(ask(), CALLS, NOON, lambda *_: 2)
    assert not used.allowed
    assert used.reason == "the day's quota of 2 is up"


@pytest.mark.parametrize(
    ("grade", "department", "answer"),
    [
        (Grade.OPEN, "", "yes"),
        (Grade.INTERNAL, "", "no"),
        (Grade.INTERNAL, OTHER, "yes"),
        (Grade.SENSITIVE, OTHER, "no"),
        (Grade.SENSITIVE, OWNER, "yes"),
        (Grade.SECRET, OWNER, "no"),
    ],
)
def test_where_no_policy_is_written_the_grade_decides(
    grade: Grade, department: str, answer: str
) -> None:
    asked = ask(who=User("x", department))
    said = held().rule(asked, at(grade), NOON, never_used)
    assert said.allowed is (answer == "yes")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("permit (principal, action", "this is no Cedar: unexpected end of input"),
        ("permit (principal, action, resource);", "every policy bears a name"),
        ('@id("x") permit (principal, action, resource);', "x states no purpose"),
        (FLOOD.replace("hour", "x").replace("context.reference", "context.referense"), "schema"),
        (FLOOD.replace("@mask", "@maks"), "@maks is no annotation of ours"),
        (FLOOD.replace("phone:middle", "phone:blur"), "write field:how"),
        (FLOOD.replace("2/day", "two"), '@quota says'),
        (FLOOD.replace("2026-12-31", "next year"), "@until says"),
        (FLOOD.replace('@quota("2/day")', '@aggregate("1 by topic")'), "never below 3"),
        (FLOOD + FLOOD, "two policies are called 'flood-calls'"),
        (NEVER.replace("forbid", '@purpose("flood") forbid'), "it holds everywhere"),
        ("permit (principal == ?principal, action, resource);", "templates decide nothing"),
        ("@id(\"x\") " + "x" * (1 << 20), "at most 1048576 bytes"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_sound_is_refused_with_a_word_on_how_to_mend_it(
    text: str, said: str
) -> None:
    with pytest.raises(Unfit, match=said):
        read(text)


def test_where_two_policies_decide_the_strictest_of_each_duty_holds() -> None:
    one = duties_of({"mask": "phone:middle, caller:token", "quota": "9/day", "rows": "a = 1"})
    two = duties_of({"mask": "phone:last4", "quota": "5/day", "until": "2026-10-01"})
    both = together([one, two])
    assert both == Duties(
        masks=(("caller", "token"), ("phone", "hide")), rows=("a = 1",), quota=5,
        until=date(2026, 10, 1),
    )  # fmt: skip
    assert together([both, both]) == both
    with pytest.raises(ValueError, match="no field in common"):
        together([duties_of({"fields": "a"}), duties_of({"fields": "b"})])
    with pytest.raises(ValueError, match="group by different fields"):
        together([duties_of({"aggregate": "5 by a"}), duties_of({"aggregate": "5 by a, b"})])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"who": User("")}, "say who asks"),
        ({"purpose": " "}, "what it is for"),
        ({"basis": ""}, "which law"),
        ({"reference": ""}, "name the matter"),
        ({"reference": "case:x"}, "name the matter"),
        ({"reference": "case:99"}, "case:99 is not known"),
        ({"purpose": "x" * 201}, "shorten"),
    ],
)
def test_an_ask_without_purpose_basis_or_a_live_matter_gets_nothing(
    change: dict[str, object], said: str
) -> None:
    lacks = lacking(ask(**change), lambda ref, _ask: ref == "case:0", public=False)
    assert lacks is not None
    assert said in lacks.en
    assert lacks.zh
    assert lacking(ask(), lambda ref, _ask: ref == "case:0", public=False) is None
    assert LAW in ask().basis
