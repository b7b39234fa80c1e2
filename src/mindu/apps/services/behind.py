"""Behind: find a department whose open tasks run past their promised time within the hour."""

from mindu.apps.services.things import LATE, Department
from mindu.city import (
    HOUR,
    MINUTE,
    Authority,
    Expect,
    Judgement,
    Loop,
    Severity,
    View,
    Words,
)


def judge(department: Department, see: View) -> Judgement | None:
    """Find a department whose share of late tasks passes the mark."""
    peak = see.peak(department, "late")
    if peak < see[LATE]:
        return None
    says = Words(
        f"{department.name_en}: {peak:.0%} of its open tasks will be late within the hour",
        f"{department.name_zh}:一小时内将有 {peak:.0%} 的在办任务超期",
    )
    proof = Expect("late", within=HOUR, above=see[LATE], ever=True)
    return Judgement("behind", Severity.YELLOW, says, confidence=0.7, proof=proof)


def event(_department: Department, see: View) -> Expect | None:
    """Say which mark must not be passed unforetold."""
    return Expect("late", within=HOUR, above=see[LATE], ever=True)


BEHIND = Loop(
    name="behind",
    of=Department,
    needs={"late": 15 * MINUTE},
    judge=judge,
    event=event,
    authority=Authority.ADVISE,
    title=Words("Departments behind their promises", "部门办理超期"),
)
