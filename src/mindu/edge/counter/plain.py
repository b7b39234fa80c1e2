"""Plain text: what people type, without what nobody types: controls, zero-width signs, floods."""

import re
import unicodedata
from hashlib import sha256

MOST = 4_000  # characters of a matter, as Open311 has it
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BLANK = re.compile(r"[ \t\u3000\xa0]+")
_LINES = re.compile(r"\n{3,}")
_SAME = re.compile(r"(.)\1{15,}", re.DOTALL)
PHONE = re.compile(r"\+?[0-9][0-9 \-]{4,18}[0-9]")


def plain(text: str, most: int = MOST) -> str:
    """Return text as a person would type it, cut at a limit; scripts stay mere characters."""
    cut = text[: 4 * most].replace("\r\n", "\n").replace("\r", "\n")
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", cut))
    short = _SAME.sub(lambda found: found[1] * 3, seen)
    return _LINES.sub("\n\n", _BLANK.sub(" ", short)).strip()[:most]


def spelled(text: str) -> str:
    """Return a form's value whose UTF-8 was sent as bare bytes, as `curl -d` does, as it was meant.

    A form that escapes no byte is read letter by letter as Latin-1; what is no UTF-8 stays.
    """
    try:
        return text.encode("latin-1").decode() if not text.isascii() else text
    except UnicodeError:
        return text


def alike(text: str) -> str:
    """Return a digest that is the same for messages that differ only in signs and blanks."""
    letters = "".join(sign for sign in text.lower() if sign.isalnum())
    return sha256(letters.encode()).hexdigest()[:24]


def phone(text: str) -> str:
    """Return a telephone number without blanks; "" if it is none."""
    told = text.strip()
    return re.sub(r"[ \-]", "", told) if PHONE.fullmatch(told) else ""
