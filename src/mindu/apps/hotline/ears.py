"""Ears: what of a message must be known at once: people to be masked, and matters of other lines.

Cue words, not a model: they work from the first second, with no file to lose, and anybody can check
them. What stands before or after a cue may take it back ("演练", "去年", "谢谢 119").
"""

import re

from mindu.city import HandOver, Words

SIGN = "＊"
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])\+?[0-9][0-9 \-]{5,21}[0-9Xx](?![0-9A-Za-z])")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_NAME = re.compile(
    r"((?:我叫|我是|姓名[::]?|联系人[::]?|本人)\s*)([\u4e00-\u9fff]{2,3})(?=[,,。;;、\s]|$)"
)
_PAST = re.compile(
    r"演练|演习|去年|上次|感谢|谢谢|表扬|讲座|咨询.{0,6}(?:电话|流程)|drill|last year",
    re.IGNORECASE,
)
LINES: tuple[tuple[str, str, Words], ...] = (
    (
        "119",
        r"着火|起火|火灾|冒浓烟|爆炸|煤气泄漏|燃气泄漏|天然气泄漏|被困(?:在)?(?:电梯|车里|车内|水里|屋里)"
        r"|困在(?:电梯|车里|车内|水里|屋顶)|落水|溺水|\bfire\b(?! drill)|on fire|gas leak|explosion"
        r"|trapped|drowning",
        Words(
            "Call 119 now, or stay on the line and I put you through. Leave the place if you can"
            " do so safely. Which street and number?",
            "请立即拨打 119,或不要挂断,我马上为您转接。请在安全的前提下先离开现场。您在哪条路几号?",
        ),
    ),
    (
        "120",
        r"昏迷|没有呼吸|没呼吸|心脏病发|大出血|中毒|受了?重伤|晕倒|突然倒地|unconscious"
        r"|not breathing|heart attack|bleeding badly|poisoned",
        Words(
            "Call 120 now, or stay on the line and I put you through. Is the person awake and"
            " breathing? Where are you exactly?",
            "请立即拨打 120,或不要挂断,我马上为您转接。病人是否清醒、有没有呼吸?"
            "您的具体位置在哪里?",
        ),
    ),
    (
        "110",
        r"有人打架|持刀|抢劫|被抢了|绑架|被人打|家暴|入室盗窃|要跳楼|想自杀|轻生|失踪|robbery|robbed"
        r"|with a knife|kidnap|being beaten|going to jump|suicide",
        Words(
            "Call 110 now, or stay on the line and I put you through. Are you safe where you are?"
            " Where is it?",
            "请立即拨打 110,或不要挂断,我马上为您转接。您现在安全吗?事发地点在哪里?",
        ),
    ),
    (
        "122",
        r"车祸|撞车了|发生交通事故|两车相撞|追尾了|撞到人|car crash|traffic accident|hit by a car",
        Words(
            "Call 122 now (120 if somebody is hurt). Switch on the hazard lights and stand behind"
            " the guard rail. Which road, which direction?",
            "请立即拨打 122(有人受伤先拨 120)。请开双闪并撤到护栏外。您在哪条路、哪个方向?",
        ),
    ),
)
_CUES = tuple((agency, re.compile(cue, re.IGNORECASE), says) for agency, cue, says in LINES)
REACH = 12  # characters around a cue in which it may be taken back
MOST = 8_000  # characters that are read


def hand_over(text: str) -> HandOver | None:
    """Say whether a matter belongs to 110, 119, 120 or 122, with the words to say at once.

    What the reader of text is sure of goes over; what only these cues see stays ours as well.
    """
    from mindu.engines.text.axes import emergency  # noqa: PLC0415 - loads with the first message

    plain = text[:MOST]
    told = emergency(plain)
    if told is not None:
        return HandOver(told.line, Words(told.say_en, told.say_zh))
    for agency, cue, says in _CUES:
        for found in cue.finditer(plain):
            near = plain[max(0, found.start() - REACH) : found.end() + REACH]
            if not _PAST.search(near):
                return HandOver(agency, says, stays=True)
    return None


def mask(text: str) -> str:
    """Take people out of a text: what the reader of text knows, then every long number left."""
    from mindu.engines.text.mask import mask as hidden  # noqa: PLC0415 - loads with the first message

    found = _MAIL.sub(f"[邮箱{SIGN}]", hidden(text).text)
    found = _NAME.sub(rf"\1[姓名{SIGN}]", found)
    return _NUMBERS.sub(_hidden, found)


def _hidden(found: re.Match[str]) -> str:
    digits = sum(sign.isdigit() for sign in found[0])
    return f"[号码{SIGN}]" if digits >= 7 else found[0]
