"""Applying: page by page, saved as it goes, read once more, handed in; then how it stands."""

import base64
from io import BytesIO
from typing import Any

import msgspec
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mindu.apps.services.counter import NotYet
from mindu.apps.services.drafts import KEEPS
from mindu.apps.services.numbers import instance_of
from mindu.apps.services.own import mending
from mindu.apps.services.own.prefill import by_hand, prefilled
from mindu.apps.services.own.vouched import AGREED, Vouched
from mindu.apps.services.package import Package
from mindu.apps.services.web import rated, standing
from mindu.apps.services.web.doors import route
from mindu.apps.services.web.entrusted import beyond, refusal
from mindu.apps.services.web.often import HAND_INS, LOOKS, SAVES
from mindu.apps.services.web.site import Site, Visit, gone, to
from mindu.engines.forms import Filled, asked, checked, taken
from mindu.engines.forms.render import Known, Note, page, review


def routes(site: Site) -> list[Route]:
    """Return the routes of applying."""
    return [
        route(site, "/progress", standing.progress, rate=LOOKS),
        route(site, "/mend", standing.mend, post=True, rate=LOOKS),
        route(site, "/rate", rated.rate, post=True, rate=LOOKS),
        route(site, "/ratings", rated.public),
        route(site, "/{package}/", begin),
        route(site, "/{package}", begin),
        route(site, "/{package}/check", look_over, post=True, rate=HAND_INS),
        route(site, "/{package}/{page}", answer, post=True, rate=SAVES),
    ]


def _package(visit: Visit) -> Package | Response:
    """Return the package that is asked for; else the page that says why not."""
    package = visit.site.counter.packages.get(visit.request.path_params["package"])
    if package is None:
        return gone(visit)
    return beyond(visit, "apply", package.id) or package


def begin(visit: Visit) -> Response:
    """Go to the first page."""
    package = _package(visit)
    if isinstance(package, Response):
        return package
    return to(f"/{package.id}/{package.filled().pages[0].id}", visit)


def answer(visit: Visit) -> Response:
    """Show one group of questions, or take what was answered."""
    package = _package(visit)
    if isinstance(package, Response):
        return package
    name = visit.request.path_params["page"]
    values, known = _values(visit, package)
    if name not in [one.id for one in asked(package.filled(), values, visit.site.now())]:
        return gone(visit)
    if visit.request.method == "POST":
        return _take(visit, package, name, values)
    return _show(visit, package, name, Filled(values, {}), known)


def _values(visit: Visit, package: Package) -> tuple[dict[str, Any], dict[str, Known]]:
    """Return the answers so far, with those that the library gives, and whence these come."""
    draft = visit.site.counter.draft(visit.who, package.id)
    if visit.signed is None:
        return by_hand(package.filled(), draft), {}
    told = (visit.site.materials, visit.who, package.filled(), draft, visit.site.now())
    return prefilled(*told)


def _take(visit: Visit, package: Package, name: str, values: dict[str, object]) -> Response:
    form = package.filled()
    filled = taken(form, form.page(name), visit.sent, values, visit.site.now())
    kept = {field: value for field, value in filled.values.items() if field not in filled.errors}
    visit.site.counter.save(visit.who, package.id, kept)
    if visit.one("_go") == "later":
        return _later(visit, package)
    if filled.errors:
        return _show(visit, package, name, filled)
    return to(_next(package, kept, name, visit), visit)


def _show(
    visit: Visit, package: Package, name: str, filled: Filled, known: dict[str, Known] | None = None
) -> Response:
    form = package.filled()
    pages = asked(form, filled.values, visit.site.now())
    at = next(i for i, one in enumerate(pages) if one.id == name)
    back = f"/{package.id}/{pages[at - 1].id}" if at else "/"
    action = f"{visit.request.url.path}?lang={visit.lang}"
    where = msgspec.structs.replace(
        visit.where(action, back=f"{back}?lang={visit.lang}", number=at + 1, total=len(pages) + 1),
        correct=f"/correct/{package.id}",
    )
    shown = page(form, pages[at], filled, where, known)
    return HTMLResponse(shown, 422 if filled.errors else 200)


def _next(package: Package, values: dict[str, object], name: str, visit: Visit) -> str:
    ids = [one.id for one in asked(package.filled(), values, visit.site.now())]
    at = ids.index(name) + 1 if name in ids else 0
    return f"/{package.id}/{ids[at] if at < len(ids) else 'check'}"


def _later(visit: Visit, package: Package) -> Response:
    title = visit.say("Your draft is kept", "草稿已保存")
    days = KEEPS.days
    text = visit.say(f"Go on within {days} days; after that the draft is removed.",
                     f"请在{days}日内继续填写,逾期草稿将被删除。")  # fmt: skip
    link = (visit.say("Go on", "继续填写"), visit.say(package.title.en, package.title.zh),
            f"/{package.id}/?lang={visit.lang}")  # fmt: skip
    return visit.page(Note(title=title, texts=(text,), rows=(link,)))


def look_over(visit: Visit) -> Response:
    """Let everything be read once more, then hand it in."""
    package = _package(visit)
    if isinstance(package, Response):
        return package
    form, now = package.filled(), visit.site.now()
    values, known = _values(visit, package)
    filled = checked(form, values, now) if visit.request.method == "POST" else Filled(values, {})
    if visit.request.method == "POST" and not filled.errors:
        try:
            return _hand_in(visit, package, values, known)
        except NotYet as why:
            filled = why.filled
    pages = asked(form, values, now)
    where = visit.where(f"/{package.id}/check?lang={visit.lang}",
                        back=f"/{package.id}/{pages[-1].id}?lang={visit.lang}")  # fmt: skip
    where = msgspec.structs.replace(where, correct=f"/correct/{package.id}")
    told = review(form, pages, filled, where, known)
    return HTMLResponse(told, 422 if filled.errors else 200)


def _hand_in(
    visit: Visit, package: Package, values: dict[str, Any], known: dict[str, Known]
) -> Response:
    """Hand in, and write down what was drawn on and who did it for whom."""
    if not visit.may("apply", package.id):
        return refusal(visit)
    site, now = visit.site, visit.site.now()
    back = mending.under_way(site.counter, visit.who, package.id)
    if back is None:
        number = site.counter.hand_in(visit.who, package.id, values, now)
    else:
        number = mending.hand_in(site.counter, back, values, by=visit.by, now=now)
    case = instance_of(number)
    Vouched(site.counter, site.materials).handed_in(
        case, package, known, agreed=values.get(AGREED) is True, by=visit.by, now=now
    )
    if visit.signed is not None and visit.signed.delegation:
        told = {"who": visit.by, "purpose": f"delegation/{visit.signed.delegation}"}
        site.counter.processes.note(case, "used", told, by=visit.by, now=now)
    site.licences.look(now)  # what a rule approves at once ends in its licence at once
    return _handed_in(visit, number)


def _goes_on(visit: Visit, number: str) -> str:
    """Return what happens next: it was decided at once, an officer decides, or many work on it."""
    counter = visit.site.counter
    found = counter.progress(number, visit.site.now(), by=visit.who)
    if counter.packages[found.package].instant is None:
        return visit.say(
            "Keep the number. All departments work on it at once; you will hear from one window.",
            "请保存编号。各部门同步办理,结果由一个窗口统一送达。",
        )
    if all(part.status == "approved" for part in found.parts):
        return visit.say(
            "It is approved, by rule, in this very moment.", "已按规则即时批准(秒批)。"
        )
    return visit.say(
        "Keep the number. The rules could not approve it at once; an officer decides.",
        "请保存编号。未能秒批,已转人工审核。",
    )


def _handed_in(visit: Visit, number: str) -> Response:
    import segno  # noqa: PLC0415 - only this page draws a code

    out = BytesIO()
    address = f"{visit.request.base_url}progress?number={number}"
    segno.make(address, error="m").save(out, kind="svg", scale=6)
    image = "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
    title = visit.say(f"Handed in: {number}", f"已提交,办件编号 {number}")
    text = _goes_on(visit, number)
    link = (visit.say("See how it stands", "查看进度"), number,
            f"/progress?number={number}&lang={visit.lang}")  # fmt: skip
    alt = visit.say(f"QR code of {number}", f"办件编号 {number} 的二维码")
    return visit.page(Note(title=title, texts=(text,), rows=(link,), image=image, image_alt=alt))
