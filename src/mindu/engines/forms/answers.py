"""Answers: what was sent becomes values, and what is wrong with them is told by its question."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from mindu.engines.forms.form import LIMITS, Field, Form, Page, condition
from mindu.engines.forms.holds import wrong_with
from mindu.engines.forms.words import Say, wrong

Values = dict[str, Any]
Raw = Mapping[str, Sequence[str]]
MOST_TEXT = 20_000  # characters of one answer
YES = {"true", "on", "yes", "1"}
NUMBERS = {"integer": int, "number": float}


class Filled(msgspec.Struct, frozen=True):
    """A form as it stands: the answers, and what is wrong, by question."""

    values: dict[str, Any]
    errors: dict[str, Say]


def asked(form: Form, values: Values, now: datetime) -> tuple[Page, ...]:
    """Return the pages that are asked, each with the questions that are asked on it.

    A condition counts only answers that are asked themselves, in the order of the pages.
    """
    found: list[Page] = []
    seen = {n: v for n, v in values.items() if form.fields[n].source.kind != "applicant"}
    for page in form.pages:
        if page.when and not _holds(page.when, seen, now):
            continue
        names: list[str] = []
        for name in page.fields:
            if form.fields[name].when and not _holds(form.fields[name].when, seen, now):
                seen.pop(name, None)
                continue
            names.append(name)
            if name in values:
                seen[name] = values[name]
        if names:
            found.append(msgspec.structs.replace(page, fields=tuple(names)))
    return tuple(found)


def _holds(text: str, values: Values, now: datetime) -> bool:
    return condition(text).eval(values, now=now, limits=LIMITS).value is True


def taken(form: Form, page: Page, raw: Raw, before: Values, now: datetime) -> Filled:
    """Take what a page sent in: values are read by their type, wrong ones are told and kept out.

    Questions that another answer of the same page has ruled out are not held against anybody.
    """
    values = {name: value for name, value in before.items() if name in form.fields}
    errors: dict[str, Say] = {}
    for name in page.fields:
        field = form.fields[name]
        value, why = _read(field, raw.get(name, ()))
        values.pop(name, None)
        if why is not None:
            errors[name] = why
        elif value is not None:
            values[name] = value
    names = {n for one in asked(form, values, now) if one.id == page.id for n in one.fields}
    for name in page.fields:
        if name not in names:
            values.pop(name, None)
            errors.pop(name, None)
    found = {name: why for name, why in _wrong(form, values, names).items() if name not in errors}
    ordered = {**errors, **found}
    return Filled(values, {name: ordered[name] for name in page.fields if name in ordered})


def checked(form: Form, values: Values, now: datetime) -> Filled:
    """Hold a whole form against its schema: only what is asked counts, and all of it."""
    names = {name for page in asked(form, values, now) for name in page.fields}
    sourced = {n for n, f in form.fields.items() if f.source.kind != "applicant"}
    kept = {name: value for name, value in values.items() if name in names | sourced}
    return Filled(kept, _wrong(form, kept, names | (sourced & set(kept))))


def _read(field: Field, raw: Sequence[str]) -> tuple[Any, Say | None]:
    kind = str(field.schema.get("type"))
    texts = [text.strip()[:MOST_TEXT] for text in raw if text.strip()]
    if kind == "array":
        known = {str(value): value for value, _ in field.options}
        return [known.get(text, text) for text in texts] or None, None
    if kind == "boolean":
        return bool(texts) and texts[0].lower() in YES, None
    text = texts[0] if texts else None
    return _number(kind, text) if text is not None and kind in NUMBERS else (text, None)


def _number(kind: str, text: str) -> tuple[Any, Say | None]:
    try:
        value = NUMBERS[kind](text.replace(",", "").replace(",", ""))
    except ValueError:
        return None, wrong("type", kind)
    return (value, None) if abs(value) < 1e15 else (None, wrong("type", kind))


def _wrong(form: Form, values: Values, names: set[str]) -> dict[str, Say]:
    """Return what is wrong with the answers to these questions."""
    found: dict[str, Say] = {}
    for name in form.fields:
        if name not in names:
            continue
        field = form.fields[name]
        if name not in values:
            if field.required:
                found[name] = wrong("required", None)
            continue
        first = wrong_with(field.schema, values[name])
        if first is not None:
            found[name] = wrong(str(first.validator), first.validator_value)
    return found
