"""Built-in functions of numbers."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from mindu.engines.rules.library.registry import builtin
from mindu.engines.rules.value.calendar import Days, Months
from mindu.engines.rules.value.numbers import CONTEXT, ZERO, whole
from mindu.engines.rules.value.run import HARD, Refused

SCALES = (-6111, 6176)  # digits behind the point that decimal128 can have
WIDE = Context(prec=6200 * 2, Emin=-99_999, Emax=99_999)


def _rounded(n: Decimal, scale: Decimal, rounding: str) -> Decimal:
    digits = whole(CONTEXT.to_integral_value(scale))
    if digits is None or not SCALES[0] <= digits <= SCALES[1]:
        raise Refused("number", "scale")
    if n.as_tuple().exponent >= -digits:  # type: ignore[operator]
        return n
    return CONTEXT.plus(n.quantize(Decimal(1).scaleb(-digits), rounding, WIDE))


def _rounding(name: str, rounding: str) -> None:
    def body(n: Decimal, scale: Decimal = ZERO) -> Decimal:
        return _rounded(n, scale, rounding)

    builtin(name, "n: number, scale?: number")(body)


for _name, _mode in (
    ("floor", ROUND_FLOOR),
    ("ceiling", ROUND_CEILING),
    ("round up", ROUND_UP),
    ("round down", ROUND_DOWN),
    ("round half up", ROUND_HALF_UP),
    ("round half down", ROUND_HALF_DOWN),
):
    _rounding(_name, _mode)


@builtin("decimal", "n: number, scale: number")
def decimal(n: Decimal, scale: Decimal) -> Decimal:
    """Return the number with so many digits behind the point, half-even."""
    digits = whole(scale.to_integral_value(ROUND_DOWN))
    if digits is None or not SCALES[0] <= digits <= SCALES[1]:
        raise Refused("number", "scale")
    if digits > -int(n.as_tuple().exponent):
        return n
    return CONTEXT.plus(n.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN, WIDE))


@builtin("abs", "n: number|days|months")
def absolute(n: Decimal | Days | Months) -> object:
    """Return a number or duration without its sign."""
    if isinstance(n, Days):
        return Days(abs(n.nanos))
    return Months(abs(n.months)) if isinstance(n, Months) else CONTEXT.abs(n)


@builtin("modulo", "dividend: number, divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return what is left of a division, with the divisor's sign."""
    if divisor == 0:
        raise Refused("number", "modulo 0")
    quotient = CONTEXT.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return CONTEXT.subtract(dividend, CONTEXT.multiply(divisor, quotient))


@builtin("sqrt", "number: number", cost=HARD)
def sqrt(number: Decimal) -> Decimal:
    """Return the square root."""
    return CONTEXT.sqrt(number)


@builtin("log", "number: number", cost=HARD)
def log(number: Decimal) -> Decimal:
    """Return the natural logarithm."""
    if number <= 0:
        raise Refused("number", "log")
    return CONTEXT.ln(number)


@builtin("exp", "number: number", cost=HARD)
def exp(number: Decimal) -> Decimal:
    """Return e to a power."""
    return CONTEXT.exp(number)


def _parity(name: str, rest: int) -> Callable[[Decimal], bool]:
    def body(number: Decimal) -> bool:
        integer = whole(number)
        return integer is not None and integer % 2 == rest

    builtin(name, "number: number")(body)
    return body


_parity("odd", 1)
_parity("even", 0)


@builtin("random number")
def random_number() -> object:
    """Refuse: a decision that rolls dice cannot be explained or repeated."""
    raise Refused("dice", "random number")
