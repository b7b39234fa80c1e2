"""Corrections: a person says that a register is wrong; the department answers within days.

What it corrects is a new material with the day of the correction; the old one is not used again.
"""

from datetime import datetime

from mindu.apps.services.counter import Counter
from mindu.apps.services.kind import CASE
from mindu.apps.services.materials import Material, Materials
from mindu.apps.services.own.refused import NotSo
from mindu.engines.process import Definition
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Start

PROCESS, CORRECTED = "correction", "corrected"
TERM = "360h"  # 15 calendar days; ours: the law (个人信息保护法第四十六条) says in time
MOST_SAID = 2_000  # characters


def drawn(department: str) -> Definition:
    """Draw: the department checks, and the person is answered, inside the case's term."""
    draft = Draft(process_of(department), title="信息更正", case=CASE, term=TERM, unit=department)
    draft.node("start", "start")
    draft.node("check", "user", name="核实更正申请 look into what is wrong", groups=department,
               term=TERM, outputs=(("approved", "approved"), ("result", "result")))  # fmt: skip
    draft.node("end", "end", name="更正办结 answered")
    draft.line("start", "check", "end")
    return draft.definition()


def process_of(department: str) -> str:
    """Return the name of a department's process: its name as plain letters."""
    return f"{PROCESS}_{department.encode().hex()[:40]}"


class Corrections:
    """Takes in what people say is wrong, and keeps what departments correct."""

    def __init__(self, counter: Counter, materials: Materials) -> None:
        """Correct the materials of a counter's library."""
        self.counter, self._materials = counter, materials
        self._known = 0

    def ask(self, subject: str, path: str, said: str, *, by: str, now: datetime) -> str:
        """Ask for a correction of one part of a material; return its number.

        Raises:
            ValueError: there is no such material, or nothing was said.
        """
        kind, _, part = path.partition(".")
        material = self._materials.current(subject, kind, now)
        if material is None or part not in material.told or not said.strip():
            raise NotSo(
                "name a material that is kept, and say what is right",
                "请选择材料库中的材料,并填写正确内容",
            )
        department, processes = material.vouched, self.counter.processes
        processes.publish(write(drawn(department)), by="services", now=now)
        told = {"kind": kind, "part": part, "department": department}
        start = Start(applicant=subject, vars=told)
        with processes.together():
            instance, _ = processes.start(process_of(department), start, by=by, now=now)
            self.counter.vault.put(subject, f"{PROCESS}:{instance}", said.strip()[:MOST_SAID])
        return self.counter.number(instance)

    def said(self, instance: int) -> str:
        """Return what a person said is right, for the department that checks it."""
        subject = self.counter.processes.state(instance).applicant
        return str(self.counter.vault.get(subject, f"{PROCESS}:{instance}") or "")

    def look(self, now: datetime) -> int:
        """Take in what departments answered; return how many materials were corrected."""
        touched = self.counter.processes.touched(self._known)
        self._known = len(self.counter.processes.memory.log)
        return sum(self._correct(instance, now) for instance in touched if self._agreed(instance))

    def _agreed(self, instance: int) -> bool:
        """Say whether a department agreed to a correction that was not made yet."""
        processes = self.counter.processes
        if not processes.began(instance).process.startswith(f"{PROCESS}_"):
            return False
        known, over = processes.variables(instance), processes.state(instance).status == "ended"
        made = next(processes.notes(instance, CORRECTED), None) is not None
        return over and known.get("approved") is True and bool(known.get("result")) and not made

    def _correct(self, instance: int, now: datetime) -> bool:
        processes = self.counter.processes
        known = processes.variables(instance)
        subject, kind = processes.state(instance).applicant, str(known["kind"])
        old = self._materials.current(subject, kind, now)
        if old is None:
            return False
        told = {**old.told, str(known["part"]): known["result"]}
        new = Material(kind=kind, told=told, vouched=old.vouched, at=now, until=old.until)
        kept = self._materials.keep(subject, new)
        note = {"material": kind, "digest": kept.digest}
        processes.note(instance, CORRECTED, note, by=old.vouched, now=now)
        return True
