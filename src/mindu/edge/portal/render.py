"""Rendering: Jinja2, everything escaped; each page in the reader's language, without script."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from mindu.base.records import Words
from mindu.data.grants.policies import CITY
from mindu.edge.portal.portal import Portal
from mindu.edge.portal.visitor import Visitor, remember
from mindu.edge.portal.words import pick, say

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin", "cache-control": "no-store",
}  # fmt: skip
STOPS = (("/", "data"), ("/requests", "requests"), ("/plan", "plan"), ("/keys", "keys"),
         ("/api", "api"))  # fmt: skip


def page(
    portal: Portal, who: Visitor, template: str, *, title: str, code: int = 200,
    here: str = "", **shows: Any,  # noqa: ANN401 - whatever the template asks for
) -> Response:  # fmt: skip
    """Return a page."""
    told = {**_common(portal, who), "title": title, "here": here, **shows}
    body = templates().get_template(template).render(told)
    return remember(HTMLResponse(body, code, HEADERS), who)


@cache
def templates() -> Environment:
    """Return the environment; every template is compiled once."""
    return Environment(
        loader=FunctionLoader(_shipped), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def _shipped(name: str) -> str | None:
    room = files("mindu.edge.portal").joinpath("templates", name)
    return room.read_text(encoding="utf-8") if room.is_file() else None


def _common(portal: Portal, who: Visitor) -> Mapping[str, Any]:
    def picked(words: Words) -> str:
        return pick(words, who.lang)

    return {
        "portal": portal, "who": who, "stops": STOPS, "lang": who.lang,
        "tongue": "zh-CN" if who.lang == "zh" else "en",
        "other": "en" if who.lang == "zh" else "zh",
        "t": lambda key: say(key, who.lang), "pick": picked, "to": who.to, "turned": who.turned,
        "moment": moment, "day": day, "cell": cell,
    }  # fmt: skip


def moment(at: datetime | int | None) -> str:
    """Return an instant (or epoch ms) as people of the city read it."""
    if isinstance(at, int):
        at = datetime.fromtimestamp(at / 1000, UTC) if at else None
    return f"{at.astimezone(CITY):%Y-%m-%d %H:%M}" if at is not None else "–"


def day(at: datetime | int | None) -> str:
    """Return a day of the city."""
    return moment(at)[:10]


def cell(value: object) -> str:
    """Return one value of a table as a person reads it."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)[:200]
