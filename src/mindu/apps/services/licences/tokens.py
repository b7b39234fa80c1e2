"""Signed tokens: compact JWS; the algorithm is the key's, never the token's own word."""

from typing import Any

import msgspec

from mindu.apps.services.licences.keys import Signer, Trust, b64, unb64, verified

BIGGEST = 1 << 20  # characters of a token


class Forged(ValueError):  # noqa: N818 - an answer, not a fault
    """A token that does not hold: why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.en, self.zh = en, zh


def signed(signer: Signer, kind: str, claims: dict[str, Any]) -> str:
    """Return claims signed as a compact JWS of a kind (`typ`)."""
    key = signer.public
    head = msgspec.json.encode({"alg": key.alg, "typ": kind, "kid": key.kid})
    body = f"{b64(head)}.{b64(msgspec.json.encode(claims))}"
    return f"{body}.{b64(signer.sign(body.encode('ascii')))}"


def opened(token: str, kind: str, trust: Trust, issuer: str | None = None) -> dict[str, Any]:
    """Return the claims of a token that a trusted key signed in its issuer's name.

    The issuer is the token's own `iss`, or the one given for a token that names none.

    Raises:
        Forged: it is malformed, of another kind, by a strange key or another's, or was changed.
    """
    head, body, signature = _parts(token)
    if head.get("typ") != kind:
        raise Forged(f"this is no {kind}", f"这不是{kind}")
    key = trust.find(str(head.get("kid", "")), str(head.get("alg", "")))
    if key is None:
        raise Forged(
            f"the key {head.get('kid')!r} is not trusted here",
            f"签发密钥“{head.get('kid')}”不受信任",
        )
    if not verified(key, body, signature):
        raise Forged(
            "the signature does not hold: it was changed or forged", "签名无效:内容被改动或伪造"
        )
    claims = _decoded(token.split(".")[1])
    if not isinstance(claims, dict):
        raise Forged("the token holds no claims", "令牌内容不正确")
    _granted(trust, str(head.get("kid")), claims.get("iss") if issuer is None else issuer)
    return claims


def _granted(trust: Trust, kid: str, issuer: object) -> None:
    if not trust.speaks_for(kid, issuer):
        raise Forged(
            f"the key {kid!r} may not sign for the issuer {issuer!r}",
            f"密钥“{kid}”无权以“{issuer}”的名义签发",
        )


def _parts(token: str) -> tuple[dict[str, Any], bytes, bytes]:
    parts = token.split(".") if len(token) <= BIGGEST else []
    if len(parts) != 3:
        raise Forged("this is no signed token: it has three parts", "不是有效的签名令牌")
    head = _decoded(parts[0])
    if not isinstance(head, dict):
        raise Forged("the token has no header", "令牌缺少头部")
    try:
        return head, f"{parts[0]}.{parts[1]}".encode("ascii"), unb64(parts[2])
    except ValueError:
        raise Forged("the token is not base64url", "令牌编码不正确") from None


def _decoded(part: str) -> Any:  # noqa: ANN401 - whatever was sent
    try:
        return msgspec.json.decode(unb64(part))
    except (ValueError, msgspec.DecodeError, RecursionError):
        raise Forged("the token is not base64url JSON", "令牌编码不正确") from None
