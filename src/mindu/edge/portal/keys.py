"""Keys of the open doors: made by anybody for themselves, shown once, kept as digests."""

import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from mindu.base.records import Event, Words
from mindu.brain.casework.refusals import Refusal
from mindu.brain.memory import Memory
from mindu.data.opening.opened import KEYS
from mindu.data.opening.opening import KEY, KEY_GIVEN, KEY_TAKEN, Key

LABEL = 60  # characters of what a key is called
MOST = 5  # keys of one browser
PREFIX = "mdo_"  # so that a key in a public file is known for one


def fresh() -> str:
    """Return a new secret."""
    return PREFIX + secrets.token_urlsafe(24)


def holder(memory: Memory, told: str) -> Key | None:
    """Return the key that this is, if it holds."""
    return memory.opened.key(_digest(told)) if told.startswith(PREFIX) else None


def of(memory: Memory, owner: str) -> list[Key]:
    """Return the keys that a browser made, the newest first."""
    own = [key for key in memory.opened.keys().values() if owner and key.owner == owner]
    return sorted(own, key=lambda key: (-key.at, key.id))


def give(
    memory: Memory, label: str, owner: str, *, now: datetime, mint: Callable[[], str] = fresh
) -> str:
    """Make a key; the secret is returned once, and kept nowhere.

    Raises:
        Refusal: it is not called anything, or there are too many.
    """
    if not 1 <= len(label.strip()) <= LABEL:
        raise Refusal(
            Words(f"call it something, in 1 to {LABEL} characters", f"名称 1 至 {LABEL} 字")
        )
    if len(of(memory, owner)) >= MOST:
        raise Refusal(Words(f"{MOST} keys are yours; take one back", f"至多 {MOST} 个,请先撤销"))
    if len(memory.opened.keys()) >= KEYS:
        raise Refusal(Words("too many keys are given out", "密钥发放已达上限"))
    secret = mint()
    digest = _digest(secret)
    event = Event(KEY_GIVEN, {"digest": digest, "label": label.strip(), "owner": owner})
    memory.write(event, at=now, about=f"{KEY}{digest[:10]}", by="public")
    return secret


def take_back(memory: Memory, name: str, *, owner: str, now: datetime) -> bool:
    """Void a key that a browser made, by its name; say whether there was one."""
    return _taken(memory, lambda key: key.id == name and key.owner == owner, now)


def void(memory: Memory, told: str, *, now: datetime) -> bool:
    """Void a key for whoever holds it."""
    held = holder(memory, told)
    return held is not None and _taken(memory, lambda key: key.id == held.id, now)


def revoke(memory: Memory, name: str, *, now: datetime) -> bool:
    """Void a key by its name, for the data office."""
    return _taken(memory, lambda key: key.id == name, now)


def _taken(memory: Memory, fits: Callable[[Key], bool], now: datetime) -> bool:
    for digest, key in memory.opened.keys().items():
        if fits(key):
            event = Event(KEY_TAKEN, {"digest": digest})
            memory.write(event, at=now, about=f"{KEY}{key.id}", by="public")
            return True
    return False


def _digest(told: str) -> str:
    return sha256(told.encode()).hexdigest()
