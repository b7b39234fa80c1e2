"""Comparing: two versions of a model, each difference by its element and in words."""

from mindu.base.records import Words
from mindu.console.ask import Bad
from mindu.console.contract.common import Seen
from mindu.console.contract.models.trying import Compared, Difference
from mindu.console.modelling.checking import DMN
from mindu.console.modelling.modelling import Modelling
from mindu.engines.process import compare as of_processes
from mindu.engines.process import read
from mindu.engines.rules import Change, ModelError
from mindu.engines.rules import compare as of_decisions
from mindu.engines.rules.dmn.xml import read_xml

TOLD = 500  # differences
APART = Words(
    "One is a process, the other a decision: they cannot be compared.",
    "一个是流程,一个是决定,无法比较。",
)
SAME = Words("Choose two versions of one model.", "请选择同一模型的两个版本。")


def compared(desk: Modelling, old: str, new: str, seen: Seen) -> Compared:
    """Return what differs between two versions, or a version and a draft.

    Raises:
        Bad: there is no such version, one cannot be read, or they are of different kinds.
    """
    texts = desk.text(old), desk.text(new)
    found = _differences(*texts)
    return Compared(
        seen=seen,
        old=old,
        new=new,
        differences=tuple(
            Difference(what=one.what, element=one.element, says=Words(one.en, one.zh))
            for one in found[:TOLD]
        ),
        total=len(found),
        old_text=texts[0].decode("utf-8", "replace"),
        new_text=texts[1].decode("utf-8", "replace"),
    )


def _differences(old: bytes, new: bytes) -> tuple[Change, ...]:
    try:
        kinds = {DMN in read_xml(text).space for text in (old, new)}
        if len(kinds) > 1:
            raise Bad(422, APART, SAME, field="new")
        return of_decisions(old, new) if kinds.pop() else of_processes(read(old), read(new))
    except ModelError as no:
        one = no.problem
        mend = Words("Mend the drawing first.", "请先修正图形。")
        raise Bad(422, Words(f"{one.where}: {one.en}", f"{one.where}:{one.zh}"), mend) from no
