"""Passkeys over the wire: the few lines of script that a browser needs, and their four steps."""

import json
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, Response

from mindu.base.records import Words
from mindu.console.identity.levels import PASSKEY
from mindu.console.identity.web.entering import SLOW, let_in
from mindu.console.identity.web.site import Visit
from mindu.console.people import passkeys

NO = Words("The passkey was not accepted.", "通行密钥未通过验证。")


def script(_visit: Visit) -> Response:
    """Send the script."""
    text = files("mindu.console.identity.web").joinpath("pages/passkey.js").read_text("utf-8")
    return Response(text, media_type="text/javascript")


async def passkey(visit: Visit) -> Response:
    """Take one of the four steps of a passkey."""
    if visit.request.headers.get("x-csrf-token", "") != visit.token():
        return _no(visit, NO)
    if visit.slow():
        return _no(visit, SLOW)
    try:
        told = json.loads(await visit.request.body() or b"{}")
        return _step(visit, str(visit.request.path_params["step"]), dict(told))
    except (passkeys.NoPasskey, ValueError, TypeError, KeyError):
        return _no(visit, NO)


def _step(visit: Visit, step: str, told: dict[str, Any]) -> Response:
    door, root = _door(visit), visit.site.root
    if step == "begin-enter":
        return JSONResponse(passkeys.begin_enter(door))
    if step == "finish-enter":
        name, verified = passkeys.finish_enter(door, told)
        subject = visit.house.citizens.named(name)
        if subject is None or not verified:
            raise passkeys.NoPasskey("nobody's, or its holder was not verified")
        let_in(visit, subject, PASSKEY)
        r = visit.one("r")
        return JSONResponse({"to": f"{root}/go?r={r}" if r else f"{root}/"})
    if visit.session is None:
        raise passkeys.NoPasskey("nobody is signed in")
    name = visit.session.subject.name
    if step == "begin-enrol":
        return JSONResponse(passkeys.begin_enrol(door, name=name, title="Mindu"))
    passkeys.finish_enrol(door, told, name=name, now=visit.house.now())
    return JSONResponse({"to": f"{root}/"})


def _door(visit: Visit) -> passkeys.Door:
    parts, citizens = urlsplit(visit.house.issuer), visit.house.citizens
    origin = f"{parts.scheme}://{parts.netloc}"
    site = parts.hostname or ""
    return passkeys.Door(citizens.keys, citizens.challenges, site, origin, visit.browser)


def _no(visit: Visit, words: Words) -> Response:
    return JSONResponse({"error": visit.say(words)}, 403)
