"""A form from its file: read and held against every rule, or refused with all that is wrong."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from mindu.engines.forms.form import MOST_FIELDS, Field, Form, FormError, Page, Source
from mindu.engines.forms.sound import found, problem
from mindu.engines.forms.words import Say, say


def load(told: Mapping[str, Any]) -> Form:
    """Return a form from its file; FormError says all that is wrong with it, in zh and en."""
    schema = told.get("schema")
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise FormError((problem("schema", "it must be of type object", "须为 object 类型"),))
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        where = "/".join(str(part) for part in wrong.absolute_path) or "schema"
        raise FormError(
            (
                problem(
                    where,
                    f"no JSON Schema: {wrong.message}: write it as 2020-12 does",
                    f"不合 JSON Schema:{str(wrong.instance)[:60]},请按 2020-12 版改写",
                ),
            )
        ) from None
    ui = told.get("ui", {})
    properties = schema.get("properties", {})
    if not isinstance(properties, dict) or len(properties) > MOST_FIELDS:
        raise FormError((problem("schema", f"ask at most {MOST_FIELDS} questions", "问题过多"),))
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
    problems = tuple(found(form))
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
