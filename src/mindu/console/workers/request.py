"""Reading what a worker asks: bounded, held against its type, done once under its key."""

from hashlib import sha256

import msgspec
from starlette.requests import Request

from mindu.base.records import Words
from mindu.console.contract.common import Trouble
from mindu.console.workers.contract import Address, Body
from mindu.console.workers.document import KEY
from mindu.console.workers.tokens import Worker

BODY, LONGEST_KEY = 256 << 10, 200  # bytes; characters
LOOK = Words("See /v1/openapi.json.", "见 /v1/openapi.json。")


class No(Exception):  # noqa: N818 - an answer, not a fault
    """A request that is not done: its status, and why."""

    def __init__(self, status: int, en: str, zh: str, *, field: str = "") -> None:
        """Keep the whole answer."""
        super().__init__(en)
        self.told = Trouble(error=Words(en, zh), mend=LOOK, status=status, field=field)


async def body_of(request: Request) -> bytes:
    """Return what was sent.

    Raises:
        No: it is too long.
    """
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > BODY:
            raise No(400, f"a body has at most {BODY} bytes", f"请求体至多 {BODY} 字节")
    return bytes(found)


def read_of(raw: bytes, address: Address) -> Body:
    """Return what was asked.

    Raises:
        No: it is no JSON, or a field is wrong.
    """
    try:
        return msgspec.json.decode(raw or b"{}", type=address.body)
    except msgspec.ValidationError as wrong:
        says, _, field = str(wrong).partition(" - at ")
        raise No(422, says, f"字段有误:{says}", field=field.strip("`$.")) from None
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise No(400, f"this is no JSON: {wrong}", f"不是 JSON:{wrong}") from None


def key_of(request: Request, worker: Worker, address: Address) -> str:
    """Return the key of a request that is done once, sealed to its worker; "" where it has none."""
    told = request.headers.get(KEY, "").strip()
    if len(told) > LONGEST_KEY:
        raise No(422, f"{KEY} has at most {LONGEST_KEY} characters", f"{KEY} 过长", field=KEY)
    if not told or address.name == "lease":
        return ""
    return sha256(f"{worker.name}|{told}".encode()).hexdigest()
