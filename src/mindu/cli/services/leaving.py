"""Leaving: a sign-out is carried to another site's back-channel address, straight and once."""

import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlencode

from mindu.edge.straight import STRAIGHT

PATIENCE = 5.0  # s for one answer
FORM = "application/x-www-form-urlencoded"


def tells(url: str, token: str) -> int:
    """Post a logout token; return the status that came back.

    Raises:
        OSError: nobody answered.
    """
    body = urlencode({"logout_token": token}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": FORM})  # noqa: S310 - registered
    try:
        with STRAIGHT.open(request, timeout=PATIENCE) as answer:
            answer.read(65_536)
            return int(answer.status)
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code
    except HTTPException as wrong:
        raise OSError(f"the line was cut: {wrong!r}") from wrong
