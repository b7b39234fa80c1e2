"""A sheet: one page rendered for one reader, whole or one region of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from mindu.console.contract.common import Failed, Trouble
from mindu.console.look import Look
from mindu.console.pages.page import Page, Reader, context
from mindu.console.pages.public import PUBLIC
from mindu.console.pages.render import html, part
from mindu.console.tell import saying
from mindu.console.words import SAID, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of the last thing the reader did, and what they typed, so that it is kept."""

    told: str = ""
    trouble: Trouble | None = None
    failed: Sequence[Failed] = ()
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOTHING = Said()


def sheet(page: Page, look: Look, reader: Reader, said: Said, *, region: str = "") -> str:
    """Return a page as HTML; `region` names one part of it.

    Raises:
        Bad: there is no such region.
    """
    shows = context(page, look, reader) | {
        "assets": assets(),
        "public": PUBLIC,
        "known": SAID,
        "told": said.told,
        "trouble": said.trouble,
        "failed_parts": said.failed,
        "says": lambda record: saying(record, look.lang),
        "fig": figure,
        "kept_seqs": set(said.typed.get("seq", ())),
        "kept_field": _keeper(said.typed),
    }
    return part(page.template, region, shows) if region else html(page.template, shows)


def figure(value: float | None) -> str:
    """Return one figure of a card."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else number(value)


@cache
def assets() -> dict[str, str]:
    """Return the marks of the built assets that ship with the face; empty where there are none."""
    room = files("mindu.console").joinpath("static")
    told = {}
    for kind in ("js", "css"):
        file = room.joinpath(f"console.{kind}")
        told[kind] = sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""
    return told


def _keeper(typed: Mapping[str, Sequence[str]]) -> Any:  # noqa: ANN401 - a function for templates
    """Return what gives a field of a form what was typed there; 0 stands for a page's one form."""

    def kept(seq: int, name: str) -> str:
        mine = not seq or str(seq) in typed.get("seq", ())
        return next(iter(typed.get(name, ())), "") if mine else ""

    return kept
