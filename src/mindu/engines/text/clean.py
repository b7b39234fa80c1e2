"""Clean: what a stranger typed becomes plain text of bounded length, before anything reads it."""

import re
import unicodedata

import msgspec
import numpy as np

LIMIT = 8_000  # characters that are read; the longest real message known here has about 5,000
MARKS = 2  # combining marks kept on one letter; more is a flood that hides or breaks pages

# Zero-width, direction and tag characters change nothing a person sees, and hide words from rules.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_FLOOD = re.compile(rf"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{{{MARKS}}})"
                    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+")  # fmt: skip
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n\s*\n+")
_AGAIN = re.compile(r"(.)\1{15,}", re.DOTALL)
# What most messages are made of, and what NFKC makes of it: letters that nothing combines with.
_USUAL = re.compile(
    "[\n -~\u4e00-\u9fff\u2018-\u2019\u201c-\u201d\u3001-\u3002\u300a-\u300b"
    "\u3010-\u3011\uff01-\uff5e]*"
)
_WIDE, _WIDEST, _NARROWER = 0xFF01, 0xFF5E, 0xFEE0  # full-width signs, and how far from ASCII


class Clean(msgspec.Struct, frozen=True):
    """Text that is safe to read, and whether something at its end was left out."""

    text: str
    cut: bool


def clean(raw: str, *, limit: int = LIMIT) -> Clean:
    """Return `raw` as plain text of at most `limit` characters.

    Full-width letters and digits become ordinary ones (NFKC), unseen characters go, one character
    said more than sixteen times in a row is said sixteen times. Costs at most a few milliseconds
    whatever the length: what lies beyond four times the limit is never looked at.
    """
    if limit < 1:
        raise ValueError(f"a limit of {limit} characters leaves nothing to read; give 1 or more")
    head = raw[: 4 * limit]
    if _USUAL.fullmatch(head):
        seen = _narrow(head)
    else:
        seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", head)[: 4 * limit])
    seen = _AGAIN.sub(lambda found: found[1] * 16, _FLOOD.sub(r"\1", seen))
    seen = _LINES.sub("\n", _SPACES.sub(" ", seen)).strip()
    return Clean(text=seen[:limit], cut=len(raw) > len(head) or len(seen) > limit)


def _narrow(text: str) -> str:
    """Return usual text with its full-width signs as ordinary ones; a table would take longer."""
    signs = np.frombuffer(text.encode("utf-32-le"), "<u4").copy()
    signs[(signs >= _WIDE) & (signs <= _WIDEST)] -= _NARROWER
    return signs.tobytes().decode("utf-32-le")
