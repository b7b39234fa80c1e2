"""The kind of case that an application is: its step clocks, on which law, and who is warned."""

from mindu.city import CaseKind, Rung, Words

CASE = "services"
# A step's term by its dial; the whole of a case and of its parts is drawn with the process.
TERMS = (
    ("dispatch", "*", "*", "5wd", "行政许可法第三十二条:五日内一次告知须补正的内容"),
    ("sign", "*", "*", "1wd", "ours: whoever is to work on it has read it within a day"),
    ("final", "*", "*", "10wd", "行政许可法第四十四条:决定之日起十日内送达"),
)
LADDER = (
    Rung("yellow", Words("the handling officer", "承办人")),
    Rung("orange", Words("the head of the handling office", "承办科室负责人")),
    Rung(
        "red", Words("the leader of the unit and the hall's supervisor", "单位分管领导、大厅督办")
    ),
    Rung("purple", Words("the efficiency office", "效能办")),
)
EXTEND_DAYS, EXTENSIONS = 10, 1  # 行政许可法第四十二条:经批准可以延长十日


def masked(text: str) -> str:
    """Return a matter as it is: it names a process, never a person."""
    return text


KIND = CaseKind(
    name=CASE, title=Words("Application", "政务服务办件"), terms=TERMS, mask=masked, ladder=LADDER,
    extend_days=EXTEND_DAYS, extensions=EXTENSIONS, public=False, mover="process",
)  # fmt: skip
