"""Consents of a person: which department may look at which material, for what, until when."""

import contextlib
from datetime import datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from mindu.apps.services.materials import Consent
from mindu.apps.services.own.called import called
from mindu.apps.services.own.vouched import uses
from mindu.apps.services.web.doors import route
from mindu.apps.services.web.entrusted import own_alone
from mindu.apps.services.web.often import SAVES
from mindu.apps.services.web.signing import needed
from mindu.apps.services.web.site import Site, Visit
from mindu.city import CITY
from mindu.engines.forms.render import Ask, Note

DAYS = 365  # the longest consent


def routes(site: Site) -> list[Route]:
    """Return the route of the page."""
    return [route(site, "/consents", consents, post=True, rate=SAVES)]


def consents(visit: Visit) -> Response:
    """Show and change who may use which material for what; taken back, the next use is refused."""
    if (first := needed(visit) or own_alone(visit)) is not None:
        return first
    known = _known(visit)
    said, wrong = _changed(visit, known) if visit.request.method == "POST" else ("", False)
    held = visit.site.materials.consents(visit.who)
    rows = tuple((_named(visit, one), _until(visit, one), "") for one in held)
    stays = visit.say(
        "What was handed in, and what was looked at before, stays with its case. After you take a "
        "consent back no department looks at that material any more; each look is a receipt.",
        "已提交的内容和此前的查看仍保留在办件中;收回后,部门不能再查看该材料。每次查看都有凭据。",
    )
    nothing = visit.say("Nobody may now.", "目前没有授权。")
    note = Note(title=visit.say("Who may use my materials", "材料使用授权"), rows=rows,
                ask=_ask(visit, known, typed=wrong),
                texts=tuple(t for t in (said, "" if rows else nothing, stays) if t))  # fmt: skip
    return visit.page(note, 422 if wrong else 200)


def _known(visit: Visit) -> dict[str, tuple[Consent, str]]:
    """Return every use that can be let, and those that were, by a name for the form, in words."""
    counter, now = visit.site.counter, visit.site.now()
    every = [use for p in counter.packages.values() for use in uses(p, counter.items)]
    told = [Consent(kind=u.kind, who=u.who, purpose=u.purpose, until=now) for u in every]
    told += visit.site.materials.consents(visit.who)
    return {f"{one.kind}|{one.who}|{one.purpose}": (one, _named(visit, one)) for one in told}


def _named(visit: Visit, one: Consent) -> str:
    """Return a consent in words: which material, who, for which item of which thing."""
    counter = visit.site.counter
    name = visit.say(*called(counter.packages.values(), one.kind)[0])
    first, _, item = one.purpose.partition("/")
    package, who, what = counter.packages.get(first), one.who, one.purpose
    if package is not None and item in {part.item for part in package.parts}:
        known = counter.items.at(item)
        who = visit.say(known.department.en, known.department.zh)
        what = f"{visit.say(package.title.en, package.title.zh)} · " + visit.say(
            known.name.en, known.name.zh
        )
    return visit.say(f"{name} → {who}, for: {what}", f"{name} → {who},用于:{what}")


def _until(visit: Visit, one: Consent) -> str:
    day = f"{one.until.astimezone(CITY):%Y-%m-%d}"
    if one.until <= visit.site.now():
        return visit.say(f"ran out on {day}", f"已于 {day} 到期")
    return visit.say(f"until {day}", f"至 {day}")


def _ask(visit: Visit, known: dict[str, tuple[Consent, str]], *, typed: bool) -> Ask:
    options = tuple((value, words) for value, (_, words) in known.items())
    return Ask(
        action=f"/consents?lang={visit.lang}", button=visit.say("Save", "保存"),
        list_of=("use", visit.say("Which material, whom, what for", "哪份材料、给谁、用于什么"),
                 options, visit.one("use") if typed else ""),
        one_of=("do", visit.say("What do you want?", "您要"),
                (("let", visit.say("let them use it", "同意使用")),
                 ("back", visit.say("take it back", "收回")))),
        fields=(("until", visit.say("Until which day, as 2026-12-31 (not for taking back)",
                                    "截止日期,如 2026-12-31(收回时不填)"),
                 visit.one("until") if typed else ""),),
    )  # fmt: skip


def _changed(visit: Visit, known: dict[str, tuple[Consent, str]]) -> tuple[str, bool]:
    """Give a consent or take one back; return what is told, and whether something is wrong."""
    found, do = known.get(visit.one("use")), visit.one("do")
    if found is None or do not in {"let", "back"}:
        return visit.say("Choose a use, and what you want.", "请选择用途和操作。"), True
    return (_let if do == "let" else _back)(visit, *found)


def _back(visit: Visit, use: Consent, words: str) -> tuple[str, bool]:
    library = visit.site.materials
    if library.take_back(visit.who, kind=use.kind, who=use.who, purpose=use.purpose):
        return visit.named("Taken back", "已收回", words), False
    return visit.named("There is no such consent", "没有这项授权", words), True


def _let(visit: Visit, use: Consent, words: str) -> tuple[str, bool]:
    """Let somebody use a material to the end of a day."""
    now, until = visit.site.now(), None
    with contextlib.suppress(ValueError):
        day = datetime.strptime(visit.one("until"), "%Y-%m-%d").replace(tzinfo=CITY)
        until = day + timedelta(days=1, seconds=-1)
    if until is None or not now < until <= now + timedelta(days=DAYS):
        return visit.say("Give a day such as 2026-12-31, at most a year ahead.",
                         "请填写日期,例如 2026-12-31,最长一年。"), True  # fmt: skip
    yes = Consent(kind=use.kind, who=use.who, purpose=use.purpose, until=until)
    visit.site.materials.consent(visit.who, yes)
    return visit.named("You let them", "已授权", words), False
