"""Clean: what a clerk wrote becomes what can be compared; what cannot be is nothing."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from pypinyin import lazy_pinyin

from mindu.engines.text.detect.credit import is_credit
from mindu.engines.text.mask.numbers import is_identity

Clean = dict[str, str | None]
LONG = 500  # signs that are looked at
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_CONFUSED = str.maketrans("OISZV", "01520")  # signs that no credit code has
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?:\D.*)?")
_FIRM = re.compile(r"\(.*?\)|股份有限公司|有限责任公司|集团公司|有限公司|公司$|集团$|厂$|店$")
_BRANCH = re.compile(r"([^公司]{2,8}?)(?:分公司|分店|营业部|分厂|支行|办事处)$")
_PLACE = re.compile(r"^(?:中国)?(?:福建省?)?(?:福州市?)?")
_HOME = re.compile(
    r"(?P<area>[^\d路街道巷弄里村区县市]{1,4}[区县])?(?P<road>[^\d\-]*?[路街道巷弄里村]|[^\d\-]+)?"
)
_SPLIT = re.compile(r"\d+")


def plain(told: str) -> str:
    """Return a word in one form, without blanks."""
    return "".join(unicodedata.normalize("NFKC", told[:LONG]).split())


@lru_cache(maxsize=30_000)
def _sound(sign: str) -> str:
    return lazy_pinyin(sign)[0]


def sound(told: str) -> str:
    """Return how a word sounds, tones aside."""
    return " ".join(map(_sound, told))


def name(told: str) -> Clean:
    """Return a person's name and its sound."""
    word = plain(told).replace("·", "").replace("*", "")
    return {"name": word, "name_sound": sound(word), "surname": word[:1]} if word else {}


def identity(told: str) -> Clean:
    """Return an identity number in eighteen signs; `sure` only where its check sign holds."""
    word = plain(told).upper()
    if len(word) == 15 and word.isdigit():
        body = f"{word[:6]}19{word[6:]}"
        total = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True))
        word = body + "10X98765432"[total % 11]
    if not 14 <= len(word) <= 20:
        return {}
    return {"id": word, "id_sure": word if is_identity(word) else None, "id_begin": word[:14]}


def phone(told: str) -> Clean:
    """Return a number's digits, without the country's or a leading nought."""
    digits = "".join(sign for sign in plain(told) if sign.isdigit())
    if len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 12 and digits.startswith("01"):
        digits = digits[1:]
    return {"phone": digits} if 7 <= len(digits) <= 12 else {}


def credit(told: str) -> Clean:
    """Return a credit code; `sure` only where its check sign holds."""
    word = plain(told).upper().translate(_CONFUSED).replace("-", "")
    if not 15 <= len(word) <= 20:
        return {}
    return {"code": word, "code_sure": word if is_credit(word) else None}


def firm(told: str) -> Clean:
    """Return a firm's name, its heart (without place and form), and which branch it is."""
    word = plain(told).replace("(", "(").replace(")", ")")
    branch = _BRANCH.search(word)
    head = word[: branch.start()] if branch else word
    heart = _FIRM.sub("", _PLACE.sub("", head)) or head
    return (
        {"firm": word, "heart": heart, "heart_sound": sound(heart), "begin": heart[:2],
         "branch": branch[1][-2:] if branch else "-"}
        if word else {}
    )  # fmt: skip


def day(told: str) -> Clean:
    """Return a day as ISO 8601 has it."""
    found = _DAY.fullmatch(plain(told))
    if not found:
        return {}
    year, month, date = found.groups()
    return {"day": f"{year}-{int(month):02d}-{int(date):02d}", "year": year}


def address(told: str) -> Clean:
    """Return an address as district, road and numbers; and its road with the house alone."""
    word = _PLACE.sub("", plain(told))
    found = _HOME.match(word)
    if not word or found is None:
        return {}
    numbers = _SPLIT.findall(word[found.end() :])
    area, road = found["area"] or "", found["road"] or ""
    house = f"{road}{numbers[0]}" if numbers else None
    whole = f"{road}{'-'.join(numbers)}" if numbers else road
    return {"home": whole or None, "house": house, "area": area or None}


def number(told: str) -> Clean:
    """Return a number as it stands."""
    word = plain(told)
    try:
        float(word)
    except ValueError:
        return {}
    return {"number": word}


def text(told: str) -> Clean:
    """Return a word, written large."""
    word = plain(told).upper()
    return {"text": word} if word else {}


CLEANERS: Mapping[str, Callable[[str], Clean]] = {
    "name": name, "id": identity, "phone": phone, "credit": credit, "firm": firm, "day": day,
    "address": address, "text": text, "number": number,
}  # fmt: skip
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "name_sound", "surname"), "id": ("id", "id_sure", "id_begin"),
    "phone": ("phone",), "credit": ("code", "code_sure"),
    "firm": ("firm", "heart", "heart_sound", "begin", "branch"), "day": ("day", "year"),
    "address": ("home", "house", "area"), "text": ("text",), "number": ("number",),
}  # fmt: skip


def cleaned(kind: str, prefix: str, values: list[str | None]) -> dict[str, list[str | None]]:
    """Return the columns that values of a kind become; `prefix` tells fields of one kind apart."""
    clean = CLEANERS[kind]
    told = [clean(value) if value else {} for value in values]
    return {f"{prefix}{name}": [one.get(name) for one in told] for name in COLUMNS[kind]}
