"""`mindu identity` keeps the registry of clients, the signing keys and the offices of staff."""

import argparse
from collections.abc import Callable, Mapping
from datetime import timedelta
from getpass import getpass
from typing import Any

from mindu.base.records import Words
from mindu.cli.counter.beside import Done, Spoken
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.cli.services.hall import Hall
from mindu.cli.services.orders import give
from mindu.console.contract.common import ROLES
from mindu.console.identity.book import CLIENT, PLACED, REGISTERED, ROTATED, STRUCK
from mindu.console.identity.citizens import STAFF
from mindu.console.identity.clients import NoClient
from mindu.console.people.accounts import Wrong
from mindu.console.people.password import Weak

SAYS = (
    "what",
    "name",
    "redirect",
    "logout",
    "hears",
    "scope",
    "sector",
    "role",
    "office",
    "phone",
    "mail",
)
NEEDS, OFFERED_LINK = "needs_password", "identity_link_made"
HOUR = timedelta(hours=1)  # that a link for a new password is good; ours
MEND = Words("Change it and try again.", "请修改后重试。")


def identity(asked: argparse.Namespace, voice: Voice) -> int:
    """Do one thing to the registry, also while the hall serves; what was done is on the log."""
    order = Spoken("identity", {name: getattr(asked, name) for name in SAYS})
    done = give(state(asked.data), order, do)
    if done.data == {NEEDS: asked.name}:
        said = {**order.said, "password": getpass("password 口令: ")}
        done = give(state(asked.data), Spoken("identity", said), do)
    voice.data(done.data, done.text)
    return GOOD


def do(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Do what an order says to the registry.

    Raises:
        Trouble: it cannot be done.
    """
    try:
        return VERBS[str(said["what"])](hall, said)
    except (NoClient, Weak) as no:
        raise Trouble(no.says, MEND) from None


def client(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Register a client; its secret is shown this once."""
    house, name = hall.provider, str(said["name"])
    made, secret = house.clients.register(
        Words(name, name), said["redirect"], ["openid", *said["scope"]],
        sector=str(said["sector"]), logouts=said["logout"], now=house.now(),
        hears=str(said.get("hears", "")),
    )  # fmt: skip
    _write(hall, REGISTERED, made.id, scopes=" ".join(made.scopes), sector=made.sector)
    told = {"client_id": made.id, "client_secret": secret}
    return Done(told, f"client_id {made.id}\nclient_secret {secret}")


def listed(hall: Hall, _said: Mapping[str, Any]) -> Done:
    """List the clients."""
    rows = [
        {"id": one.id, "name": one.name.zh, "scopes": " ".join(one.scopes), "sector": one.sector}
        for one in hall.provider.clients.every()
    ]
    return Done(rows, "\n".join("  ".join(row.values()) for row in rows))


def drop(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Take a client out."""
    name = str(said["name"])
    if not hall.provider.clients.remove(name):
        wrong = Words(f"There is no client {name}.", f"没有客户端 {name}。")
        raise Trouble(wrong, Words("`mindu identity list` shows them.", "见 mindu identity list。"))
    _write(hall, STRUCK, name)
    return Done({"dropped": name}, name)


def rotate(hall: Hall, _said: Mapping[str, Any]) -> Done:
    """Sign with a new key from now on."""
    kid = hall.provider.keyring.rotate(hall.provider.now())
    _write(hall, ROTATED, "keys", kid=kid)
    return Done({"kid": kid}, kid)


def staff(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Make an account of the staff, or give one other offices; a new one needs a password."""
    house, accounts, name = hall.provider, hall.people.accounts, str(said["name"])
    role, offices = said["role"], list(said["office"])
    if role not in ROLES[1:]:
        known = ", ".join(ROLES[1:])
        raise Trouble(Words(f"A role is one of {known}.", f"角色为:{known}。"),
                      Words("Give --role.", "请给出 --role。"))  # fmt: skip
    try:
        if accounts.person(name) is None:
            if not said.get("password"):
                return Done({NEEDS: name}, "")
            accounts.add(name, role, password=str(said["password"]), now=house.now())
    except Wrong as no:
        raise Trouble(Words(str(no), str(no)), Words("Give a name.", "请给出姓名。")) from None
    house.citizens.place(name, offices)
    if said.get("phone") or said.get("mail"):
        house.citizens.reached(name, str(said.get("phone", "")), str(said.get("mail", "")))
    _write(hall, PLACED, name, offices=" ".join(offices), role=str(role))
    return Done({"name": name, "offices": offices}, name)


def reset(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Make a link by which somebody sets a new password, once, within the hour."""
    house, name = hall.provider, str(said["name"])
    staff_ = name.removeprefix(STAFF)
    known = hall.people.accounts.person(staff_) if name != staff_ else house.citizens.named(name)
    if known is None:
        raise Trouble(Words(f"Nobody signs in as {name}.", f"没有账号 {name}。"),
                      Words("Of staff write staff:NAME.", "工作人员请写 staff:姓名。"))  # fmt: skip
    key = house.citizens.keys.key_for(name, "viewer", house.now(), HOUR)
    _write(hall, OFFERED_LINK, name if name != staff_ else "-", by_link="yes")
    link = f"{house.issuer}/new-password?once={key}"
    return Done({"link": link, "minutes": 60}, link)


def _write(hall: Hall, name: str, about: str, **told: str) -> None:
    now = hall.provider.now()
    hall.provider.book.write(name, told, about=f"{CLIENT}{about}", by="operator", now=now)


VERBS: dict[str, Callable[[Hall, Mapping[str, Any]], Done]] = {
    "client": client, "list": listed, "drop": drop, "rotate": rotate, "staff": staff,
    "reset": reset,
}  # fmt: skip
