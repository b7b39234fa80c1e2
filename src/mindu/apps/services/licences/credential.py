"""The licence as SD-JWT VC: whoever holds it shows only the claims that are asked for.

Follows draft-ietf-oauth-sd-jwt-vc over RFC 9901 (SD-JWT), compact form without key binding. Salts
follow from the issuer's secret, so that the same licence has the same digests wherever it is made.
"""

import hmac
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from mindu.apps.services.licences.keys import Signer, Trust, b64, unb64
from mindu.apps.services.licences.status import Status, standing
from mindu.apps.services.licences.tokens import Forged, opened, signed

KIND = "dc+sd-jwt"
MOST = 200  # disclosures
ALWAYS = {"iss", "vct", "iat", "nbf", "exp", "status", "_sd", "_sd_alg", "cnf"}  # never hidden


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """A signed record: what is licensed, to whom, by whom, until when."""

    number: str
    kind: str  # e.g. "urn:mindu:licence:food"
    title: str
    issuer: str
    claims: dict[str, Any]  # each may be shown or kept back by itself
    issued: datetime
    until: datetime | None = None
    list: str = ""  # address of the status list
    index: int = -1  # place in it
    bound: dict[str, Any] | None = None  # the claim that binds it to its holder's key


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown of a licence, and how it stands."""

    kind: str
    issuer: str
    claims: dict[str, Any]
    status: Status | None  # None: no status list at hand
    as_of: datetime | None  # the status list's own time
    bound: dict[str, Any] | None = None  # to whose key


def issued(licence: Licence, signer: Signer, secret: bytes) -> str:
    """Return a licence as SD-JWT with every disclosure; the holder keeps back what is not asked."""
    disclosures = [_disclosure(licence.number, name, value, secret)
                   for name, value in sorted(licence.claims.items())]  # fmt: skip
    told: dict[str, Any] = {
        "iss": licence.issuer,
        "vct": licence.kind,
        "iat": int(licence.issued.timestamp()),
        "_sd_alg": "sha-256",
        "_sd": sorted(_digest(one) for one in disclosures),
    }
    if licence.until is not None:
        told["exp"] = int(licence.until.timestamp())
    if licence.bound is not None:
        told["cnf"] = licence.bound
    if licence.index >= 0:
        told["status"] = {"status_list": {"idx": licence.index, "uri": licence.list}}
    return "~".join([signed(signer, KIND, told), *disclosures, ""])


def _disclosure(number: str, name: str, value: object, secret: bytes) -> str:
    if name in ALWAYS:
        raise ValueError(f"{name} is no claim that may be kept back: give it another name")
    salt = b64(hmac.new(secret, f"{number}|{name}".encode(), sha256).digest()[:16])
    return b64(msgspec.json.encode([salt, name, value]))


def _digest(disclosure: str) -> str:
    return b64(sha256(disclosure.encode("ascii")).digest())


def kept_back(credential: str, show: Collection[str]) -> str:
    """Return a credential that shows only these claims."""
    token, *disclosures, _ = credential.split("~")
    kept = [one for one in disclosures if _named(one) in show]
    missing = set(show) - {_named(one) for one in kept}
    if missing:
        raise ValueError(f"the licence holds no {', '.join(sorted(missing))}")
    return "~".join([token, *kept, ""])


def _named(disclosure: str) -> str:
    return str(_opened(disclosure)[1])


def _opened(disclosure: str) -> list[Any]:
    try:
        told = msgspec.json.decode(unb64(disclosure))
    except (ValueError, msgspec.DecodeError, RecursionError):
        told = None
    if not isinstance(told, list) or len(told) != 3 or not isinstance(told[1], str):
        raise Forged("a disclosure is malformed", "披露内容格式不正确")
    return told


def verify(
    credential: str, trust: Trust, now: datetime, lists: Mapping[str, str] | None = None
) -> Shown:
    """Hold a credential against keys and status lists at hand; nothing is asked of the network.

    Raises:
        Forged: it is malformed, changed, expired, by a key that is strange or may not sign for its
            issuer, shows what nobody signed, or is in no place of its status list.
    """
    token, *disclosures = credential.split("~")
    if not disclosures or disclosures.pop() or len(disclosures) > MOST:
        raise Forged("this is no SD-JWT without key binding: it ends with ~", "不是有效的 SD-JWT")
    told = opened(token, KIND, trust)
    if told.get("_sd_alg", "sha-256") != "sha-256":
        raise Forged("its digests are not SHA-256", "摘要算法不受支持")
    second = int(now.timestamp())
    if int(told.get("exp", second + 1)) <= second:
        ended = datetime.fromtimestamp(int(told["exp"]), UTC)
        raise Forged(f"the licence ran out on {ended:%Y-%m-%d}", f"证照已于{ended:%Y-%m-%d}过期")
    if max(int(told.get("nbf", 0)), int(told.get("iat", 0))) > second + 60:
        raise Forged("the licence is of the future: look at the clock", "证照尚未生效:请检查时钟")
    claims = {k: v for k, v in told.items() if k not in ALWAYS} | _shown(told, disclosures)
    issuer = str(told["iss"])
    status, as_of = standing(told.get("status"), lists or {}, trust, now, issuer=issuer)
    return Shown(kind=str(told.get("vct")), issuer=issuer, claims=claims,
                 status=status, as_of=as_of, bound=_bound(told.get("cnf")))  # fmt: skip


def _bound(told: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a claim of a token
    return told if isinstance(told, dict) else None


def _shown(told: dict[str, Any], disclosures: list[str]) -> dict[str, Any]:
    sworn = told.get("_sd", [])
    found: dict[str, Any] = {}
    for disclosure in disclosures:
        _, name, value = _opened(disclosure)
        if _digest(disclosure) not in sworn or name in ALWAYS or name in found or name in told:
            raise Forged(f"{name!r} was not signed by the issuer", f"“{name}”未经签发机关签名")
        found[name] = value
    return found
