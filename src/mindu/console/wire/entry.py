"""The entry: how somebody signs in, by password, by one-time key or by passkey."""

from typing import Any

from mindu.base.records import Words
from mindu.base.time import monotonic
from mindu.console.ask import Bad
from mindu.console.contract.common import SignIn
from mindu.console.people import passkeys
from mindu.console.people.accounts import Wrong
from mindu.console.people.password import Weak
from mindu.console.wire.desk import Desk
from mindu.console.wire.visit import Visit

NOT_YOU = Words("The name or the password is wrong.", "姓名或口令有误。")
TRY = Words("Try again, or ask an admin for a new link.", "请重试,或请管理员发新链接。")
OFTEN = Words("Too many attempts.", "尝试次数过多。")
NO_KEY = Words("This link was used or is too old.", "该链接已使用或已过期。")
NEW_KEY = Words(
    "Start `mindu up` again for a new one, or sign in.", "重新运行 mindu up 可得新链接。"
)
NO_PASSKEY = Words("The passkey was not accepted.", "通行密钥未通过验证。")


def by_password(desk: Desk, visit: Visit, told: SignIn) -> str:
    """Return the name of the account that this password opens.

    Raises:
        Bad: it opens none (and it is not said whether the name was right), or too many tries.
    """
    _slowly(desk, visit, told.name)
    person = desk.people.accounts.check(told.name, told.password)
    if person is None:
        raise Bad(403, NOT_YOU, TRY, field="password")
    return person.name


def by_key(desk: Desk, visit: Visit, key: str) -> str:
    """Return the name of the account that a one-time key opens; the demo's owner is made by it.

    Raises:
        Bad: the key was used, is too old, or is for somebody who must choose a name first.
    """
    _slowly(desk, visit, "")
    found = desk.people.keys.use(key, desk.now)
    if found is None or not found[0]:
        raise Bad(403, NO_KEY, NEW_KEY)
    name, role = found
    if desk.people.accounts.person(name) is None:
        desk.people.accounts.add(name, role, now=desk.now)
    return name


def first(desk: Desk, visit: Visit, key: str, *, name: str, password: str) -> str:
    """Make the account that a one-time key allows; return its name.

    Raises:
        Bad: the key is no good, or the name or password cannot be.
    """
    _slowly(desk, visit, "")
    offered = desk.people.keys.offered(key, desk.now)
    if offered is None:
        raise Bad(403, NO_KEY, NEW_KEY)
    try:
        person = desk.people.accounts.add(
            offered[0] or name, offered[1], password=password, now=desk.now
        )
    except Weak as no:
        raise Bad(422, no.says, TRY, field="password") from no
    except Wrong as no:
        raise Bad(422, Words(str(no), str(no)), TRY, field="name") from no
    desk.people.keys.use(key, desk.now)
    return person.name


def begin_enrol(desk: Desk, visit: Visit) -> dict[str, Any]:
    """Return what a browser needs to make a passkey."""
    assert visit.person is not None
    title = desk.feed.name.en
    return passkeys.begin_enrol(_door(desk, visit), name=visit.person.name, title=title)


def finish_enrol(desk: Desk, visit: Visit, told: dict[str, Any]) -> None:
    """Keep the passkey that the browser made.

    Raises:
        Bad: it does not answer the challenge.
    """
    assert visit.person is not None
    name = visit.person.name
    try:
        passkeys.finish_enrol(_door(desk, visit), told, name=name, now=desk.now)
    except passkeys.NoPasskey as no:
        raise Bad(403, NO_PASSKEY, TRY) from no


def begin_enter(desk: Desk, visit: Visit) -> dict[str, Any]:
    """Return what a browser needs to sign in by a passkey."""
    return passkeys.begin_enter(_door(desk, visit))


def finish_enter(desk: Desk, visit: Visit, told: dict[str, Any]) -> str:
    """Return whose passkey answered the challenge.

    Raises:
        Bad: nobody's, or it is a copy that runs behind.
    """
    _slowly(desk, visit, "")
    try:
        return passkeys.finish_enter(_door(desk, visit), told)[0]
    except passkeys.NoPasskey as no:
        raise Bad(403, NO_PASSKEY, TRY) from no


def _slowly(desk: Desk, visit: Visit, name: str) -> None:
    now = monotonic()
    keys = (
        (f"from {visit.client}", f"as {name.strip().casefold()}")
        if name
        else (f"from {visit.client}",)
    )
    if max(desk.sign_ins.take(key, now) for key in keys):
        raise Bad(429, OFTEN, Words("Wait a minute.", "请稍候一分钟。"))


def _door(desk: Desk, visit: Visit) -> passkeys.Door:
    """Return where passkeys are good: browsers bind them to localhost, but to no number."""
    host = visit.headers.get("host", "localhost")
    name = host.rpartition(":")[0] if ":" in host else host
    scheme = "https" if visit.headers.get("x-forwarded-proto") == "https" else "http"
    site = "localhost" if name in {"127.0.0.1", "[::1]"} else name
    origin = f"{scheme}://{visit.headers.get('host', '')}"
    keys, challenges = desk.people.keys, desk.people.challenges
    return passkeys.Door(keys, challenges, site, origin, visit.sid)
