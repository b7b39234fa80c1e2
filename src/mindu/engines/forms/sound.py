"""What a sound form keeps: questions that are asked, can be answered, and do not contradict."""

from collections.abc import Iterator
from math import ceil, floor
from typing import Any

from mindu.engines.forms.form import MOST_PAGES, SOURCES, Form, condition
from mindu.engines.forms.holds import holds, readable
from mindu.engines.rules import FeelError, Problem

KINDS = {"string", "integer", "number", "boolean", "array"}
PAIRS = (("minLength", "maxLength"), ("minItems", "maxItems"))


def problem(where: str, en: str, zh: str) -> Problem:
    """Return what is wrong, in both languages."""
    return Problem(where, en, zh)


def _pages(form: Form) -> Iterator[Problem]:
    ids = [page.id for page in form.pages]
    if not ids or len(ids) > MOST_PAGES or len(set(ids)) < len(ids) or "" in ids:
        yield problem(
            "ui/pages",
            f"give 1 to {MOST_PAGES} pages, each with an id of its own",
            f"须有1至{MOST_PAGES}页,且每页 id 唯一",
        )
    shown = [name for page in form.pages for name in page.fields]
    for name in sorted({n for n in shown if shown.count(n) > 1}):
        yield problem(
            name, "it is asked on two pages: take one away", "同一问题出现在两页:请去掉一处"
        )
    for name in sorted(set(shown) - set(form.fields)):
        yield problem(
            name, "a page asks it, and the schema has no such property", "页面引用了未定义的字段"
        )
    for name, field in form.fields.items():
        if name not in shown and field.source.kind == "applicant":
            yield problem(
                name,
                "no page asks it, and it has no other source: put it on a page",
                "没有任何页面询问,也没有其他来源:请放到某一页",
            )


def _kinds(form: Form) -> Iterator[Problem]:
    for name, field in form.fields.items():
        kind = field.schema.get("type")
        if kind not in KINDS:
            yield problem(
                name,
                f"a question is of one of {', '.join(sorted(KINDS))}, not {kind!r}",
                f"字段类型须为{'、'.join(sorted(KINDS))}之一",
            )
        if kind == "array" and not field.options:
            yield problem(name, "an array needs items with an enum", "数组字段须有带 enum 的 items")
        if field.source.kind not in SOURCES:
            yield problem(name, f"its source is one of {', '.join(SOURCES)}", "来源类型不正确")
        if not field.label.en or not field.label.zh:
            yield problem(name, "it needs a label in zh and en", "须有中英文标签")


def _contradictions(form: Form) -> Iterator[Problem]:
    for name, field in form.fields.items():
        schema = field.schema
        for low, high in PAIRS:
            if low in schema and high in schema and schema[low] > schema[high]:
                yield problem(
                    name,
                    f"it contradicts itself: {low} {schema[low]} is above {high} {schema[high]}",
                    f"自相矛盾:{low} {schema[low]} 大于 {high} {schema[high]}",
                )
        if schema.get("type") in {"integer", "number"} and not _room(schema):
            yield problem(
                name,
                "it contradicts itself: no number is within its bounds",
                "自相矛盾:没有任何数字满足其上下限与倍数",
            )
        yield from _values(name, schema)
    for name in sorted(set(form.schema.get("required", ())) - set(form.fields)):
        yield problem(name, "it is required and not among the properties", "必填字段未定义")


def _values(name: str, schema: dict[str, Any]) -> Iterator[Problem]:
    """Hold the values that a schema offers against its other rules."""
    rest = {key: rule for key, rule in schema.items() if key != "default"}
    for word in ("enum", "const", "default"):
        if word not in schema:
            continue
        values = schema[word] if word == "enum" else [schema[word]]
        wrong = [value for value in values if not holds(rest, value)]
        if wrong or not values:
            yield problem(
                name,
                f"it contradicts itself: {word} {wrong or values} does not fit its other rules",
                f"自相矛盾:{word} {wrong or values} 不符合其他规则",
            )


def _room(schema: dict[str, Any]) -> bool:
    """Say whether any number is within the bounds of a schema."""
    low = max(schema.get("minimum", -1e15), schema.get("exclusiveMinimum", -1e15))
    high = min(schema.get("maximum", 1e15), schema.get("exclusiveMaximum", 1e15))
    step = schema.get("multipleOf", 1 if schema.get("type") == "integer" else None)
    if step is not None:
        first, last = ceil(low / step), floor(high / step)
        first += first * step <= schema.get("exclusiveMinimum", -1e16)
        last -= last * step >= schema.get("exclusiveMaximum", 1e16)
        return bool(first <= last)
    open_ = low == schema.get("exclusiveMinimum") or high == schema.get("exclusiveMaximum")
    return bool(low < high or (low == high and not open_))


def _strange(form: Form) -> Iterator[Problem]:
    """Refuse what is fetched from elsewhere, and patterns that nobody can match in bounds."""
    for name, field in form.fields.items():
        for key, rule in _rules_of(field.schema):
            if key in {"$ref", "$dynamicRef"}:
                yield problem(
                    name,
                    f"{key} points elsewhere: write the rule here",
                    f"请勿引用({key}):请直接写明规则",
                )
            if key == "pattern" and not readable(str(rule)):
                yield problem(
                    name, f"its pattern {rule!r} cannot be read", f"其格式表达式“{rule}”无法识别"
                )


def _rules_of(schema: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any part of a schema
    parts = schema if isinstance(schema, list) else []
    if isinstance(schema, dict):
        yield from schema.items()
        parts = [rule for key, rule in schema.items() if key not in {"enum", "const", "default"}]
    for part in parts:
        yield from _rules_of(part)


def _conditions(form: Form) -> Iterator[Problem]:
    texts = [(field.name, field.when) for field in form.fields.values()]
    texts += [(page.id, page.when) for page in form.pages]
    for where, text in texts:
        if not text:
            continue
        try:
            reads = {name for name, _ in condition(text).compiled.inputs}
        except FeelError as why:
            yield problem(where, f"its condition is no FEEL: {why}", f"条件不是 FEEL:{why.chinese}")
            continue
        for name in sorted(reads - set(form.fields)):
            yield problem(
                where, f"its condition reads {name!r}, which is no question", "条件引用了未知字段"
            )
        if where in reads:
            yield problem(where, "its condition reads its own answer", "条件引用了自身的答案")


def _order(form: Form) -> Iterator[Problem]:
    """Refuse a condition over what is asked later: it would never hold when it is looked at."""
    place: dict[str, int] = {}
    for page in form.pages:
        for name in page.fields:
            place.setdefault(name, len(place))
    for page in form.pages:
        first = min((place[name] for name in page.fields), default=0)
        whens = [(page.id, page.when, first)]
        whens += [(n, form.fields[n].when, place[n]) for n in page.fields if n in form.fields]
        for where, text, at in whens:
            for name in sorted(_reads(text)):
                if place.get(name, -1) >= at and where != name:
                    yield problem(
                        where,
                        f"its condition reads {name!r}, which is asked later: ask that first",
                        f"条件引用了之后才询问的“{name}”:请先询问该问题",
                    )


def _reads(text: str) -> set[str]:
    """Return what a condition reads; nothing where it is none."""
    try:
        return {name for name, _ in condition(text).compiled.inputs} if text else set()
    except FeelError:
        return set()


RULES = (_pages, _kinds, _contradictions, _conditions, _order)


def found(form: Form) -> Iterator[Problem]:
    """Yield everything that is wrong with a form."""
    strange = tuple(_strange(form))
    yield from strange
    for rule in RULES:  # no value is held against a rule that points elsewhere
        if not strange or rule is not _contradictions:
            yield from rule(form)
