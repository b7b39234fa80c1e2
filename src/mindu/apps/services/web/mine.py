"""One's own: cases, materials with their source, consents, corrections, and who used what."""

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from mindu.apps.services.own.called import called
from mindu.apps.services.web.doors import route
from mindu.apps.services.web.entrusted import own_alone, refusal
from mindu.apps.services.web.often import LOOKS
from mindu.apps.services.web.signing import needed
from mindu.apps.services.web.site import Site, Visit, gone
from mindu.apps.services.web.uses import said, whose
from mindu.city import CITY
from mindu.engines.forms.render import Ask, Note, shown


def routes(site: Site) -> list[Route]:
    """Return the routes of one's own pages."""
    return [
        route(site, "/mine", home),
        route(site, "/materials", materials),
        route(site, "/receipts", receipts),
        route(site, "/correct/{package}", correct, post=True, rate=LOOKS),
    ]


def home(visit: Visit) -> Response:
    """Show one's cases, and the ways to all else that is one's own."""
    if (first := needed(visit)) is not None:
        return first
    lang, counter = f"?lang={visit.lang}", visit.site.counter
    number, title = counter.number, counter.title
    cases = tuple(
        (
            number(case),
            visit.say(title(case).en, title(case).zh),
            f"/progress?number={number(case)}&lang={visit.lang}",
        )
        for case in visit.site.mine.cases(visit.who)
        if visit.reaches("follow", counter.package_of(case))
    )
    ways = (
        (visit.say("My licences", "我的电子证照"), "", f"/licences{lang}"),
        *_alone(visit),
        (visit.say("My identity, delegations", "我的身份与委托"), "", "/id/"),
        (visit.say("Sign out", "退出登录"), "", "/sign-out"),
    )
    signed = visit.signed
    texts = (visit.named("Signed in as", "当前用户", signed.name),) if signed else ()
    if signed is not None and signed.behalf:
        acts = visit.say("You act for", "您正在代办:")
        texts = (*texts, f"{acts} {signed.behalf_name}")
    return visit.page(Note(title=visit.say("Mine", "我的"), texts=texts, rows=(*ways, *cases)))


def _alone(visit: Visit) -> tuple[tuple[str, str, str], ...]:
    """Return the ways to what is for the person alone."""
    if visit.who != visit.by:
        return ()
    return (
        (visit.say("My materials", "我的材料库"), "", f"/materials?lang={visit.lang}"),
        (visit.say("Who may use them", "材料使用授权"), "", f"/consents?lang={visit.lang}"),
        (visit.say("Who used my data", "谁用过我的数据"), "", f"/receipts?lang={visit.lang}"),
    )


def materials(visit: Visit) -> Response:
    """Show what the library keeps of a person: what, from whom, as of when, until when."""
    if (first := needed(visit) or own_alone(visit)) is not None:
        return first
    rows = []
    for one in visit.site.materials.kept(visit.who):
        until = "" if one.until is None else f" → {one.until.astimezone(CITY):%Y-%m-%d}"
        name, parts = called(visit.site.counter.packages.values(), one.kind)
        told = ", ".join(
            visit.named(*parts.get(name, (name, name)), _plainly(visit, value))
            for name, value in one.told.items()
        )
        source = visit.say("from", "来自")
        day = f"{one.at.astimezone(CITY):%Y-%m-%d}"
        rows.append((visit.say(*name), f"{told} ({source} {one.vouched}, {day}{until})", ""))
    texts = () if rows else (visit.say("Nothing is kept yet.", "暂无材料。"),)
    title = visit.say("My materials", "我的材料库")
    return visit.page(Note(title=title, rows=tuple(rows), texts=texts))


def _plainly(visit: Visit, value: object) -> str:
    if isinstance(value, bool):
        return visit.say("yes", "是") if value else visit.say("no", "否")
    return shown(value, (), "zh")


def receipts(visit: Visit) -> Response:
    """Show every use of a person's data across their cases."""
    if (first := needed(visit) or own_alone(visit)) is not None:
        return first
    rows = tuple(
        (whose(visit.site.counter, use, visit.lang),
         said(visit.site.counter, use, visit.lang), "")
        for use in visit.site.mine.uses(visit.who)
    )  # fmt: skip
    texts = () if rows else (visit.say("Nobody did.", "暂无使用记录。"),)
    title = visit.say("Who used my data", "谁用过我的数据")
    return visit.page(Note(title=title, rows=rows, texts=texts))


def correct(visit: Visit) -> Response:
    """Take in that a register is wrong; its department answers under a number."""
    if (first := needed(visit)) is not None:
        return first
    package = visit.site.counter.packages.get(visit.request.path_params["package"])
    field = None if package is None else package.filled().fields.get(visit.one("field"))
    if package is None or field is None or not field.source.path:
        return gone(visit)
    title = visit.say("Ask for a correction", "申请更正")
    label = field.label.to(visit.lang)
    ask = Ask(action=f"/correct/{package.id}?lang={visit.lang}", button=title, fields=(
        ("field", visit.say("Which answer", "更正事项"), field.name),
        ("said", visit.say("What is right, and why", "正确内容与理由"), ""),
    ))  # fmt: skip
    title = visit.named("Ask for a correction", "申请更正", label)
    if visit.request.method != "POST":
        return visit.page(Note(title=title, ask=ask))
    return _asked_for(visit, package.id, field.source.path, Note(title=title, ask=ask))


def _asked_for(visit: Visit, package: str, path: str, again: Note) -> Response:
    if not visit.may("apply", package):
        return refusal(visit)
    said, now = visit.one("said"), visit.site.now()
    try:
        number = visit.site.corrections.ask(visit.who, path, said, by=visit.by, now=now)
    except ValueError as why:
        return visit.page(msgspec.structs.replace(again, texts=(visit.why(why),)), 422)
    text = visit.say("The department answers within 15 days.", "部门将在15日内核实答复。")
    return visit.page(Note(title=f"{again.title}:{number}", texts=(text,)))
