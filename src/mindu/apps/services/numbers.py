"""Tracking numbers: what a person writes down, with a check digit against slips of the pen."""

PREFIX = "MD"


def number_of(instance: int) -> str:
    """Return the tracking number of an instance: its digits and a check digit (mod 97)."""
    return f"{PREFIX}{instance:08d}{98 - instance * 100 % 97:02d}"


def instance_of(number: str) -> int:
    """Return the instance behind a tracking number; ValueError where it was mistyped."""
    text = number.strip().upper().replace("-", "").replace(" ", "")
    digits = text.removeprefix(PREFIX)
    if len(digits) == 10 and digits.isascii() and digits.isdigit():
        instance = int(digits[:8])
        if number_of(instance) == f"{PREFIX}{digits}":
            return instance
    raise ValueError(f"{number!r} is no tracking number: it is {PREFIX} and ten digits; look again")
