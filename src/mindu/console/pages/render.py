"""Rendering: Jinja2 with everything escaped, every name strict, and a part of a page on demand."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from mindu.base.records import Severity, Words
from mindu.console.ask import missing
from mindu.console.phrases.offices import office
from mindu.console.plots import symbol

PART = Words("part", "部分")
RELOAD = Words("Load the page again.", "请重新载入页面。")


def shipped(template: str) -> str | None:
    """Return the text of a template that ships with the face."""
    room = files("mindu.console").joinpath("templates", template)
    return room.read_text(encoding="utf-8") if room.is_file() else None


@cache
def templates() -> Environment:
    """Return the environment; every template is compiled once."""
    kept = Environment(
        loader=FunctionLoader(shipped),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    kept.filters["json"] = lambda value: msgspec.json.encode(value).decode()
    kept.filters["percent"] = lambda value: f"{value:.0%}"
    kept.globals["sev"] = _sev
    kept.globals["office"] = office
    return kept


def html(template: str, shows: Mapping[str, Any]) -> str:
    """Return a whole page."""
    return templates().get_template(template).render(_with_parts(shows))


def part(template: str, name: str, shows: Mapping[str, Any]) -> str:
    """Return the inside of one region of a page: the block of that name.

    Raises:
        Bad: the page has no such region.
    """
    for file in (template, "base.html"):
        page = templates().get_template(file)
        block = page.blocks.get(f"part_{name}")
        if block is not None:
            return "".join(block(page.new_context(_with_parts(shows))))
    raise missing(PART, RELOAD)


def _with_parts(shows: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the macros that every template calls `p`."""
    kept = dict(shows)
    kept["p"] = templates().get_template("parts.html").make_module(kept)
    return kept


def _sev(severity: int, lang: str) -> Markup:
    return Markup(symbol(Severity(severity), lang)) if severity else Markup("")  # noqa: S704 - our own
