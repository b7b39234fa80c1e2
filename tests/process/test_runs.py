"""Running processes over one log: versions, the clock, workers, the post, and starting again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from process_office import in_parallel

from mindu.base.records import Published, Stepped
from mindu.brain.folds.models import Unfit
from mindu.brain.memory import Memory, every_fold
from mindu.brain.processes.runs import Processes
from mindu.data.fold import rebuilt
from mindu.data.log import Log
from mindu.engines.process import Stuck
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Complete, Migrate, Resume, Start, Suspend
from mindu.engines.process.model import Timer, Trigger

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def office(log: Log | None = None) -> Processes:
    opened = Log.open(":memory:") if log is None else log
    return Processes(Memory(opened, {}, seed=0))


def task(processes: Processes, instance: int, node: str) -> Complete:
    wait = next(w for w in processes.state(instance).waits if w.node == node)
    return Complete(wait=wait.id, by="clerk")


def one_task(name: str, *nodes: str) -> bytes:
    draft = Draft(name)
    draft.node("start", "start")
    draft.node("end", "end")
    for node in nodes:
        draft.node(node, "user")
    draft.line("start", *nodes, "end")
    return write(draft.definition())


def test_an_instance_goes_on_under_the_version_it_began_with() -> None:
    processes = office()
    first = processes.publish(one_task("permit", "check"), by="modeller", now=NOW)
    old, _ = processes.start("permit", Start(), by="desk", now=NOW)
    second = processes.publish(one_task("permit", "check", "sign"), by="modeller", now=NOW)
    new, _ = processes.start("permit", Start(), by="desk", now=NOW)
    assert first.key != second.key
    processes.step(old, task(processes, old, "check"), by="clerk", now=NOW)
    processes.step(new, task(processes, new, "check"), by="clerk", now=NOW)
    assert processes.state(old).status == "ended"
    assert [w.node for w in processes.state(new).waits] == ["sign"]


def test_an_instance_is_carried_over_by_a_declared_mapping() -> None:
    processes = office()
    processes.publish(one_task("permit", "check"), by="modeller", now=NOW)
    instance, _ = processes.start("permit", Start(), by="desk", now=NOW)
    new = processes.publish(one_task("permit", "examine", "sign"), by="modeller", now=NOW)
    unmapped = Migrate(by="admin", why="new law", to=new.key)
    with pytest.raises(Stuck, match="no such node of the same kind"):
        processes.step(instance, unmapped, by="admin", now=NOW)
    mapped = Migrate(by="admin", why="new law", to=new.key, nodes={"check": "examine"})
    processes.step(instance, mapped, by="admin", now=NOW)
    processes.step(instance, task(processes, instance, "examine"), by="clerk", now=NOW)
    assert [w.node for w in processes.state(instance).waits] == ["sign"]
    assert processes.last(instance).record.__class__ is Stepped


def test_what_cannot_run_is_refused_by_its_element_in_both_languages() -> None:
    draft = Draft("wrong")
    draft.node("start", "start")
    draft.node("which", "exclusive", name="Which way?")
    draft.node("end", "end")
    draft.line("start", "which")
    draft.flow("which", "end", when="amount >")
    draft.flow("which", "end", when="amount < 3")
    with pytest.raises(Unfit, match="is no FEEL") as caught:
        office().publish(write(draft.definition()), by="modeller", now=NOW)
    (problem,) = caught.value.problems
    assert "which_to_end" in problem.where
    assert "不是 FEEL" in problem.zh


BOMB = b"""<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"/></definitions>"""


@pytest.mark.parametrize(
    "text", [b"", b"<a>", b"<a/>", BOMB, b"<definitions/>", b"\xff\xfe", b"{}"]
)
def test_a_malformed_file_is_refused(text: bytes) -> None:
    with pytest.raises(Unfit) as caught:
        office().publish(text, by="modeller", now=NOW)
    assert all(problem.zh and problem.en for problem in caught.value.problems)


def test_a_diagram_of_ten_thousand_nodes_is_refused_with_how_to_mend_it() -> None:
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    nodes = "".join(f'<task id="n{number}"/>' for number in range(10_001))
    text = f'<definitions xmlns="{space}"><process id="p">{nodes}</process></definitions>'
    with pytest.raises(Unfit, match="split the process"):
        office().publish(text.encode(), by="modeller", now=NOW)


def test_a_timer_rings_once_and_not_while_the_case_is_suspended() -> None:
    draft = Draft("late")
    draft.node("start", "start")
    draft.node("mend", "user")
    week = Trigger(kind="timer", timer=Timer("duration", "P7D"))
    draft.event("week", "boundary", week, attached="mend")
    draft.node("given_up", "user")
    draft.node("end", "end")
    draft.line("start", "mend", "end")
    draft.line("week", "given_up", "end")
    processes = office()
    processes.publish(write(draft.definition()), by="modeller", now=NOW)
    instance, _ = processes.start("late", Start(), by="desk", now=NOW)
    stop = Suspend(by="clerk", why="papers are missing")
    processes.step(instance, stop, by="clerk", now=NOW + DAY)
    processes.ring(NOW + 10 * DAY)
    assert [w.node for w in processes.state(instance).waits if w.kind == "task"] == ["mend"]
    go = Resume(by="clerk", why="they came")
    processes.step(instance, go, by="clerk", now=NOW + 11 * DAY)
    processes.ring(NOW + 16 * DAY)
    assert [w.node for w in processes.state(instance).waits if w.kind == "task"] == ["mend"]
    assert processes.ring(NOW + 17 * DAY) == 1
    assert [w.node for w in processes.state(instance).waits] == ["given_up"]
    assert processes.ring(NOW + 30 * DAY) == 0


def with_a_job() -> bytes:
    draft = Draft("print")
    draft.node("start", "start")
    draft.node("print", "service", topic="print")
    draft.event("jam", "boundary", Trigger(kind="error", name="JAM"), attached="print")
    draft.node("by_hand", "user")
    draft.node("end", "end")
    draft.line("start", "print", "end")
    draft.line("jam", "by_hand", "end")
    return write(draft.definition())


def test_a_job_is_leased_to_one_worker_and_free_again_when_the_lease_runs_out() -> None:
    processes = office()
    processes.publish(with_a_job(), by="modeller", now=NOW)
    processes.start("print", Start(vars={"pages": 3}), by="desk", now=NOW)
    (job,) = processes.work.lease("print", "one", NOW, lease=timedelta(minutes=1))
    assert job.vars == {"pages": 3}
    assert processes.work.lease("print", "two", NOW + timedelta(seconds=59)) == []
    (again,) = processes.work.lease("print", "two", NOW + timedelta(minutes=2))
    assert again.key == job.key, "whoever does it, it is the same call"
    processes.work.finish(again, "two", {}, NOW + timedelta(minutes=3))
    with pytest.raises(Stuck):
        processes.work.finish(job, "one", {}, NOW + timedelta(minutes=4))
    assert processes.state(job.instance).status == "ended"


def test_a_worker_s_error_goes_its_drawn_way_and_a_trouble_is_told() -> None:
    processes = office()
    processes.publish(with_a_job(), by="modeller", now=NOW)
    processes.start("print", Start(), by="desk", now=NOW)
    (job,) = processes.work.lease("print", "one", NOW)
    processes.work.fail(job, "one", NOW, why="no paper")
    assert processes.work.lease("print", "two", NOW) == [], "it is tried again a little later"
    later = NOW + timedelta(seconds=10)
    for wait in (20, 40):
        (job,) = processes.work.lease("print", "two", later)
        processes.work.fail(job, "two", later, why="no paper")
        later += timedelta(seconds=wait)
    assert processes.instances.stuck == {job.instance: "print: no paper"}
    assert processes.work.lease("print", "two", later + DAY) == [], "a person must look at it"
    processes.freed(job.instance, by="clerk", now=later)
    (job,) = processes.work.lease("print", "two", later)
    assert job.left == 3
    processes.work.error(job, "two", ("JAM", {"error": "a jam"}), later)
    assert processes.instances.stuck == {}
    assert [w.node for w in processes.state(job.instance).waits] == ["by_hand"]


def talking() -> tuple[bytes, bytes]:
    """Draw two processes: one asks and waits, the other begins with the question and answers."""
    ask = Draft("asks")
    ask.node("start", "start")
    question = Trigger(kind="message", name="question")
    ask.node("ask", "send", triggers=(question,), inputs=(("number", "number"),))
    answer = Trigger(kind="message", name="answer", key="number")
    ask.event("hear", "catch", answer)
    ask.node("end", "end")
    ask.line("start", "ask", "hear", "end")
    tell = Draft("tells")
    tell.event("begun", "start", question)
    back = Trigger(kind="message", name="answer", key="number")
    tell.node("tell", "send", triggers=(back,), inputs=(('"yes"', "said"),))
    tell.node("over", "end")
    tell.line("begun", "tell", "over")
    return write(ask.definition()), write(tell.definition())


def test_processes_talk_by_messages_also_when_the_answer_comes_first() -> None:
    processes = office()
    for drawn in talking():
        processes.publish(drawn, by="modeller", now=NOW)
    instance, _ = processes.start("asks", Start(vars={"number": "7"}), by="desk", now=NOW)
    state = processes.state(instance)
    assert state.status == "ended"
    assert not processes.instances.thrown
    assert processes.message("answer", "8", {}, by="post", now=NOW) is None


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "log.db")
    with Log.open(path) as log:
        processes = office(log)
        processes.publish(write(in_parallel("a", "b", "c")), by="modeller", now=NOW)
        instance, _ = processes.start("package", Start(), by="desk", now=NOW)
        processes.step(instance, task(processes, instance, "accept"), by="clerk", now=NOW)
        processes.memory.folds.keep()
        processes.step(instance, task(processes, instance, "b"), by="clerk", now=NOW)
        before = processes.state(instance)
    with Log.open(path) as log:
        again = office(log)
        assert again.state(instance) == before
        assert sorted(w.node for _, w in again.instances.all_of("task")) == ["a", "c"]
        assert isinstance(again.models.published[before.definition], Published)
        for fold in every_fold({}):
            if fold.name in {"models", "instances"}:
                fresh = rebuilt(log, type(fold)).dump()
                assert fresh == next(
                    f.dump() for f in (again.models, again.instances) if f.name == fold.name
                )
