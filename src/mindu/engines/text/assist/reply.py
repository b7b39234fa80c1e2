"""Reply: whether an answer answers, cites, says what comes next and keeps other people out."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from mindu.engines.text.clean import clean
from mindu.engines.text.mask import mask
from mindu.engines.text.words import words

Weight = Literal["stop", "mend"]


class Fault(msgspec.Struct, frozen=True):
    """One thing to mend before a reply goes out; a `stop` must not go as it is."""

    code: str
    zh: str
    en: str
    weight: Weight
    where: str = ""


_LAW = re.compile(
    r"《[^》]{2,60}》|第[一二三四五六七八九十百零\d]+条|[〔\[]\d{4}[〕\]]\d+号|依据|根据.{2,30}(?:规定|办法|条例|通知|法)"
)
_NEEDS_LAW = re.compile(
    r"依据|凭什么|合法|违法|政策|规定|标准|法律|能不能|是否(?:可以|符合|合理)|条件"
)
_NEXT = re.compile(
    r"\d{1,2}月\d{1,2}[日号]|\d+个?(?:工作)?[日天]内|已(?:经)?(?:完成|修复|整改|处理|办结|解决|发放|恢复|清理|安排|责令|联系)|预计|计划于|下一步|将(?:于|在|会|对|安排|加强|督促)|无法|不予|不能|建议您|您可"
)
_COURTESY = [
    "您好",
    "网友",
    "收悉",
    "收到",
    "已转",
    "已阅",
    "感谢",
    "高度重视",
    "正在处理",
    "正在核实",
    "正在研究",
    "调查处理中",
    "会尽快",
]
_AROUND = frozenset(",。;!的您来信反映问题情况我们支持对工作理解与")
_BEFORE = 20  # characters that lead up to one courtesy
_BLAME = re.compile(
    r"(?:不归|不属于?)(?:我们?|本)(?:局|部门|单位|街道|办)?(?:管|负责|职责|范围)|找(?:别的|其他)部门|无能为力|爱莫能助"
)
_INSTEAD = re.compile(r"(?:请|可|建议).{0,12}(?:联系|拨打|前往|咨询|向)|已(?:经)?转|移交|协调")
_CONTACT = re.compile(
    r"(?:办公|公开|咨询|联系|服务|监督|值班|投诉|热线|科室|窗口|我[局办]|社区)[^,。;]{0,8}$"
)
SHORT = 40  # characters; the shortest reply that citizens called an answer had about so many
SHARED = 2  # words of the question that an answer takes up
NOTE = 60  # characters up to which a question is a note


def check_reply(
    question: str, reply: str, *, own: Sequence[str] = (), known: Sequence[str] = ()
) -> tuple[Fault, ...]:
    """Return what is to be mended in a reply to a question; empty when nothing was found.

    `own` are strings of the caller that may stand in it (such as the name); `known` are offices'
    numbers that are public. Rules that a person can read: length and phrases alone do not make an
    answer good, so this stops what is plainly wrong and never says that a reply is right.
    """
    said, asked = clean(reply, limit=20_000).text, clean(question).text
    found = [*_people(said, (*own, *known)), *_substance(asked, said)]
    if _NEEDS_LAW.search(asked) and not _LAW.search(said):
        found.append(
            Fault(
                "cites",
                "问的是政策或依据,答复没有引用",
                "asks for the rule, and none is cited",
                "mend",
            )
        )
    if (blame := _BLAME.search(said)) and not _INSTEAD.search(said):
        found.append(
            Fault(
                "blames", "只说不归我管,没有说该找谁", "says not ours, not whose", "stop", blame[0]
            )
        )
    return tuple(found)


def _people(said: str, allowed: Sequence[str]) -> list[Fault]:
    faults = []
    for span in mask(said).found:
        piece = said[span.start : span.end]
        public = span.kind == "phone" and _CONTACT.search(
            said[max(0, span.start - 12) : span.start]
        )
        if public or any(piece and piece in one for one in allowed):
            continue
        faults.append(
            Fault(
                "people", "含有他人的个人信息", "holds somebody's personal data", "stop", span.kind
            )
        )
    return faults


def _substance(asked: str, said: str) -> list[Fault]:
    if len(said) < SHORT or _is_courtesy(said):
        return [Fault("empty", "只是客套,没有内容", "courtesy without content", "stop")]
    faults = []
    took = {word for word in words(asked) if len(word) > 1} & set(words(said))
    # A note of one line may be cut into words otherwise than its answer: letters tell then.
    note = len(asked) < NOTE and len(_pairs(asked) & _pairs(said)) > SHARED
    if len(took) < SHARED and not note:
        faults.append(
            Fault(
                "beside", "没有提到所问的事,可能答非所问", "does not take up what was asked", "stop"
            )
        )
    if not _NEXT.search(said):
        faults.append(
            Fault(
                "open", "没有说做了什么、何时做、或为何不能", "no deed, no day, no reason", "mend"
            )
        )
    return faults


def _pairs(text: str) -> set[str]:
    return {one + other for one, other in pairwise(text) if one.isalnum() and other.isalnum()}


def _is_courtesy(said: str) -> bool:
    """Return whether a text is courtesies alone, each with what leads up to it and stands around.

    Walks the text once: a pattern would try every way to cut it, which takes hours.
    """
    reached = [False] * (len(said) + 1)  # a courtesy with all around it may end here
    reached[0], looked = True, 0
    for start in (at for at in range(len(said)) if reached[at]):
        for begin in range(max(start, looked), min(start + _BEFORE + 1, len(said))):
            if "\n" in said[start:begin]:
                break
            looked = begin + 1
            for one in _COURTESY:
                if said.startswith(one, begin):
                    _reach(reached, said, begin + len(one))
    return reached[-1]


def _reach(reached: list[bool], said: str, end: int) -> None:
    """Mark where a courtesy ends, and every place behind it up to which is only what surrounds."""
    while end < len(said) and said[end] in _AROUND and not reached[end]:
        reached[end] = True
        end += 1
    reached[end] = True
