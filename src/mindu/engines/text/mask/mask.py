"""Mask what names a person: who called stays with the case's keeper, the text goes on without."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from mindu.engines.text.mask.names import names
from mindu.engines.text.mask.numbers import numbers

SIGNS = {
    "id": "[身份证号]", "bank": "[银行卡号]", "phone": "[电话]", "plate": "[车牌]",
    "email": "[邮箱]", "account": "[账号]", "name": "[姓名]",
}  # fmt: skip
ORDER = tuple(SIGNS)  # where two claims overlap, the earlier kind wins

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•. -]?"
    r"(?:[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|"
    r"(?=[A-Z]{0,3}\d)[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}", re.ASCII | re.ASCII
)
_ACCOUNT = re.compile(
    r"(?:微信号?|wechat|weixin|QQ号?)(?:账号|号码)?[是为: ]{0,3}"
    r"([A-Za-z][\w-]{5,19}|[1-9]\d{4,11})",
    re.IGNORECASE | re.ASCII,
)
_ANY = re.compile(r"[0-9零一二三四五六七八九幺@A-Za-z]")


class Span(msgspec.Struct, frozen=True):
    """Where something of a person stood in the given text: from `start` to before `end`."""

    kind: str
    start: int
    end: int


class Masked(msgspec.Struct, frozen=True):
    """The text without people, and what was taken out of it (places in the text as given)."""

    text: str
    found: tuple[Span, ...] = ()


def mask(text: str) -> Masked:
    """Replace identity numbers, cards, phones, plates, mail addresses and names by their signs."""
    kept = settled(claims(text), ORDER)
    parts, at = [], 0
    for span in kept:
        parts += [text[at : span.start], SIGNS[span.kind]]
        at = span.end
    return Masked(text="".join([*parts, text[at:]]), found=tuple(kept))


def settled(claimed: Iterable[Span], order: Sequence[str]) -> list[Span]:
    """Return spans of which no two overlap, in their places; the earlier kind of `order` holds."""
    found = sorted(claimed, key=lambda span: (order.index(span.kind), span.start - span.end))
    kept: list[Span] = []
    for span in found:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    kept.sort(key=lambda span: span.start)
    return kept


def claims(text: str) -> Iterator[Span]:
    """Yield everything in a text that may be somebody's, overlaps and all."""
    if _ANY.search(text):
        for kind, start, end in numbers(text):
            yield Span(kind, start, end)
        for found in _PLATE.finditer(text):
            yield Span("plate", *found.span())
        for found in _EMAIL.finditer(text) if "@" in text else ():
            yield Span("email", *found.span())
        for found in _ACCOUNT.finditer(text):
            yield Span("account", *found.span(1))
    for kind, start, end in names(text):
        yield Span(kind, start, end)
