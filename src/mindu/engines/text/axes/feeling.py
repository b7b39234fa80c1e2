"""Feeling: how a message feels, from a lexicon of complaint and praise that heeds negation."""

import re
from collections.abc import Iterator

import msgspec

# Our own words for what citizens write to a hotline; weights from 1 (mild) to 3 (strong).
_BAD = {
    3: (
        "忍无可忍|天理难容|丧尽天良|草菅人命|欺人太甚|无法无天|民不聊生|黑心|"
        "无良|愤怒|气愤|绝望|崩溃|走投无路|苦不堪言|怨声载道|岂有此理|恶劣|"
        "恶心|骗子|坑害|坑人"
    ),
    2: (
        "投诉|举报|扰民|违法|违规|非法|乱收费|欺骗|虚假|推诿|扯皮|踢皮球|"
        "不作为|敷衍|置之不理|不闻不问|拖欠|欠薪|恶臭|污染|噪音|噪声|刺鼻|危险|"
        "隐患|无奈|失望|痛苦|糟糕|太差|很差|无语|寒心|心寒|受不了|没人管|"
        "无人管|无人处理|遥遥无期|烂尾|强制|霸占|侵占|损害|侵害|严重影响|毒害|"
        "脏乱差|坑坑洼洼|民怨"
    ),
    1: (
        "问题|堵塞|拥堵|破损|损坏|积水|漏水|停水|停电|难闻|很吵|太吵|吵闹|困扰|"
        "影响|麻烦|不便|缺失|浪费|担心|担忧|着急|焦急|拖延|迟迟|困难|堵|脏|臭|"
        "吵|难"
    ),
}
_GOOD = {
    3: "表扬|点赞|锦旗|非常感谢|衷心感谢|十分感谢|由衷|非常满意|感动|感激",
    2: (
        "满意|称赞|热情周到|耐心细致|认真负责|效率高|贴心|暖心|及时解决|"
        "圆满解决|很快解决|服务好|态度好|太好了|真好"
    ),
    1: "解决了|修好了|改善|舒适|漂亮|方便|喜欢|支持|欣慰|进步|热情|耐心",
}
_NOT = re.compile(
    r"(?:不|没|没有|未|无|非|别|从未|毫无|并不|并非|不太|不够|不是|难以|缺乏|谈不上|得不到|何谈|哪来的?)(?:很|太|够|能|会|再|被|得到|得|有|什么|任何|任何人|一点)?$"
)
_VERY = re.compile(
    r"(?:非常|十分|极其|极度|特别|太|严重|实在|真的?|超级|相当|完全|简直|一直|长期|多次|屡次)$"
)
_HEDGE = re.compile(
    r"希望|请|恳请|盼|望|能够|如果|期待|建议|为了|怎样|如何|是否|要求|避免|"
    r"防止"
)
_POLITE = re.compile(
    r"(?:谢谢|感谢|多谢|感激|万分感谢)(?:领导|您|你们|大家|政府|各位|!|。|,|$)|此致|敬礼|您好|尊敬的?|敬爱的?|辛苦了?|祝.{0,12}$"
)
_CLAUSE = re.compile(r"[。,!?;、\n]")
AROUND = 6  # characters before a word that can turn or strengthen it
EDGE = 0.2  # a score beyond it is a feeling, within it is plain
_HEAT = re.compile(r"[!?]{2,}|到底|凭什么|难道|还有没有|谁来|何时休|天理|良心")


class Feeling(msgspec.Struct, frozen=True):
    """From -1 (anger) over 0 (plain) to 1 (thanks); the words that spoke; anger from 0 to 1."""

    score: float
    label: str
    anger: float
    because: tuple[str, ...] = ()


class _Said(msgspec.Struct, frozen=True):
    word: str
    weight: float
    turned: bool


def feeling(text: str) -> Feeling:
    """Return how a cleaned message feels. Thanks said out of politeness do not count as praise.

    "不满意" is bad, "没有污染" is not; "希望环境舒适" wishes for good and so says that it is not.
    A lexicon cannot hear irony: `benchmarks/hotline.py` says how it does on real complaints.
    """
    plain = _POLITE.sub(lambda found: "。" * len(found[0]), text)
    bad = [said for said in _said(plain, _SHARP) if not said.turned]
    good = list(_said(plain, _KIND))
    against = sum(said.weight for said in bad) + sum(s.weight for s in good if s.turned)
    heat = len(_HEAT.findall(plain))
    against += 0.5 * heat
    kind = sum(said.weight for said in good if not said.turned)
    score = (kind - against) / (kind + against + 2.0)
    label = "praise" if score > EDGE else "plain" if score > -EDGE else "complaint"
    strong = sum(said.weight >= 3.0 for said in bad)
    words = tuple(dict.fromkeys(said.word for said in [*bad, *good]))[:6]
    anger = round(min(1.0, (2 * strong + heat) / 6), 3)
    return Feeling(score=round(score, 3), label=label, anger=anger, because=words)


def _said(text: str, lexicon: re.Pattern[str]) -> Iterator[_Said]:
    for found in lexicon.finditer(text):
        before = _CLAUSE.split(text[max(0, found.start() - AROUND) : found.start()])[-1]
        strong = 1.5 if _VERY.search(before) else 1.0
        weight = _WEIGHTS[found[0]] * strong
        turned = bool(_NOT.search(_VERY.sub("", before)))
        if lexicon is _KIND and _HEDGE.search(before):
            weight, turned = 0.5, True
        yield _Said(found[0], weight, turned)


def _lexicon(words: dict[int, str]) -> re.Pattern[str]:
    # Longer words first, so that 不满意 is never heard as 满意 inside another word. One plain list
    # of words is searched by its first letters; groups for the weights would hide them.
    return re.compile(
        "|".join(
            word
            for _, told in sorted(words.items(), reverse=True)
            for word in sorted(told.split("|"), key=len, reverse=True)
        )
    )


_SHARP, _KIND = _lexicon(_BAD), _lexicon(_GOOD)
_WEIGHTS = {
    word: float(weight)
    for lexicon in (_BAD, _GOOD)
    for weight, told in sorted(lexicon.items())
    for word in told.split("|")
}
