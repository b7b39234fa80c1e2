"""An ask: who wants which data, what for, on which legal basis, and for which matter."""

import re
from collections.abc import Callable
from typing import Literal

import msgspec

from mindu.base.records import Words

Action = Literal["read", "download", "query"]
MOST = 200  # characters of a purpose, a basis or a name
_REFERENCE = re.compile(r"(?:case|consent|agreement):\d{1,12}")


class User(msgspec.Struct, frozen=True):
    """Somebody who asks, as the roster knows them; no department is the public."""

    id: str
    department: str = ""
    roles: tuple[str, ...] = ()


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One request for data."""

    who: User
    action: Action
    datasets: tuple[str, ...]
    purpose: str
    basis: str
    reference: str  # "case:12", "consent:34" or "agreement:56": entries of the log
    subject: str = ""  # whom it is about, when it is one, as the vault names them
    says: str = ""  # the query, or the file wanted


Vouch = Callable[[str, Ask], bool]  # does this reference exist, and does it fit?


def lacking(ask: Ask, vouch: Vouch, *, public: bool) -> Words | None:
    """Return what an ask lacks to be judged at all; `public` data needs no reference."""
    told = (ask.who.id, ask.purpose, ask.basis, ask.reference, *ask.datasets)
    if any(len(word) > MOST for word in told):
        return Words(f"shorten what is longer than {MOST} characters", f"每项不得超过 {MOST} 字")
    if not ask.who.id:
        return Words("say who asks", "请注明申请人")
    return None if public else _unfounded(ask, vouch)


def _unfounded(ask: Ask, vouch: Vouch) -> Words | None:
    if not ask.purpose.strip() or not ask.basis.strip():
        return Words(
            "say what it is for and on which law or order: purpose, basis",
            "请注明用途(purpose)和法律依据(basis)",
        )
    if not _REFERENCE.fullmatch(ask.reference):
        return Words(
            "name the matter: reference as case:12, consent:34 or agreement:56",
            "请注明事由(reference),如 case:12、consent:34 或 agreement:56",
        )
    if vouch(ask.reference, ask):
        return None
    return Words(
        f"{ask.reference} is not known, is over, or is not about this; name the open one",
        f"{ask.reference} 不存在、已结束或与此无关,请填有效的事由",
    )
