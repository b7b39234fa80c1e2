"""A new password for who forgot theirs: by a link that is good once, or by a stronger proof."""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mindu.base.records import Words
from mindu.console.identity.book import MENDED, SUBJECT
from mindu.console.identity.web.entering import SLOW
from mindu.console.identity.web.site import Visit
from mindu.console.people.password import Weak

FRESH = timedelta(minutes=10)  # since the stronger proof; ours
STRONG = 2  # the level that stands for a password: a passkey or 网证
GONE = Words("This link was used, or its hour is over: ask for another one.",
             "链接已使用或已失效,请重新申请。")  # fmt: skip
HOW = Words("Sign in by a passkey or the national online identity, then come back here within ten "
            "minutes; or ask a counter for a link.",
            "请先用通行密钥或网证登录,并在十分钟内回到本页;或到窗口申请重置链接。")  # fmt: skip
LOST = Words("A new password", "重设口令")
DONE = Words(
    "The new password holds; you are signed out everywhere.", "新口令已生效,各处登录均已退出。"
)


async def new_password(visit: Visit) -> Response:
    """Show the form to whoever may set a new password, or take it."""
    once, name = visit.one("once")[:200], _who(visit)
    if name is None:
        told = visit.page("told", title=LOST, texts=(HOW,))
        return visit.trouble(GONE, 410) if once else told
    if visit.request.method != "POST":
        return visit.page("new_password", once=once, who=name, error=None)
    return visit.trouble(SLOW, 429) if visit.slow(name) else await _set(visit, once, name)


async def _set(visit: Visit, once: str, name: str) -> Response:
    password = visit.sent.get("password", [""])[0]
    try:
        await run_in_threadpool(visit.house.citizens.mend, name, password)
    except Weak as no:
        return visit.page("new_password", 422, once=once, who=name, error=no.says)
    if once:
        visit.house.citizens.keys.use(once, visit.house.now())
    _end(visit, name, "link" if once else "proof")
    return visit.page("told", title=LOST, texts=(DONE,))


def _who(visit: Visit) -> str | None:
    """Return whose password may be set here, by the link or by a fresh stronger proof."""
    now, once = visit.house.now(), visit.one("once")[:200]
    if once:
        offered = visit.house.citizens.keys.offered(once, now)
        return None if offered is None else offered[0]
    session = visit.session
    fresh = session is not None and session.level >= STRONG and now - session.at <= FRESH
    return session.subject.name if session is not None and fresh else None


def _end(visit: Visit, name: str, how: str) -> None:
    """End what the old password opened, and write down that it was mended."""
    house, now = visit.house, visit.house.now()
    subject = house.citizens.named(name)
    about = f"{SUBJECT}{subject.id}" if subject is not None else f"{SUBJECT}-"
    if subject is not None:
        house.tickets.end_all("password", subject=subject.id)
        house.farewells.out_of_all(subject.id, now)
    visit.sid, visit.session = "", None
    house.book.write(MENDED, {"how": how}, about=about, by="" if subject is None else subject.id,
                     now=now)  # fmt: skip
