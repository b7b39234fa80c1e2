"""Tracking numbers: what a person writes down; check digits against slips, a tail against guesses.

The tail is of thirty bits and stands in the application, so that who knows one number knows no
other. What was handed in before there were tails keeps its short number.
"""

import hmac
from hashlib import sha256

PREFIX, DIGITS = "MD", 10
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that looks like another
TAIL = 6  # of these letters
TAILS = "tail"  # the name under which an application keeps its own
_ALIKE = str.maketrans("OIL", "011")


def tail_of(secret: str, told: str) -> str:
    """Return the tail of what was handed in; nobody without the secret can work it out."""
    mark = hmac.new(secret.encode(), f"number|{told}".encode(), sha256).digest()
    return "".join(LETTERS[byte & 31] for byte in mark[:TAIL])


def number_of(instance: int, tail: str = "") -> str:
    """Return the tracking number of an instance: digits, a check digit (mod 97), and the tail."""
    plain = f"{PREFIX}{instance:08d}{98 - instance * 100 % 97:02d}"
    return f"{plain}-{tail}" if tail else plain


def parts_of(number: str) -> tuple[int, str]:
    """Return the instance and the tail of a number; ValueError where it was mistyped."""
    text = number.strip().upper().replace("-", "").replace(" ", "").removeprefix(PREFIX)
    digits, tail = text[:DIGITS], text[DIGITS:].translate(_ALIKE)
    if len(digits) == DIGITS and digits.isascii() and digits.isdigit() and len(tail) in {0, TAIL}:
        instance = int(digits[:8])
        if number_of(instance) == f"{PREFIX}{digits}" and set(tail) <= set(LETTERS):
            return instance, tail
    raise ValueError(
        f"{number[:40]!r} is no tracking number: it is {PREFIX}, ten digits and six letters or "
        "digits; look again"
    )


def instance_of(number: str) -> int:
    """Return the instance that a number names; ValueError where it was mistyped."""
    return parts_of(number)[0]


def fits(tail: str, kept: str) -> bool:
    """Say whether a tail is the one that was kept; what has none is found by its short number."""
    return not kept or hmac.compare_digest(tail.encode(), kept.encode())
