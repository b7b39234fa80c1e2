"""Dispatch: the weighed plan is proposed and checked once more; else the robust rule stands."""

from collections.abc import Mapping, Sequence

from water_desk import START, Desk, Told

from mindu.base.records import Option, Sending, Severity, Weighing, Words
from mindu.base.time import MINUTE
from mindu.brain.app import Projected
from mindu.brain.view import View

WET = {("town", "rain"): 30.0, ("rain", "rain"): 30.0, ("river", "level"): 1.9}


def weighing(
    plan: Mapping[str, float],
    *,
    rule: Mapping[str, tuple[float | None, ...]] | None = None,
    until_min: float = 1e9,
    every: int = 15,
) -> Told:
    """Return a projection that weighs once every quarter of an hour, up to a time."""

    def foresees(see: View) -> Sequence[Projected]:
        minutes = (see.now - START) / MINUTE
        if minutes > until_min or minutes % every != 5 % every:
            return ()
        record = Weighing(
            "search",
            (
                Option("search", {"flood_m3": 40.0}, 40.0, 90.0),
                Option("nothing", {"flood_m3": 900.0}, 900.0, 1500.0),
            ),
            rollouts=48,
            plan={machine: (value,) * 4 for machine, value in plan.items()},
            rule=dict(rule or {}),
            says=Words("search: saves 860.", "search：节省860。"),
        )
        return (Projected(about="town", record=record),)

    return foresees


def test_the_weighed_plan_is_proposed_with_its_effect_against_doing_nothing() -> None:
    desk = Desk(weighing({"pump": 1.0, "gate": 0.0})).turn(WET)
    (asked,) = desk.asked()
    assert asked.verb == "set"
    assert asked.args == {"pump": 1.0}
    assert "saves 860 m³" in asked.says.en
    assert "减少相当于860 m³" in asked.says.zh
    assert asked.expects is not None
    assert asked.expects.about == "river"
    assert desk.said("dispatch")[-1].severity is Severity.ORANGE


def test_without_a_weighing_the_robust_rule_is_proposed_and_it_is_said() -> None:
    desk = Desk().turn(WET)
    (asked,) = desk.asked()
    assert asked.args["pump"] == 1.0
    assert "robust rule" in asked.says.en
    assert "稳健规则" in asked.says.zh
    assert desk.said("dispatch")[-1].finding == "fallback"


def test_a_plan_by_rule_acts_on_the_level_that_came_not_on_the_one_foreseen() -> None:
    early = {"pump": (0.3, 0.2, None, 0.0, 2.0, 0.0, None, None, None)}
    desk = Desk(weighing({"pump": 0.0}, rule=early))
    assert not [a for a in desk.turn({**WET, ("river", "level"): 0.2}).asked() if a.args]
    risen = desk.turn(WET).asked()
    assert risen[-1].args == {"pump": 1.0}


def test_a_plan_by_rule_lets_a_lake_give_ahead_only_while_it_is_known_to_be_dry() -> None:
    ahead = {"gate": (None, None, None, 0.9, 0.6, 0.05, None, None, None, 1.0)}
    low = {("river", "level"): 0.2, ("lake", "level"): 1.5}
    for rain, opens in ((0.0, True), (30.0, False)):
        told = {**low, ("town", "rain"): rain, ("rain", "rain"): rain}
        desk = Desk(weighing({"gate": 0.0}, rule=ahead)).turn(told)
        assert any(float(a.args.get("gate", 0.0)) > 0.5 for a in desk.asked()) is opens
    deaf = Desk(weighing({"gate": 0.0}, rule=ahead)).turn(low, silent=("town", "rain"))
    assert not any(float(a.args.get("gate", 0.0)) > 0.5 for a in deaf.asked()), "on doubt it holds"


def test_a_weighing_that_grew_old_no_longer_counts() -> None:
    desk = Desk(weighing({"pump": 0.0}, until_min=10))
    desk.turns(3, WET)
    assert not desk.asked()
    desk.turns(3, WET)
    assert "no plan was weighed" in desk.asked()[-1].says.en


def test_a_plan_approved_late_is_held_against_the_newest_one() -> None:
    now = {"pump": 1.0}
    desk = Desk(weighing(now, every=5)).turn(WET)
    (waiting,) = desk.brain.waiting()
    now["pump"] = 0.0
    desk.turn(WET)
    desk.brain.decide(waiting.seq, by="Lin", confirmed=True)
    assert not desk.hand.sent
    (sending,) = desk.entries(Sending, "dispatch")
    assert isinstance(sending.record, Sending)
    assert "has moved on" in sending.record.note


def test_what_was_confirmed_in_time_and_still_fits_is_sent() -> None:
    desk = Desk(weighing({"pump": 1.0})).turn(WET)
    desk.yes()
    assert [a.args for a in desk.hand.sent] == [{"pump": 1.0}]


def test_a_machine_that_fell_silent_is_not_commanded() -> None:
    desk = Desk(weighing({"pump": 1.0}))
    for _ in range(5):
        desk.turn(WET, silent=["pump"])
    assert not desk.asked()


def test_a_pump_whose_sump_ran_dry_since_is_withheld() -> None:
    desk = Desk(weighing({"pump": 1.0})).turn(WET)
    desk.turn({**WET, ("river", "level"): 0.01})
    desk.yes()
    assert not desk.hand.sent
    (sending,) = desk.entries(Sending, "dispatch")
    assert isinstance(sending.record, Sending)
    assert "not safe now" in sending.record.note


def test_what_a_person_holds_by_hand_is_not_touched() -> None:
    desk = Desk(weighing({"pump": 1.0})).turn({**WET, ("pump", "held"): 0.0})
    assert not desk.asked()


def test_when_most_gauges_are_silent_nothing_moves_and_it_is_said() -> None:
    desk = Desk(weighing({"pump": 1.0}))
    for _ in range(5):
        desk.turn(WET, silent=["river", "lake"])
    found = desk.said("dispatch")[-1]
    assert found.finding == "too_few_gauges"
    assert "nothing is dispatched" in found.says.en
    assert not desk.asked()


def test_when_all_is_silent_every_loop_is_blind() -> None:
    desk = Desk(weighing({"pump": 1.0})).turn(WET)
    desk.yes()
    sent = len(desk.hand.sent)
    for _ in range(5):
        desk.turn(silent=["town", "rain", "lake", "river", "sea", "gate", "sluice", "pump"])
    for loop in ("dispatch", "flood", "lakes", "drawdown", "flush"):
        assert desk.said(loop)[-1].finding == "blind", loop
    assert len(desk.hand.sent) == sent
