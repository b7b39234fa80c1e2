"""A presentation: what a holder chose to show, bound to their key, to whom, and to this minute.

It is SD-JWT with key binding (RFC 9901, section 4.3) and fits a QR code; whoever photographs one
cannot show it five minutes later. All is checked with what is at hand, nothing is asked of anybody.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from mindu.apps.services.licences.credential import Shown, kept_back, verify
from mindu.apps.services.licences.keys import Public, Signer, Trust, b64
from mindu.apps.services.licences.tokens import Forged, opened, signed

KIND = "kb+jwt"
LIVES = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)  # a clock may run so far ahead
MOST = 4_296  # characters: as many as the largest QR code holds
HOLDER = "holder"  # the name of a key that a credential carries in itself


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown, to whom, when; and how the licence stands."""

    shown: Shown
    to: str
    at: datetime


def bound(key: Public) -> dict[str, object]:
    """Return the claim that binds a credential to its holder's key (RFC 7800, RFC 8037)."""
    assert key.alg == "EdDSA", "a holder's key is Ed25519: every verifier knows it"
    return {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": key.key}}


def presented(
    credential: str, show: Collection[str], holder: Signer, *, to: str, now: datetime
) -> str:
    """Return a presentation of some claims of a credential to somebody."""
    bare = kept_back(credential, show)
    nonce = b64(sha256(f"{now.isoformat()}|{to}|{bare}".encode()).digest()[:12])
    told = {"iat": int(now.timestamp()), "aud": to, "nonce": nonce, "sd_hash": _hash(bare)}
    return bare + signed(holder, KIND, told)


def checked(
    text: str, trust: Trust, now: datetime, lists: Mapping[str, str] | None = None
) -> Presented:
    """Hold a presentation against keys and lists at hand.

    Raises:
        Forged: it is no presentation, is forged, too old, or shown by somebody else.
    """
    text = "".join(text.split())
    bare, _, proof = text.rpartition("~")
    if not bare or not proof or len(text) > MOST:
        raise Forged("this is no licence that was presented", "这不是出示的证照二维码内容")
    shown = verify(f"{bare}~", trust, now, lists)
    key = _holder(shown)
    told = opened(proof, KIND, Trust({HOLDER: key}, {HOLDER: [HOLDER]}), HOLDER)
    if told.get("sd_hash") != _hash(f"{bare}~"):
        raise Forged("what is shown was changed after it was presented", "出示内容被改动")
    at = datetime.fromtimestamp(int(told.get("iat", 0)), UTC)
    if at > now + AHEAD:
        raise Forged("it is of the future: look at the clock", "出示时间异常:请检查时钟")
    if now >= at + LIVES:
        raise Forged("this code is too old: ask for a new one", "二维码已过期:请重新出示")
    return Presented(shown=shown, to=str(told.get("aud", "")), at=at)


def _holder(shown: Shown) -> Public:
    jwk = (shown.bound or {}).get("jwk")
    if not isinstance(jwk, dict) or jwk.get("crv") != "Ed25519":
        raise Forged("the licence is bound to nobody", "证照未绑定持有人")
    return Public(HOLDER, "EdDSA", str(jwk.get("x", "")))


def _hash(text: str) -> str:
    return b64(sha256(text.encode("ascii", "replace")).digest())
