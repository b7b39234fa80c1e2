"""Whether an answer holds against its schema: JSON Schema, whose patterns are matched in bounds."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

from mindu.engines.rules import Limits, compile_feel

FORMATS = FormatChecker(formats=("date", "email"))
_MATCHES = compile_feel("matches(text, pattern)", ["text", "pattern"])
_STEPS = Limits(steps=100_000)


def _fits(pattern: str, text: str) -> bool | None:
    """Say whether a text fits a pattern; None where the pattern is none, or takes too long."""
    value = _MATCHES.eval({"text": text, "pattern": pattern}, limits=_STEPS).value
    return value if isinstance(value, bool) else None


def _pattern(_validator: Any, pattern: Any, text: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(text, str) and not _fits(str(pattern), text):
        yield ValidationError(f"{text[:40]!r} does not fit {pattern!r}")


_Bounded = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern}
)


def wrong_with(schema: dict[str, Any], value: Any) -> ValidationError | None:  # noqa: ANN401
    """Return the first rule that a value breaks, None where it holds."""
    errors: Iterator[ValidationError] = _Bounded(schema, format_checker=FORMATS).iter_errors(value)
    return next(errors, None)


def holds(schema: dict[str, Any], value: Any) -> bool:  # noqa: ANN401
    """Say whether a value holds."""
    return wrong_with(schema, value) is None


def readable(pattern: str) -> bool:
    """Say whether a pattern is one that can be matched in bounds."""
    return _fits(pattern, "") is not None
