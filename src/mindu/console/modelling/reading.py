"""Reading: the text of a process becomes a drawing that can be tried, or the reader learns why."""

from mindu.base.records import Words
from mindu.console.ask import Bad
from mindu.engines.process import Definition, check, read
from mindu.engines.rules import ModelError, Problem

MEND = Words("Mend it first: the check names each element.", "请先按检查结果逐项修正。")


def drawing(text: str | bytes) -> Definition:
    """Return a drawing that can run.

    Raises:
        Bad: it cannot be read, or something keeps it from running.
    """
    try:
        drawn = read(text)
    except ModelError as no:
        raise _unfit(no.problem) from no
    problems = check(drawn)
    if problems:
        raise _unfit(problems[0])
    return drawn


def _unfit(one: Problem) -> Bad:
    says = Words(f"{one.where}: {one.en}", f"{one.where}:{one.zh}")
    return Bad(422, says, MEND, field="text")
