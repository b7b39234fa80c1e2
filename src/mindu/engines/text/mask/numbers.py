"""Numbers that name a person: found by shape, kept or left by their check digits."""

import re
from collections.abc import Callable, Iterator
from datetime import date

# GB 11643-1999: weights of the first 17 digits, and the check sign by remainder modulo 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)  # GB/T 2260: the first two digits

_SAID = "零〇一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"
_FIGURES = str.maketrans(_SAID, "0011122233445566778899")
_RUN = re.compile(rf"[\d{_SAID}]{{7,19}}")
_SPOKEN = re.compile(rf"[{_SAID}]")

_MOBILE = re.compile(r"(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
_FIXED = re.compile(r"(?<!\d)\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]?[2-8]\d{6,7}(?:[-转]\d{1,4})?(?!\d)")
_LOCAL = re.compile(r"(?:电话|座机|固话|致电|拨打)(?:号码|号)?[是为: ]{0,3}([2-8]\d{6,7})(?!\d)")
_IDENTITY = re.compile(
    r"(?<!\d)\d{6}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?![\dA-Za-z])"
)
_OLD_IDENTITY = re.compile(r"(?<!\d)\d{15}(?!\d)")
_TOLD_IDENTITY = re.compile(
    r"身份证(?:号码|号)?[是为: ]{0,3}(\d{15}(?:\d{2}[\dXx])?)(?![\dA-Za-z])"
)
_CARD = re.compile(r"(?<!\d)(?:(?:\d{4}[ -]){3}\d{4}(?:[ -]?\d{1,3})?|\d{16,19})(?!\d)")
_TOLD_CARD = re.compile(r"(?:银行卡|卡号|账号|帐号)(?:号码|号)?[是为: ]{0,3}(\d{12,19})(?!\d)")
# What the banks of China issue begins so: UnionPay 62 and 60, 95, and the foreign networks.
_ISSUERS = re.compile(r"(?:6[02]|95)\d{14,17}|4\d{15}|(?:5[1-5]|35)\d{14}")
_SEPARATORS = re.compile(r"[ -]")
_RUNS = re.compile(r"\d[\d() -]{5,}\d")


def numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end) of every number of a person in cleaned text, wherever written.

    Digits said in Chinese (幺三八…) count as digits. Service numbers (12345, 95xxx, 400…) are
    nobody's.
    """
    told = _RUN.sub(_spoken, text)
    runs = _RUNS.findall(told)  # a year and a day are none: nothing is looked for in most messages
    digits = max((sum(map(str.isdigit, run)) for run in runs), default=0)
    for kind, fewest, pattern, holds in _KINDS:
        if digits < fewest:
            continue
        for found in pattern.finditer(told):
            if holds(_SEPARATORS.sub("", found[0])):
                yield kind, *found.span(pattern.groups)


def is_identity(number: str) -> bool:
    """Return whether 18 signs are a resident identity number: province, birthday, check sign."""
    if not re.fullmatch(r"\d{17}[\dXx]", number) or number[:2] not in _PROVINCES:
        return False
    if not _is_day(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def is_card(number: str) -> bool:
    """Return whether 16 to 19 digits are a bank card: a known issuer, and Luhn's check holds."""
    if not re.fullmatch(r"\d{16,19}", number) or not _ISSUERS.fullmatch(number):
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_day(told: str) -> bool:
    try:
        date(int(told[:4]), int(told[4:6]), int(told[6:8]))
    except ValueError:
        return False
    return True


def _spoken(found: "re.Match[str]") -> str:
    # 一 before a number is the word "one"; a run is a number when all of it has a number's length.
    run = found[0]
    said = len(_SPOKEN.findall(run))
    if said == len(run) or (said and len(run) in (11, 18)):
        return run.translate(_FIGURES)
    return run


def _is_old_identity(number: str) -> bool:
    return number[:2] in _PROVINCES and _is_day(f"19{number[6:12]}")


def _told(number: str) -> bool:
    return bool(number)  # the sentence itself says what the number is


# Kind, the fewest digits that its shape needs, the shape, and what the number must hold.
_KINDS: tuple[tuple[str, int, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("id", 17, _IDENTITY, is_identity),
    ("id", 15, _OLD_IDENTITY, _is_old_identity),
    ("id", 15, _TOLD_IDENTITY, _told),
    ("bank", 16, _CARD, is_card),
    ("bank", 12, _TOLD_CARD, _told),
    ("phone", 11, _MOBILE, _told),
    ("phone", 9, _FIXED, _told),
    ("phone", 7, _LOCAL, _told),
)
