"""Grams: words as the search keeps them; Chinese in pairs of signs, so that any two find it."""

import re
import unicodedata
from collections.abc import Iterator

_SIGNS = "\u3400-\u9fff\U00020000-\U0003ffff"
_PIECES = re.compile(rf"[{_SIGNS}]+|[^\W_{_SIGNS}]+")
_HAN = re.compile(rf"[{_SIGNS}]")
MOST_ASKED = 200  # signs of one question
MOST_TELLING = 40  # pairs and words by which likeness is looked for
# What people say around the thing they want: it stands in every request, and tells of none.
_SAID = """
数据 据集 开放 公开 希望 能够 可以 提供 申请 请求 需要 我们 我想 想要 请问 一下 有关 关于 相关
信息 情况 各个 所有 全部 福州 州市 the of and for in on to data dataset open please we want
need about all city public
"""
_EMPTY = frozenset(_SAID.split())


def kept(text: str) -> str:
    """Return what is kept of a text: `光明港 pump` becomes `光明 明港 港 pump`."""
    found: list[str] = []
    for piece in _PIECES.findall(plain(text)):
        if _HAN.match(piece):
            found += [piece[i : i + 2] for i in range(len(piece))]
        else:
            found.append(piece)
    return " ".join(found)


def asked(text: str) -> str:
    """Return a question in the search's own language; "" where nothing can be searched for.

    Every piece must be found; Chinese as a phrase of pairs, a word as it is.
    """
    return " AND ".join(f'"{pairs}"{"*" if one else ""}' for pairs, one in _pieces(text))


def begun(text: str) -> str:
    """Return the same question, with words as beginnings of words."""
    return " AND ".join(f'"{pairs}"*' for pairs, _ in _pieces(text))


def telling(text: str) -> list[str]:
    """Return the pairs and words of a text that tell what it is about, each once, in order."""
    found = [gram for gram in kept(text[:MOST_ASKED]).split() if len(gram) > 1]
    return [gram for gram in dict.fromkeys(found) if gram not in _EMPTY][:MOST_TELLING]


def lexemes(text: str, *, begun: bool) -> str:
    """Return a question as PostgreSQL asks it; "" where nothing can be searched for."""
    return " & ".join(
        "(" + " <-> ".join(f"'{pair}'" for pair in pairs.split()) + (":*)" if one or begun else ")")
        for pairs, one in _pieces(text)
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pairs or the word of each piece, and whether it is one Chinese sign alone."""
    for piece in _PIECES.findall(plain(text[:MOST_ASKED])):
        if _HAN.match(piece) and len(piece) > 1:
            yield " ".join(piece[i : i + 2] for i in range(len(piece) - 1)), False
        else:
            yield piece, bool(_HAN.match(piece))


def plain(text: str) -> str:
    """Return a text in one writing: full-width signs narrow, letters small."""
    return unicodedata.normalize("NFKC", text).lower()
