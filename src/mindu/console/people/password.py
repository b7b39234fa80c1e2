"""Passwords: argon2id digests, and what makes a password too weak."""

from functools import cache
from typing import TYPE_CHECKING

from mindu.base.records import Words

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST, MOST = 10, 200  # characters
WEAK = ("password", "12345678", "qwerty", "mindu", "admin", "letmein", "fuzhou", "iloveyou")
# A digest of nothing that anybody can type: checking against it takes as long as a real one.
WRONG = (
    "$argon2id$v=19$m=19456,t=2,p=1$bWluZHUtbm8tc3VjaC1wZXJzb24$"
    "m0ThhZ4WnEE2t1JxbqEyYpC8hmnbq8JpUl9qTn8Fr1w"
)
# OWASP's password storage sheet, 2023: argon2id with 19 MiB, two passes, one lane.
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1


class Weak(ValueError):  # noqa: N818 - an answer to a person
    """The password would be guessed."""

    def __init__(self, says: Words) -> None:
        """Carry the reason in both languages."""
        super().__init__(says.en)
        self.says = says


def digest_of(password: str, name: str) -> str:
    """Return what is stored of a password.

    Raises:
        Weak: too short, too long, the person's own name, or one that everybody tries first.
    """
    low = password.casefold()
    if not LEAST <= len(password) <= MOST:
        told = f"A password has {LEAST} to {MOST} characters."
        raise Weak(Words(told, f"口令须为 {LEAST} 至 {MOST} 个字符。"))
    if name.casefold() in low or len(set(low)) < 5 or any(low.startswith(w) for w in WEAK):
        raise Weak(Words("This password is easily guessed.", "此口令易被猜中。"))
    return str(_hasher().hash(password))


def fits(password: str, digest: str) -> bool:
    """Say whether a password belongs to a digest."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

    try:
        return bool(_hasher().verify(digest, password[:MOST]))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 - loads when somebody signs in

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
