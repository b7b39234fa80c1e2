"""What a column of a table holds: its heading is the context that each of its values lacks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from mindu.engines.text.detect.spans import spans

MOST = 1_000  # values that are looked at
LONG = 2_000  # signs of a value that are looked at
WHOLE = 0.6  # of a value: so much of it is the thing itself
SURE = 0.5  # share of values that say what a column is
SOME = 0.02  # share of values that say that something stands in its words
_HINTS = (
    ("name", re.compile("姓名|联系人|经办人|负责人|法人代表|法定代表人|户主|申请人|来电人|投诉人")),
    ("id", re.compile("身份证|证件号|公民身份")),
    ("phone", re.compile("电话|手机|联系方式|座机|热线号码")),
    ("bank", re.compile("银行卡|卡号|账号|帐号")),
)
_SAID = {"name": "姓名", "id": "身份证号", "phone": "电话", "bank": "卡号"}


class Found(NamedTuple):
    """A kind of data in a column, the share of values that hold it, and whether they are it."""

    kind: str
    share: float
    whole: bool


def column(heading: str, values: Iterable[str]) -> list[Found]:
    """Return what a column holds, surest first."""
    hint = next((kind for kind, told in _HINTS if told.search(heading)), "")
    before = f"{_SAID[hint]}:" if hint else ""
    held: Counter[tuple[str, bool]] = Counter()
    count = 0
    for value in values:
        if count >= MOST:
            break
        text = unicodedata.normalize("NFKC", value[:LONG]).strip()
        if text:
            count += 1
            held.update(_kinds(before, text))
    found = []
    for kind in {kind for kind, _ in held}:
        whole = held[kind, True] / max(count, 1)
        some = whole + held[kind, False] / max(count, 1)
        if some >= SOME:
            found.append(Found(kind, round(some, 4), whole >= SURE))
    return sorted(found, key=lambda one: (-one.whole, -one.share, one.kind))


def _kinds(before: str, text: str) -> set[tuple[str, bool]]:
    """Return the kinds in one value, and whether it is one of that kind and little else."""
    found = set()
    for span in spans(before + text):
        start, end = max(0, span.start - len(before)), span.end - len(before)
        if end > start:
            found.add((span.kind, end - start >= WHOLE * len(text)))
    return found
