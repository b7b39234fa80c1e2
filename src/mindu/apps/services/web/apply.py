"""Applying: page by page, saved as it goes, read once more, handed in; then how it stands."""

import base64
from io import BytesIO

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mindu.apps.services.counter import NotYet
from mindu.apps.services.numbers import instance_of
from mindu.apps.services.package import Package
from mindu.apps.services.web import rated
from mindu.apps.services.web.often import HAND_INS, LOOKS, SAVES
from mindu.apps.services.web.site import Site, Visit, gone, route, to
from mindu.engines.forms import Filled, asked, checked, taken
from mindu.engines.forms.render import Ask, Note, page, review

STATUS = {
    "waiting": ("waits for what comes before it", "等待前置事项"),
    "open": ("is being worked on", "办理中"),
    "approved": ("approved", "已批准"),
    "refused": ("refused", "不予批准"),
    "not_needed": ("not needed", "无需办理"),
    "running": ("under way", "办理中"),
    "ended": ("closed", "已办结"),
    "void": ("void", "已作废"),
    "withdrawn": ("withdrawn", "已撤回"),
}


def routes(site: Site) -> list[Route]:
    """Return the routes of applying."""
    return [
        route(site, "/progress", progress, rate=LOOKS),
        route(site, "/rate", rated.rate, post=True, rate=LOOKS),
        route(site, "/ratings", rated.public),
        route(site, "/{package}/", begin),
        route(site, "/{package}/check", look_over, post=True, rate=HAND_INS),
        route(site, "/{package}/{page}", answer, post=True, rate=SAVES),
    ]


def _package(visit: Visit) -> Package | None:
    return visit.site.counter.packages.get(visit.request.path_params["package"])


def begin(visit: Visit) -> Response:
    """Go to the first page."""
    package = _package(visit)
    if package is None:
        return gone(visit)
    return to(f"/{package.id}/{package.filled().pages[0].id}", visit)


def answer(visit: Visit) -> Response:
    """Show one group of questions, or take what was answered."""
    package = _package(visit)
    name = visit.request.path_params["page"]
    if package is None:
        return gone(visit)
    values = visit.site.counter.draft(visit.who, package.id)
    if name not in [one.id for one in asked(package.filled(), values, visit.site.now())]:
        return gone(visit)
    if visit.request.method == "POST":
        return _take(visit, package, name, values)
    return _show(visit, package, name, Filled(values, {}))


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


def _show(visit: Visit, package: Package, name: str, filled: Filled) -> Response:
    form = package.filled()
    pages = asked(form, filled.values, visit.site.now())
    at = next(i for i, one in enumerate(pages) if one.id == name)
    back = f"/{package.id}/{pages[at - 1].id}" if at else "/"
    where = visit.where(
        f"{visit.request.url.path}?lang={visit.lang}",
        back=f"{back}?lang={visit.lang}",
        number=at + 1,
        total=len(pages) + 1,
    )
    return HTMLResponse(page(form, pages[at], filled, where), 422 if filled.errors else 200)


def _next(package: Package, values: dict[str, object], name: str, visit: Visit) -> str:
    ids = [one.id for one in asked(package.filled(), values, visit.site.now())]
    at = ids.index(name) + 1 if name in ids else 0
    return f"/{package.id}/{ids[at] if at < len(ids) else 'check'}"


def _later(visit: Visit, package: Package) -> Response:
    title = visit.say("Your draft is kept", "草稿已保存")
    text = visit.say("Come back on this device within 30 days.", "30日内可在本设备继续填写。")
    link = (visit.say("Go on", "继续填写"), visit.say(package.title.en, package.title.zh),
            f"/{package.id}/?lang={visit.lang}")  # fmt: skip
    return visit.page(Note(title=title, texts=(text,), rows=(link,)))


def look_over(visit: Visit) -> Response:
    """Let everything be read once more, then hand it in."""
    package = _package(visit)
    if package is None:
        return gone(visit)
    counter, form, now = visit.site.counter, package.filled(), visit.site.now()
    values = counter.draft(visit.who, package.id)
    filled = checked(form, values, now) if visit.request.method == "POST" else Filled(values, {})
    if visit.request.method == "POST" and not filled.errors:
        try:
            number = counter.hand_in(visit.who, package.id, values, now)
        except NotYet as why:
            filled = why.filled
        else:
            return _handed_in(visit, number)
    pages = asked(form, values, now)
    where = visit.where(f"/{package.id}/check?lang={visit.lang}",
                        back=f"/{package.id}/{pages[-1].id}?lang={visit.lang}")  # fmt: skip
    told = review(form, pages, filled, where)
    return HTMLResponse(told, 422 if filled.errors else 200)


def _handed_in(visit: Visit, number: str) -> Response:
    import segno  # noqa: PLC0415 - only this page draws a code

    out = BytesIO()
    address = f"{visit.request.base_url}progress?number={number}"
    segno.make(address, error="m").save(out, kind="svg", scale=6)
    image = "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
    title = visit.say(f"Handed in: {number}", f"已提交,办件编号 {number}")
    text = visit.say(
        "Keep the number. All departments work on it at once; you will hear from one window.",
        "请保存编号。各部门同步办理,结果由一个窗口统一送达。",
    )
    link = (visit.say("See how it stands", "查看进度"), number,
            f"/progress?number={number}&lang={visit.lang}")  # fmt: skip
    alt = visit.say(f"QR code of {number}", f"办件编号 {number} 的二维码")
    return visit.page(Note(title=title, texts=(text,), rows=(link,), image=image, image_alt=alt))


def progress(visit: Visit) -> Response:
    """Tell how an application stands, item by item."""
    counter = visit.site.counter
    try:
        found = counter.progress(visit.one("number"))
        instance = instance_of(visit.one("number"))
        mine = counter.processes.state(instance).applicant == visit.who
    except (ValueError, KeyError):
        title = visit.say("There is no such number", "没有这个办件编号")
        return visit.page(
            Note(title=title, texts=(visit.say("Look again.", "请核对后重试。"),)), 404
        )
    rows = tuple(
        (f"{p.name}({p.department})", visit.say(*STATUS[p.status]) + _more(visit, p.late), "")
        for p in found.parts
    )
    ask = None
    if mine and found.status == "ended":
        ask = Ask(action=f"/rate?lang={visit.lang}", button=visit.say("Rate it", "评价"), fields=(
            ("number", visit.say("Tracking number", "办件编号"), found.number),
            ("stars", visit.say("Stars, 1 to 5", "星级(1至5)"), ""),
            ("said", visit.say("What you want to say", "您的意见"), ""),
        ))  # fmt: skip
    texts = (visit.say(*STATUS.get(found.status, (found.status, found.status))), found.paused)
    return visit.page(
        Note(title=found.number, texts=tuple(t for t in texts if t), rows=rows, ask=ask)
    )


def _more(visit: Visit, late: bool) -> str:  # noqa: FBT001 - one value of a row
    return visit.say(" – late", "(超期)") if late else ""
