"""Fill: a reply template takes its words from the case alone, and says what the case lacks."""

import re
from collections.abc import Mapping

_HOLE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}|[\u4e00-\u9fff]{1,12}")
LONGEST = 20_000  # characters of a filled reply


class TemplateError(ValueError):
    """The template asks for something that is no field, or that the case does not have."""


def holes(template: str) -> tuple[str, ...]:
    """Return the fields that a template asks for, in order.

    A field is a plain name, `{due_day}` or `{承办单位}`: no attributes, no code, no format.
    Raises TemplateError for anything else.
    """
    named = tuple(dict.fromkeys(_HOLE.findall(template)))
    for name in named:
        if not _NAME.fullmatch(name):
            raise TemplateError(f"{{{name}}} is no field; write a plain name such as {{unit}}")
    if "{" in (rest := _HOLE.sub("", template)) or "}" in rest:
        raise TemplateError("a brace is open; write {field}, and no other braces")
    return named


def fill(template: str, case: Mapping[str, str]) -> str:
    """Return the template with every field taken from the case.

    Raises TemplateError naming all fields that the case lacks or has empty: no reply with a gap
    leaves. What the case holds is put in as it is, never read as template.
    """
    missing = [name for name in holes(template) if not case.get(name, "").strip()]
    if missing:
        raise TemplateError(f"the case has no {', '.join(missing)}; fill it in or drop the field")
    filled = _HOLE.sub(lambda found: case[found[1]].strip(), template)
    if len(filled) > LONGEST:
        raise TemplateError(f"the reply has {len(filled)} characters; at most {LONGEST} are sent")
    return filled
