"""The status list: which licences are valid, suspended or revoked, as one signed token for all.

Follows draft-ietf-oauth-status-list with two bits a licence; whoever checks offline keeps the last
list and sees how old it is.
"""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from mindu.apps.services.licences.keys import Signer, Trust, b64, unb64
from mindu.apps.services.licences.tokens import Forged, opened, signed

KIND = "statuslist+jwt"
MOST = 1 << 22  # licences of one list
LASTS = timedelta(days=1)  # how long a list may be relied on


class Status(IntEnum):
    """How a licence stands; the numbers are the standard's."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2


class StatusList:
    """The statuses of one list, four to a byte; a licence is in it once its status was set."""

    def __init__(self, uri: str, packed: bytes = b"") -> None:
        """Begin with none, or with the bytes of an earlier one."""
        self.uri, self._packed = uri, bytearray(packed)

    @property
    def packed(self) -> bytes:
        """The bytes, to be kept."""
        return bytes(self._packed)

    def set(self, index: int, status: Status) -> None:
        """Set one status; the list grows as needed."""
        if not 0 <= index < MOST:
            raise ValueError(f"{index} is no place in a list of {MOST}: begin another list")
        at, shift = divmod(index, 4)
        if at >= len(self._packed):
            self._packed.extend(bytes(at + 1 - len(self._packed)))
        self._packed[at] = self._packed[at] & ~(3 << 2 * shift) | (status << 2 * shift)

    def get(self, index: int) -> Status:
        """Return one status; Forged where the list does not reach so far."""
        return _get(self._packed, index)

    def token(self, signer: Signer, now: datetime, lasts: timedelta = LASTS) -> str:
        """Return the list as a signed token."""
        told = {
            "sub": self.uri,
            "iat": int(now.timestamp()),
            "exp": int((now + lasts).timestamp()),
            "status_list": {"bits": 2, "lst": b64(zlib.compress(self.packed, 9))},
        }
        return signed(signer, KIND, told)


def standing(
    told: Any,  # noqa: ANN401 - a claim of a token
    lists: Mapping[str, str],
    trust: Trust,
    now: datetime,
    *,
    issuer: str,  # of the licence: the list must be signed in the same name
) -> tuple[Status | None, datetime | None]:
    """Return a licence's status by the lists at hand, and as of when; None where none is at hand.

    Raises:
        Forged: the list was changed, is another's, ran out, or does not hold the licence.
    """
    if not isinstance(told, dict) or not isinstance(told.get("status_list"), dict):
        return None, None
    place = told["status_list"]
    token = lists.get(str(place.get("uri")))
    if token is None:
        return None, None
    claims = opened(token, KIND, trust, issuer)
    if claims.get("sub") != place.get("uri"):
        raise Forged("the status list is another's", "状态列表不匹配")
    if int(claims.get("exp", 0)) <= now.timestamp():
        raise Forged("the status list ran out: fetch it anew", "状态列表已过期:请更新")
    body = claims["status_list"]
    packed = zlib.decompressobj().decompress(unb64(str(body["lst"])), MOST // 4)
    if body.get("bits") != 2:
        raise Forged("the status list has not two bits a licence", "状态列表格式不受支持")
    return _get(packed, place.get("idx")), datetime.fromtimestamp(int(claims["iat"]), UTC)


def _get(packed: bytes | bytearray, index: object) -> Status:
    if not isinstance(index, int) or not 0 <= index < 4 * len(packed):
        raise Forged(
            f"the status list holds no place {index!r}: how the licence stands is unknown",
            f"状态列表中没有第{index}号:证照状态未知,不能视为有效",
        )
    at, shift = divmod(index, 4)
    value = packed[at] >> 2 * shift & 3
    if value not in {0, 1, 2}:
        raise Forged("the status list holds a status that nobody knows", "状态列表内容不正确")
    return Status(value)
