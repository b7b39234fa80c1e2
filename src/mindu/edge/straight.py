"""A straight line over HTTP: no redirection is followed, so a key goes where it was meant to."""

import urllib.error
import urllib.request
from http.client import HTTPException

STRAIGHT = urllib.request.OpenerDirector()
for _part in ("Proxy", "HTTP", "HTTPS", "HTTPDefaultError", "Unknown"):
    STRAIGHT.add_handler(getattr(urllib.request, f"{_part}Handler")())
STRAIGHT.add_handler(urllib.request.HTTPErrorProcessor())
JSON = "application/json"


class Declined(ValueError):  # noqa: N818 - an answer, not a fault
    """The other side will not: its words, and the status."""

    def __init__(self, why: str, status: int) -> None:
        """Carry both."""
        super().__init__(why)
        self.status = status


def asked(url: str, key: str, body: bytes | None, form: str, patience: float) -> bytes:
    """Return what an address answers to a body of that form, or to none, within `patience` s.

    Raises:
        OSError: the line is down, or the other side asks to wait.
        Declined: it refuses the key.
    """
    headers = {"Authorization": f"Bearer {key}", **({"Content-Type": form} if body else {})}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - an address of settings
    try:
        with STRAIGHT.open(request, timeout=patience) as answer:
            told: bytes = answer.read()
            return told
    except urllib.error.HTTPError as wrong:
        with wrong:
            if wrong.code in {401, 403}:
                raise Declined(f"upstream refuses our key ({wrong.code})", wrong.code) from wrong
            said = f"upstream answers {wrong.code}: {wrong.read(300)!r}"
            if wrong.code in {404, 409, 422}:
                raise Declined(said, wrong.code) from wrong
            raise OSError(said) from wrong
    except HTTPException as wrong:
        raise OSError(f"the line was cut: {wrong!r}") from wrong
