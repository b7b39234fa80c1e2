"""Cases on a drawing: counted node by node, their stays measured, carried over after a preview."""

from datetime import timedelta

from drawings import NOW, office, permit
from night import Night
from visitor import Visitor

from mindu.brain.folds.instances import Instances
from mindu.console.modelling.modelling import Modelling
from mindu.console.server import Serving
from mindu.engines.process.happenings import Complete, Start

pytest_plugins = ("served",)
MODELS = "/api/v1/models"


def busy(cases: int = 3) -> tuple[Modelling, str, str]:
    """Publish two versions; cases of the first wait for both departments, one for an hour."""
    desk = office()
    old = desk.processes.publish(permit().encode(), by="Chen", now=NOW)
    for number in range(cases):
        at = NOW + timedelta(minutes=number)
        start = Start(vars={"area": 420})
        instance, moved = desk.processes.start("permit", start, by="desk", now=at)
        done = Complete(wait=moved.state.waits[0].id, by="Wang")
        desk.processes.step(instance, done, by="Wang", now=at + timedelta(minutes=10))
    new = desk.processes.publish(permit(extra="archive").encode(), by="Chen", now=NOW)
    return desk, old.key, new.key


def test_each_node_tells_how_many_stand_there_and_how_long_they_stayed(
    night: Night, desk: Serving
) -> None:
    night.modelling, old, _ = busy()
    night.modelling.now = lambda: NOW + timedelta(minutes=71)
    told = Visitor(desk).as_("viewer", "Wu").get(f"{MODELS}/watch?key={old}").json
    spots = {one["element"]: one for one in told["spots"]}
    assert (spots["fire"]["open"], spots["fire"]["waits_s"]) == (3, 3600.0)
    assert (spots["accept"]["open"], spots["accept"]["mean_s"]) == (0, 600.0)
    assert (spots["fire"]["heat"], spots["accept"]["heat"]) == (1.0, 0.167)
    assert told["running"] == 3
    assert told["items"][0]["nodes"] == ["fire", "health"]


def test_the_counts_are_the_same_after_a_restart() -> None:
    desk, _, _ = busy()
    again = Instances()
    again.load(desk.instances.dump())
    assert again.stays.standing == desk.instances.stays.standing
    assert again.stays.at == desk.instances.stays.at
    whole = Instances()
    for entry in desk.processes.memory.log:
        whole.fold(entry, None)
    assert whole.stays.at == desk.instances.stays.at


def test_cases_are_carried_over_after_a_preview_that_writes_nothing(
    night: Night, desk: Serving
) -> None:
    night.modelling, old, new = busy()
    steward = Visitor(desk).as_("steward", "Chen")
    length = len(night.modelling.processes.memory.log)
    told = {"old": old, "new": new}
    seen = steward.send(f"{MODELS}/carry/preview", told).json
    assert (seen["done"], seen["refused"], seen["left"]) == (3, 0, 0)
    assert seen["items"][0]["to"] == ["fire", "health"]
    assert len(night.modelling.processes.memory.log) == length
    assert steward.send(f"{MODELS}/carry", told).status == 422, "without a reason nothing moves"
    done = steward.send(f"{MODELS}/carry", {**told, "reason": "new archive law"}).json
    assert done["done"] == 3
    stays = night.modelling.instances.stays
    assert stays.of(old)["fire"].open == 0
    fire = stays.of(new)["fire"]
    assert fire.open == 3
    since = (NOW + timedelta(minutes=11)).timestamp()
    assert fire.since == 3 * since, "the clock of a case does not start anew"
    assert stays.of(old)["fire"].over == 0, "who was carried over has not left"


def test_a_case_with_no_place_in_the_new_version_stays_and_is_named(
    night: Night, desk: Serving
) -> None:
    night.modelling, old, _ = busy(1)
    other = permit().replace('id="fire"', 'id="blaze"').replace('"fire"', '"blaze"')
    other = other.replace(">fire<", ">blaze<")
    new = night.modelling.processes.publish(other.encode(), by="Chen", now=NOW)
    steward = Visitor(desk).as_("steward", "Chen")
    told = {"old": old, "new": new.key, "reason": "renamed"}
    refused = steward.send(f"{MODELS}/carry", told).json
    assert (refused["done"], refused["refused"]) == (0, 1)
    assert refused["items"][0]["flaw"]["element"] == "fire"
    assert "map" in refused["items"][0]["flaw"]["says"]["en"]
    mapped = steward.send(f"{MODELS}/carry", {**told, "nodes": {"fire": "blaze"}}).json
    assert mapped["done"] == 1
    assert night.modelling.instances.stays.of(new.key)["blaze"].open == 1


def test_who_may_only_draw_carries_nothing_over(night: Night, desk: Serving) -> None:
    night.modelling, old, new = busy(1)
    drawer = Visitor(desk).as_("operator", "Lin")
    told = {"old": old, "new": new, "reason": "x"}
    assert drawer.send(f"{MODELS}/carry", told).status == 403
    assert drawer.send(f"{MODELS}/carry/preview", told).status == 403


def test_a_clock_that_jumps_back_makes_no_stay_shorter_than_nothing() -> None:
    desk, old, _ = busy(1)
    stays = desk.instances.stays.of(old)
    assert stays["fire"].waits(NOW - timedelta(days=2)) == 0.0
    instance = next(iter(desk.instances.states))
    wait = next(w for w in desk.processes.state(instance).waits if w.node == "fire")
    done = Complete(wait=wait.id, by="Wu")
    desk.processes.step(instance, done, by="Wu", now=NOW - timedelta(days=1))
    left = desk.instances.stays.of(old)["fire"]
    assert (left.open, left.over, left.total, left.longest) == (0, 1, 0.0, 0.0)


def test_a_clock_that_jumps_ahead_rings_what_is_due_once() -> None:
    desk, _, _ = busy(3)
    assert desk.processes.ring(NOW + timedelta(days=40)) == 3
    assert desk.processes.ring(NOW + timedelta(days=41)) == 0
    assert all(desk.processes.variables(i)["reminded"] for i in desk.instances.states)
