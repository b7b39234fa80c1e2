"""`mindu identity` keeps the registry of clients, the signing keys and the offices of staff."""

import argparse
from collections.abc import Callable
from getpass import getpass

from mindu.base.records import Words
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.cli.services.hall import Hall, opened
from mindu.console.contract.common import ROLES
from mindu.console.identity.book import CLIENT, PLACED, REGISTERED, ROTATED, STRUCK
from mindu.console.identity.clients import NoClient
from mindu.console.people.accounts import Wrong
from mindu.console.people.password import Weak

BASE = "http://localhost:8024"  # no address is served by this verb
SERVED = Words("Stop the server: one process writes a log.", "请先停止服务:日志仅由一个进程写入。")


def identity(asked: argparse.Namespace, voice: Voice) -> int:
    """Do one thing to the registry; what was done is on the log."""
    try:
        hall = opened(state(asked.data), BASE)
    except (RuntimeError, ValueError, OSError) as wrong:
        raise Trouble(Words(str(wrong), str(wrong)), SERVED) from None
    try:
        VERBS[asked.what](hall, asked, voice)
    except (NoClient, Weak) as no:
        mend = Words("Change it and try again.", "请修改后重试。")
        raise Trouble(no.says, mend) from None
    return GOOD


def client(hall: Hall, asked: argparse.Namespace, voice: Voice) -> None:
    """Register a client; its secret is shown this once."""
    house = hall.provider
    made, secret = house.clients.register(
        Words(asked.name, asked.name), asked.redirect, ["openid", *asked.scope],
        sector=asked.sector, logouts=asked.logout, now=house.now(),
    )  # fmt: skip
    _write(hall, REGISTERED, made.id, scopes=" ".join(made.scopes), sector=made.sector)
    told = {"client_id": made.id, "client_secret": secret}
    voice.data(told, f"client_id {made.id}\nclient_secret {secret}")


def listed(hall: Hall, _asked: argparse.Namespace, voice: Voice) -> None:
    """List the clients."""
    rows = [
        {"id": one.id, "name": one.name.zh, "scopes": " ".join(one.scopes), "sector": one.sector}
        for one in hall.provider.clients.every()
    ]
    voice.data(rows, "\n".join("  ".join(row.values()) for row in rows))


def drop(hall: Hall, asked: argparse.Namespace, voice: Voice) -> None:
    """Take a client out."""
    if not hall.provider.clients.remove(asked.name):
        wrong = Words(f"There is no client {asked.name}.", f"没有客户端 {asked.name}。")
        raise Trouble(wrong, Words("`mindu identity list` shows them.", "见 mindu identity list。"))
    _write(hall, STRUCK, asked.name)
    voice.data({"dropped": asked.name}, asked.name)


def rotate(hall: Hall, _asked: argparse.Namespace, voice: Voice) -> None:
    """Sign with a new key from now on."""
    kid = hall.provider.keyring.rotate(hall.provider.now())
    _write(hall, ROTATED, "keys", kid=kid)
    voice.data({"kid": kid}, kid)


def staff(hall: Hall, asked: argparse.Namespace, voice: Voice) -> None:
    """Make an account of the staff, or give one other offices."""
    house, accounts = hall.provider, hall.people.accounts
    if asked.role not in ROLES[1:]:
        known = ", ".join(ROLES[1:])
        raise Trouble(Words(f"A role is one of {known}.", f"角色为:{known}。"),
                      Words("Give --role.", "请给出 --role。"))  # fmt: skip
    try:
        if accounts.person(asked.name) is None:
            password = getpass("password 口令: ")
            accounts.add(asked.name, asked.role, password=password, now=house.now())
    except Wrong as no:
        raise Trouble(Words(str(no), str(no)), Words("Give a name.", "请给出姓名。")) from None
    house.citizens.place(asked.name, asked.office)
    _write(hall, PLACED, asked.name, offices=" ".join(asked.office), role=asked.role)
    voice.data({"name": asked.name, "offices": asked.office}, asked.name)


def _write(hall: Hall, name: str, about: str, **told: str) -> None:
    now = hall.provider.now()
    hall.provider.book.write(name, told, about=f"{CLIENT}{about}", by="operator", now=now)


VERBS: dict[str, Callable[[Hall, argparse.Namespace, Voice], None]] = {
    "client": client, "list": listed, "drop": drop, "rotate": rotate, "staff": staff,
}  # fmt: skip
