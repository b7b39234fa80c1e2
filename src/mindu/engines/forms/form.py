"""A form: a schema, pages of question groups, and where each answer comes from; checked whole."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from mindu.engines.forms.words import Say, say
from mindu.engines.process.core.program import expression
from mindu.engines.rules import Expression, FeelError, Problem

MOST_FIELDS, MOST_PAGES = 200, 50
SOURCES = {
    "applicant": Say("your own answer", "本人填写"),
    "identity": Say("your identity", "身份信息"),
    "licence": Say("an electronic licence", "电子证照"),
    "library": Say("your material library", "材料库"),
    "department": Say("a department's register", "部门接口"),
}
KINDS = {"string", "integer", "number", "boolean", "array"}
PAIRS = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))


class FormError(ValueError):
    """A form that cannot be used: everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems; the message names the first."""
        super().__init__("; ".join(f"{one.where}: {one.en}" for one in problems[:5]))
        self.problems = problems


class Source(msgspec.Struct, frozen=True):
    """Where an answer comes from when the person does not give it."""

    kind: str = "applicant"
    path: str = ""  # "identity.name", "marriage.number": what holds it
    name: Say = Say()


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question."""

    name: str
    schema: dict[str, Any]
    label: Say
    hint: Say = Say()
    widget: str = "text"  # text, area, date, number, radio, check, many
    options: tuple[tuple[Any, Say], ...] = ()
    when: str = ""  # FEEL: asked only then
    source: Source = Source()
    required: bool = False
    fill: str = ""  # the browser's autocomplete token


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One group of questions."""

    id: str
    title: Say
    fields: tuple[str, ...]
    when: str = ""
    says: Say = Say()


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form, ready to be filled in."""

    id: str
    title: Say
    schema: dict[str, Any]
    fields: dict[str, Field]
    pages: tuple[Page, ...]

    def page(self, name: str) -> Page:
        """Return a page; KeyError names those there are."""
        for page in self.pages:
            if page.id == name:
                return page
        raise KeyError(f"the form has no page {name!r}; there are {[p.id for p in self.pages]}")


def condition(text: str) -> Expression:
    """Return a FEEL condition, compiled."""
    return expression(text)


def load(told: Mapping[str, Any]) -> Form:
    """Return a form from its file; FormError says all that is wrong with it, in zh and en."""
    schema = told.get("schema")
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise FormError((_bad("schema", "it must be of type object", "须为 object 类型"),))
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        where = "/".join(str(part) for part in wrong.absolute_path) or "schema"
        raise FormError(
            (_bad(where, f"no JSON Schema: {wrong.message}", "不是 JSON Schema"),)
        ) from None
    ui = told.get("ui", {})
    properties = schema.get("properties", {})
    if not isinstance(properties, dict) or len(properties) > MOST_FIELDS:
        raise FormError((_bad("schema", f"ask at most {MOST_FIELDS} questions", "问题过多"),))
    required = set(schema.get("required", ()))
    fields = {
        name: _field(name, part, ui.get("fields", {}).get(name, {}), name in required)
        for name, part in properties.items()
    }
    form = Form(
        id=str(told.get("id", "")),
        title=say(told.get("title", "")),
        schema=schema,
        fields=fields,
        pages=tuple(_page(one) for one in ui.get("pages", ())),
    )
    problems = tuple(problem for rule in RULES for problem in rule(form))
    if problems:
        raise FormError(problems)
    return form


def _field(name: str, schema: Any, ui: Mapping[str, Any], required: bool) -> Field:  # noqa: ANN401, FBT001
    part = schema if isinstance(schema, dict) else {}
    source = ui.get("source", {})
    kind = str(source.get("kind", "applicant"))
    return Field(
        name=name,
        schema=part,
        label=say(ui.get("label", part.get("title", name))),
        hint=say(ui.get("hint", part.get("description", ""))),
        widget=str(ui.get("widget", _widget(part))),
        options=_options(part, ui),
        when=str(ui.get("when", "")).removeprefix("="),
        source=Source(kind, str(source.get("path", "")), say(source.get("name", ""))),
        required=required,
        fill=str(ui.get("autocomplete", "")),
    )


def _widget(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if "enum" in schema:
        return "radio"
    plain = {"boolean": "check", "integer": "number", "number": "number", "array": "many"}
    return plain.get(str(kind), "date" if schema.get("format") == "date" else "text")


def _options(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> tuple[tuple[Any, Say], ...]:
    items = schema.get("items")
    values = schema.get("enum", items.get("enum", ()) if isinstance(items, dict) else ())
    named = ui.get("options", {})
    return tuple((value, say(named.get(str(value), str(value)))) for value in values)


def _page(told: Mapping[str, Any]) -> Page:
    return Page(
        id=str(told.get("id", "")),
        title=say(told.get("title", "")),
        fields=tuple(str(name) for name in told.get("fields", ())),
        when=str(told.get("when", "")).removeprefix("="),
        says=say(told.get("says", "")),
    )


# the rules that a form keeps


def _bad(where: str, en: str, zh: str) -> Problem:
    return Problem(where, en, zh)


def _pages(form: Form) -> Iterator[Problem]:
    ids = [page.id for page in form.pages]
    if not ids or len(ids) > MOST_PAGES or len(set(ids)) < len(ids) or "" in ids:
        yield _bad(
            "ui/pages",
            f"give 1 to {MOST_PAGES} pages, each with an id of its own",
            f"须有1至{MOST_PAGES}页,且每页 id 唯一",
        )
    shown = [name for page in form.pages for name in page.fields]
    for name in sorted({n for n in shown if shown.count(n) > 1}):
        yield _bad(name, "it is asked on two pages: take one away", "同一问题出现在两页:请去掉一处")
    for name in sorted(set(shown) - set(form.fields)):
        yield _bad(
            name, "a page asks it, and the schema has no such property", "页面引用了未定义的字段"
        )
    for name, field in form.fields.items():
        if name not in shown and field.source.kind == "applicant":
            yield _bad(
                name,
                "no page asks it, and it has no other source: put it on a page",
                "没有任何页面询问,也没有其他来源:请放到某一页",
            )


def _kinds(form: Form) -> Iterator[Problem]:
    for name, field in form.fields.items():
        kind = field.schema.get("type")
        if kind not in KINDS:
            yield _bad(
                name,
                f"a question is of one of {', '.join(sorted(KINDS))}, not {kind!r}",
                f"字段类型须为{'、'.join(sorted(KINDS))}之一",
            )
        if kind == "array" and not field.options:
            yield _bad(name, "an array needs items with an enum", "数组字段须有带 enum 的 items")
        if field.source.kind not in SOURCES:
            yield _bad(name, f"its source is one of {', '.join(SOURCES)}", "来源类型不正确")
        if not field.label.en or not field.label.zh:
            yield _bad(name, "it needs a label in zh and en", "须有中英文标签")


def _contradictions(form: Form) -> Iterator[Problem]:
    for name, field in form.fields.items():
        schema = field.schema
        for low, high in PAIRS:
            if low in schema and high in schema and schema[low] > schema[high]:
                yield _bad(
                    name,
                    f"it contradicts itself: {low} {schema[low]} is above {high} {schema[high]}",
                    f"自相矛盾:{low} {schema[low]} 大于 {high} {schema[high]}",
                )
        for word in ("enum", "const", "default"):
            values = (
                schema.get(word, ()) if word == "enum" else [schema[word]] if word in schema else []
            )
            rest = {key: rule for key, rule in schema.items() if key != "default"}
            fits = [value for value in values if Draft202012Validator(rest).is_valid(value)]
            if word in schema and not fits:
                yield _bad(
                    name,
                    f"it contradicts itself: no {word} fits its other rules",
                    f"自相矛盾:{word} 不符合其他规则",
                )
    for name in sorted(set(form.schema.get("required", ())) - set(form.fields)):
        yield _bad(name, "it is required and not among the properties", "必填字段未定义")


def _conditions(form: Form) -> Iterator[Problem]:
    texts = [(field.name, field.when) for field in form.fields.values()]
    texts += [(page.id, page.when) for page in form.pages]
    for where, text in texts:
        if not text:
            continue
        try:
            reads = {name for name, _ in condition(text).compiled.inputs}
        except FeelError as why:
            yield _bad(where, f"its condition is no FEEL: {why}", f"条件不是 FEEL:{why.chinese}")
            continue
        for name in sorted(reads - set(form.fields)):
            yield _bad(
                where, f"its condition reads {name!r}, which is no question", "条件引用了未知字段"
            )
        if where in reads:
            yield _bad(where, "its condition reads its own answer", "条件引用了自身的答案")


RULES = (_pages, _kinds, _contradictions, _conditions)
