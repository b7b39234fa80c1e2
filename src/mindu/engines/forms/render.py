"""Rendering: one group of questions a page, on the server, for any browser and for screen readers.

Works without script: every page is a plain form; errors stand in a summary that takes the focus,
and at their question, tied to it by `aria-describedby`. `large` is the large-text mode.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from mindu.engines.forms.answers import Filled
from mindu.engines.forms.form import SOURCES, Form, Page
from mindu.engines.forms.words import Say

LARGE = "mindu_large"  # the cookie that keeps the size of letters


class Known(msgspec.Struct, frozen=True):
    """An answer that another source gave: what it is called, and as of when."""

    date: str  # ISO date
    by: str  # who vouches for it


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where the person is: which page of how many, in which language, and the ways on."""

    lang: str
    action: str  # where the page is sent
    back: str = ""
    other: str = ""  # the same page in the other language
    sized: str = ""  # the same page in the other size of letters
    number: int = 1
    total: int = 1
    large: bool = False
    token: str = ""  # proves that the page is ours
    correct: str = ""  # where a wrong answer of another source is reported
    style: str = "/frame.css"  # where `style()` is served: pages carry none of their own


def sized(query: Mapping[str, str], cookies: Mapping[str, str]) -> bool:
    """Say whether a person reads large letters: as they ask now, else as they chose before."""
    return query.get("large", cookies.get(LARGE, "0")) == "1"


def again(query: Mapping[str, str], **change: str) -> str:
    """Return the address of the same page, with something of it changed."""
    return f"?{urlencode({**query, **change})}"


@cache
def style() -> str:
    """Return the one style sheet of all forms."""
    return files("mindu.engines.forms").joinpath("pages/frame.css").read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Return the templates; everything that is filled in is escaped."""
    return Environment(
        loader=PackageLoader("mindu.engines.forms", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    form: Form, page: Page, filled: Filled, where: Where, known: Mapping[str, Known] | None = None
) -> str:
    """Return one page of a form as HTML."""
    return _render("page.html", form=form, page=page, filled=filled, where=where, known=known or {})


def review(
    form: Form,
    pages: tuple[Page, ...],
    filled: Filled,
    where: Where,
    known: Mapping[str, Known] | None = None,
) -> str:
    """Return the page on which everything is read once more before it is handed in.

    What a department says and no page asks is told too, with its source.
    """
    asked = {name for one in form.pages for name in one.fields}
    return _render(
        "review.html",
        also=[name for name in known or {} if name not in asked],
        form=form,
        pages=pages,
        filled=filled,
        where=where,
        known=known or {},
        anchor="r",
    )


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One box to tick."""

    name: str
    value: str
    label: str
    on: bool = False


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A small question at the end of a page."""

    action: str
    button: str
    fields: tuple[tuple[str, str, str], ...] = ()  # name, label, value
    method: str = "post"
    choices: tuple[Choice, ...] = ()
    says: str = ""  # above the boxes
    one_of: tuple[str, str, tuple[tuple[str, str], ...]] | None = (
        None  # name, legend, (value, label)
    )
    list_of: tuple[str, str, tuple[tuple[str, str], ...], str] | None = (
        None  # name, label, (value, label), the value that was chosen
    )


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A page that tells: sentences, rows of name, value and link, a question, a picture."""

    title: str
    texts: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()
    ask: Ask | None = None
    image: str = ""  # a data address
    image_alt: str = ""
    image_mm: int = 0  # how wide it must be to be scanned; 0: as a small picture


def note(told: Note, head: Say, where: Where) -> str:
    """Return a page that tells, in the same frame as the questions."""
    parts = {name: getattr(told, name) for name in told.__struct_fields__}
    return _render("note.html", form={"title": head}, filled=Filled({}, {}), where=where, **parts)


def _render(template: str, **told: Any) -> str:  # noqa: ANN401 - what templates read
    return environment().get_template(template).render(sources=SOURCES, shown=shown, **told)


def shown(value: object, options: tuple[tuple[Any, Any], ...], lang: str) -> str:
    """Return an answer as a person reads it."""
    names = {str(one): name.to(lang) for one, name in options}
    if isinstance(value, bool):
        return {True: "是", False: "否"}[value] if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(names.get(str(v), str(v)) for v in value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 420 m², not 420.0
    return "" if value is None else names.get(str(value), str(value))
