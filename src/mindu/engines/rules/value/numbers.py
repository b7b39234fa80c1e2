"""Numbers: decimal128 as FEEL has it, 34 digits, half-even, never infinite."""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
ZERO = Decimal(0)
ONE = Decimal(1)


def number(text: str) -> Decimal:
    """Return the number that a text writes, rounded to 34 digits; ArithmeticError if none."""
    return CONTEXT.create_decimal(text)


def written(value: Decimal) -> str:
    """Write a number plainly, never with an exponent."""
    return format(value, "f")


def whole(value: Decimal) -> int | None:
    """Return the integer a number is, or None when it has a fraction."""
    if value.adjusted() > 40:
        return None
    cut = int(value)
    return cut if cut == value else None


def exact(value: int) -> Decimal:
    """Return an integer as a number of 34 digits."""
    return CONTEXT.create_decimal(value)
