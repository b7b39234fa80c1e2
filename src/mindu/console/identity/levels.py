"""Levels of assurance: how sure the provider is who is there, by what a session proved."""

from collections.abc import Collection, Sequence

from mindu.base.records import Words

# Ours, named after the three levels of ISO/IEC 29115 that a browser can reach; a register of the
# state's own levels takes their place where a city has one.
ACR = {1: "urn:mindu:acr:1", 2: "urn:mindu:acr:2", 3: "urn:mindu:acr:3"}
PASSWORD = ("pwd",)  # RFC 8176
PASSKEY = ("pop", "mfa")  # a key that the person unlocked: something held, and known or inborn
PROVED = ("ctid",)  # 网证
PRETENDED = ("ctid-sim",)  # 网证 of the simulator: never outside a pretend city
SAYS = {
    1: Words("by a password", "口令登录"),
    2: Words("by a passkey, or by the national online identity", "通行密钥或网证登录"),
    3: Words("by the national online identity and one more proof", "网证加另一种验证"),
}


def level_of(amr: Collection[str]) -> int:
    """Return the level that these methods reach together; 0 for none."""
    proved = bool({*PROVED, *PRETENDED} & set(amr))
    keyed = set(PASSKEY) <= set(amr)
    other = keyed or "pwd" in amr
    if proved and other:
        return 3
    return 2 if proved or keyed else int("pwd" in amr)


def acr_of(amr: Collection[str]) -> str:
    """Return the level as a claim."""
    return ACR[max(level_of(amr), 1)]


def least(acr_values: str) -> int:
    """Return the level that a client asks for: the lowest that it names; 1 where it names none.

    Raises:
        KeyError: it names none that is known here.
    """
    named = acr_values.split()
    known = [level for level, acr in ACR.items() if acr in named]
    if named and not known:
        raise KeyError(
            f"none of {acr_values!r} is a level here; they are {', '.join(ACR.values())}"
        )
    return min(known, default=1)


def joined(before: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Return the methods of a session after one more proof."""
    return tuple(dict.fromkeys((*before, *more)))
