"""The material library 材料库: made once, used by many, each use with consent and a receipt.

What a material says lies in the vault; its provenance is kept beside it, and every use is noted
in the log by digest, so that its owner can see who used what for which case.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from mindu.apps.services.vault import Vault
from mindu.city import CITY, Processes

KEPT, CONSENTS, KINDS = "material:", "consents", "materials"
MOST_KINDS = 200  # of one person
MOST_CONSENTS = 500  # of one person


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """One paper or record, and where it comes from."""

    kind: str  # "marriage", "household", …
    told: dict[str, Any]
    vouched: str  # the department that vouches for it
    at: datetime  # when it was true
    until: datetime | None = None
    digest: str = ""  # of what it says

    def sealed(self) -> "Material":
        """Return it with the digest of what it says."""
        body = msgspec.json.encode([self.kind, self.told, self.vouched], order="deterministic")
        return msgspec.structs.replace(self, digest=sha256(body).hexdigest())


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A person lets somebody use a kind of material for a purpose, until then."""

    kind: str
    who: str
    purpose: str
    until: datetime


class NotAllowed(ValueError):  # noqa: N818 - an answer, not a fault
    """A use that nobody consented to, or a material that is not there or no longer holds."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.en, self.zh = en, zh


class Materials:
    """Keeps materials, asks for consent at each use, and leaves a receipt."""

    def __init__(self, vault: Vault, processes: Processes) -> None:
        """Keep them in a vault; note their uses in the log."""
        self._vault, self._processes = vault, processes

    def keep(self, subject: str, material: Material) -> Material:
        """Keep a material; the newest of a kind is the one that is used."""
        sealed = material.sealed()
        self._vault.put(subject, f"{KEPT}{material.kind}", msgspec.to_builtins(sealed))
        kinds = self._kinds(subject)
        if material.kind not in kinds:
            self._vault.put(subject, KINDS, [*kinds, material.kind][-MOST_KINDS:])
        return sealed

    def let_go(self, subject: str, kind: str, told: Mapping[str, Any]) -> None:
        """Let a material go that says this; another of its kind, or none, stays as it is."""
        found = self._vault.get(subject, f"{KEPT}{kind}")
        if isinstance(found, dict) and told.items() <= found["told"].items():
            self._vault.drop(subject, f"{KEPT}{kind}")

    def kept(self, subject: str) -> list[Material]:
        """Return all that is kept of a person, for the person alone."""
        found = (self._vault.get(subject, f"{KEPT}{kind}") for kind in self._kinds(subject))
        return [msgspec.convert(one, Material) for one in found if one is not None]

    def current(self, subject: str, kind: str, now: datetime) -> Material | None:
        """Return a material that holds now and is as it was vouched for, for the person alone."""
        found = self._vault.get(subject, f"{KEPT}{kind}")
        if found is None:
            return None
        material = msgspec.convert(found, Material)
        over = material.until is not None and material.until <= now
        return None if over or material.sealed().digest != material.digest else material

    def consent(self, subject: str, consent: Consent) -> None:
        """Let somebody use a kind of material for a purpose."""
        others = [c for c in self.consents(subject) if _same(c, consent) is False]
        if len(others) >= MOST_CONSENTS:
            raise ValueError(f"{MOST_CONSENTS} consents are enough: take some back first")
        self._write(subject, [*others, consent])

    def take_back(self, subject: str, *, kind: str, who: str, purpose: str) -> bool:
        """Take a consent back; the next use is refused. Say whether there was one."""
        known = self.consents(subject)
        left = [c for c in known if (c.kind, c.who, c.purpose) != (kind, who, purpose)]
        self._write(subject, left)
        return len(left) < len(known)

    def consents(self, subject: str) -> list[Consent]:
        """Return all consents of a person."""
        return msgspec.convert(self._vault.get(subject, CONSENTS) or [], list[Consent])

    def use(
        self, subject: str, kind: str, *, who: str, purpose: str, case: int, now: datetime
    ) -> Material:
        """Hand a material to somebody for a case; the use is a receipt in the log.

        Raises:
            NotAllowed: there is none, it ran out, or nobody consented to this purpose.
        """
        found = self._vault.get(subject, f"{KEPT}{kind}")
        if found is None:
            raise NotAllowed(f"there is no {kind}: ask the person, or the department that makes it",
                             "没有这份材料:请向申请人或出具部门索取")  # fmt: skip
        material = msgspec.convert(found, Material)
        if material.until is not None and material.until <= now:
            day = f"{material.until.astimezone(CITY):%Y-%m-%d}"
            raise NotAllowed(
                f"it ran out on {day}: ask for a new one", f"已于 {day} 到期:请提供新的"
            )
        if material.sealed().digest != material.digest:
            raise NotAllowed("it was changed since it was vouched for: ask for a new one",
                             "内容与出具时不符:请重新提供")  # fmt: skip
        good = [c for c in self.consents(subject) if c.until > now]
        if not any((c.kind, c.who, c.purpose) == (kind, who, purpose) for c in good):
            raise NotAllowed(f"the person has not let {who} use it for this, or took that back",
                             f"申请人未授权{who}为此事项使用,或已收回授权")  # fmt: skip
        told = {"who": who, "purpose": purpose, "material": kind, "digest": material.digest}
        self._processes.note(case, "used", told, by=who, now=now)
        return material

    def filled(
        self, subject: str, paths: Mapping[str, str], kinds: frozenset[str]
    ) -> dict[str, Any]:
        """Return a person's own answers from their materials, by question; for the person alone."""
        answers: dict[str, Any] = {}
        for question, path in paths.items():
            kind, _, name = path.partition(".")
            found = self._vault.get(subject, f"{KEPT}{kind}") if kind in kinds else None
            if isinstance(found, dict) and name in found["told"]:
                answers[question] = found["told"][name]
        return answers

    def _kinds(self, subject: str) -> list[str]:
        return msgspec.convert(self._vault.get(subject, KINDS) or [], list[str])

    def _write(self, subject: str, consents: list[Consent]) -> None:
        self._vault.put(subject, CONSENTS, msgspec.to_builtins(consents))


def _same(one: Consent, other: Consent) -> bool:
    return (one.kind, one.who, one.purpose) == (other.kind, other.who, other.purpose)
