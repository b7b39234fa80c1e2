"""A form: a schema, pages of question groups, and where each answer comes from."""

from functools import lru_cache
from typing import Any

import msgspec

from mindu.engines.forms.words import Say
from mindu.engines.process.core.program import expression
from mindu.engines.rules import Expression, Limits, Problem

MOST_FIELDS, MOST_PAGES = 200, 50
LIMITS = Limits(steps=20_000)  # one condition may cost so much and no more
SOURCES = {
    "applicant": Say("your own answer", "本人填写"),
    "identity": Say("your identity", "身份信息"),
    "licence": Say("an electronic licence", "电子证照"),
    "library": Say("your material library", "材料库"),
    "department": Say("a department's register", "部门接口"),
}


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


@lru_cache(1_000)
def condition(text: str) -> Expression:
    """Return a FEEL condition, compiled; FeelError says what is wrong with it."""
    return expression(text)
