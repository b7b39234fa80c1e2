"""The listing: things as a table, each row rendered once and kept until it changes."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from urllib.parse import quote, urlencode

from markupsafe import Markup

from mindu.base.records import Severity
from mindu.console.ask import Ask
from mindu.console.contract.things import Row
from mindu.console.look import Look
from mindu.console.pages.measure import amount
from mindu.console.pages.page import KEPT
from mindu.console.plots import symbol
from mindu.console.words import clock, shown, term

COLUMNS = ("place", "kind", "severity", "value", "age")
VALUES = 2  # values shown of one thing

Drawn = dict[str, tuple[Row, str]]


def listing(look: Look, ask: Ask, rows: Sequence[Row]) -> Markup:
    """Return a table of things; addresses carry on what this one keeps."""
    tail = urlencode({k: ask.query[k] for k in KEPT if ask.query.get(k)})
    stamp = (look.board.placings, rows)
    text = look.board.ready.take(
        ("table", look.lang, tail), stamp, lambda: _table(look, tail, rows)
    )
    return Markup(text)  # noqa: S704 - escaped by us


def _table(look: Look, tail: str, rows: Sequence[Row]) -> str:
    board, link = look.board, escape(f"?{tail}") if tail else ""
    kept: Drawn = board.ready.take(("drawn", look.lang, tail), board.placings, dict)
    heads: dict[str, str] = board.ready.take(("heads", look.lang, tail), board.placings, dict)
    parts = []
    for row in rows:
        name = row.id
        held = kept.get(name)
        if held is None or held[0] is not row:
            head = heads.get(name) or heads.setdefault(name, _head(look, row, link))
            held = kept[name] = (row, head + _rest(look, row))
        parts.append(held[1])
    names = "".join(f'<th scope="col">{escape(look.say(name))}</th>' for name in COLUMNS)
    body = "".join(parts)
    return f"<table><thead><tr>{names}</tr></thead><tbody>\n{body}</tbody></table>"


def _head(look: Look, row: Row, link: str) -> str:
    return (
        f'<tr><th scope="row"><a href="/thing/{quote(row.id)}{link}">'
        f"{escape(look.pick(row.title))}</a></th>"
        f"<td>{escape(term(row.kind, look.lang))}</td><td>"
    )


def _rest(look: Look, row: Row) -> str:
    lang, values = look.lang, row.values
    grave = _grave(row.severity, lang) if row.severity else "–"
    if not values:
        return f"{grave}</td>\n<td>–</td><td></td></tr>\n"
    said = [
        f"{_safe(v.prop, lang)} {amount(v.value, v.unit)} {_safe(shown(v.unit), '')}".rstrip()
        for v in values[:VALUES]
    ]
    age = clock(values[0].at, look.feed.zone)
    return f"{grave}</td>\n<td>{', '.join(said)}</td><td>{age}</td></tr>\n"


@lru_cache(maxsize=16)
def _grave(severity: int, lang: str) -> str:
    return symbol(Severity(severity), lang)


@lru_cache(maxsize=1_024)
def _safe(name: str, lang: str) -> str:
    """Return a declared name in the reader's language, or a unit as it stands, safe for HTML."""
    return escape(term(name, lang) if lang else name)
