"""The licence's own page: what it says, how it stands, what of it to show, and a code to scan."""

import base64
from io import BytesIO

from starlette.responses import Response
from starlette.routing import Route

from mindu.apps.services.licences.following import CAUSES
from mindu.apps.services.licences.kinds import KINDS, NUMBER
from mindu.apps.services.licences.ofd import written
from mindu.apps.services.licences.presented import LIVES
from mindu.apps.services.licences.rows import Held, Row
from mindu.apps.services.web.doors import route
from mindu.apps.services.web.entrusted import beyond, refusal
from mindu.apps.services.web.read import label, lines, stands
from mindu.apps.services.web.signing import needed
from mindu.apps.services.web.site import Site, Visit, gone
from mindu.engines.forms.render import Ask, Choice, Note

OFD = "application/ofd"


def routes(site: Site) -> list[Route]:
    """Return the routes of licences."""
    return [
        route(site, "/licences", mine),
        route(site, "/licences/{number}", one, post=True),
        route(site, "/licences/{number}/file", file),
    ]


def mine(visit: Visit) -> Response:
    """List the licences of whoever signed in."""
    if (first := needed(visit) or beyond(visit, "collect", "")) is not None:
        return first
    visit.site.licences.look(visit.site.now())
    rows = tuple(
        (_title(visit, row), _stands(visit, row), f"/licences/{row.number}?lang={visit.lang}")
        for row in visit.site.licences.of(visit.who)
        if visit.reaches("collect", _matter(visit, row))
    )
    texts = () if rows else (visit.say("There is none yet.", "暂无电子证照。"),)
    return visit.page(Note(title=visit.say("My licences", "我的电子证照"), rows=rows, texts=texts))


def one(visit: Visit) -> Response:
    """Show one licence to its holder, or a code of what the holder chose to show."""
    found = _found(visit)
    if isinstance(found, Response):
        return found
    return _show(visit, *found) if visit.request.method == "POST" else _page(visit, *found)


def _found(visit: Visit) -> tuple[Row, Held] | Response:
    """Return the licence that is asked for, where it is the visitor's own or entrusted to them."""
    if (first := needed(visit)) is not None:
        return first
    visit.site.licences.look(visit.site.now())
    try:
        row = visit.site.licences.row(visit.request.path_params["number"])
        held = visit.site.licences.held(row.number)
    except KeyError:
        return gone(visit)
    if row.holder != visit.who:
        return gone(visit)
    return (row, held) if visit.may("collect", _matter(visit, row)) else refusal(visit)


def _page(visit: Visit, row: Row, held: Held, wrong: str = "") -> Response:
    rows = lines(visit.site.counter, row.item, held.claims, visit.lang)
    until = visit.say("for good", "长期") if held.until is None else f"{held.until:%Y-%m-%d}"
    more = ((visit.say("Issued by", "签发机关"), KINDS[row.item].issuer, ""),
            (visit.say("Issued on", "签发日期"), f"{held.issued:%Y-%m-%d}", ""),
            (visit.say("Valid until", "有效期至"), until, ""),
            (visit.say("As a file (OFD)", "下载 OFD 文件"), "",
             f"/licences/{row.number}/file"))  # fmt: skip
    choices = tuple(
        Choice(name="show", value=name, label=label(row.item, name, visit.lang), on=name == NUMBER)
        for name in held.claims
    )
    ask = Ask(
        action=f"/licences/{row.number}?lang={visit.lang}", choices=choices,
        says=visit.say("Choose what to show; the rest is not in the code.",
                       "请选择出示内容;未选项不会写入二维码。"),
        fields=(("to", visit.say("To whom and what for", "出示给谁、用途"), ""),),
        button=visit.say("Show a code", "生成二维码"),
    )  # fmt: skip
    cause = visit.say(CAUSES[row.cause].en, CAUSES[row.cause].zh) if row.cause else ""
    texts = tuple(one for one in (_stands(visit, row), cause, row.why, wrong) if one)
    note = Note(title=_title(visit, row), texts=texts, rows=(*rows, *more), ask=ask)
    return visit.page(note, 422 if wrong else 200)


def _show(visit: Visit, row: Row, held: Held) -> Response:
    show, to = visit.sent.get("show", []), visit.one("to")
    if not show or not to:
        wrong = visit.say("Choose what to show, and say to whom.", "请选择出示内容并填写对象。")
        return _page(visit, row, held, wrong)
    try:
        text = visit.site.licences.present(row.number, show, to=to, now=visit.site.now())
    except ValueError:
        wrong = visit.say("The licence holds no such line.", "证照没有这一项。")
        return _page(visit, row, held, wrong)
    minutes = int(LIVES.total_seconds() // 60)
    says = visit.say(f"To {to}. Good for {minutes} minutes; whoever checks it needs no network.",
                     f"出示给:{to}。{minutes}分钟内有效,可离线查验。")  # fmt: skip
    alt = visit.say("QR code of the licence", "证照二维码")
    note = Note(title=_title(visit, row), texts=(_stands(visit, row), says), image=_drawn(text),
                image_alt=alt, image_mm=90,
                rows=((visit.say("The same as text", "文本内容"), text, ""),))  # fmt: skip
    return visit.page(note)


def file(visit: Visit) -> Response:
    """Send the licence as an OFD file, with the signed record inside."""
    found = _found(visit)
    if isinstance(found, Response):
        return found
    row, held = found
    kind = KINDS[row.item]
    said = {name: value for name, value in held.claims.items() if name in kind.claims}
    rows = [(one, text) for one, text, _ in lines(visit.site.counter, row.item, said, "zh")]
    body = written(row.number, kind.title.zh, rows, issuer=kind.issuer, issued=held.issued,
                   attached={"licence.sd-jwt": held.credential.encode()})  # fmt: skip
    response = Response(body, media_type=OFD)
    response.headers["Content-Disposition"] = f'attachment; filename="{row.number}.ofd"'
    return response


def _drawn(text: str) -> str:
    import segno  # noqa: PLC0415 - only this page draws a code

    out = BytesIO()
    segno.make(text, error="l", boost_error=False).save(out, kind="svg", scale=4)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def _title(visit: Visit, row: Row) -> str:
    title = KINDS[row.item].title
    return f"{visit.say(title.en, title.zh)} {row.number}"


def _stands(visit: Visit, row: Row) -> str:
    until = visit.site.licences.held(row.number).until
    words = stands(row.status, until, visit.site.now())
    return visit.say(f"Status: {words.en}", f"状态:{words.zh}")


def _matter(visit: Visit, row: Row) -> str:
    return visit.site.counter.package_of(row.instance)
