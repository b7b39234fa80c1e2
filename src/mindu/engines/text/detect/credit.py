"""The unified social credit code of a firm or body: GB 32100-2015, with its check sign."""

import re
from collections.abc import Iterator

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CODE = re.compile(
    rf"(?<![0-9A-Za-z])[1-9A-HJ-NP-RTUW-Y][{_SIGNS}]\d{{6}}[{_SIGNS}]{{10}}(?![0-9A-Za-z])"
)


def is_credit(code: str) -> bool:
    """Return whether 18 signs are a credit code: registering body, place, check sign."""
    if not _CODE.fullmatch(code) or code[0] not in "123456789ANY":
        return False
    total = sum(
        _SIGNS.index(sign) * weight for sign, weight in zip(code[:17], _WEIGHTS, strict=True)
    )
    return _SIGNS[(31 - total % 31) % 31] == code[17]


def codes(text: str) -> Iterator[tuple[int, int]]:
    """Yield where credit codes stand."""
    for found in _CODE.finditer(text):
        if is_credit(found[0]):
            yield found.span()
