"""What a gateway works over, and what comes of an ask: an answer, or a no."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from mindu.base.records import AnyRecord, Entry, Words
from mindu.data.gateway.allow import Refused
from mindu.data.grants.allowed import Allowed
from mindu.data.grants.policies import Ruling
from mindu.data.grants.uses import Uses
from mindu.data.log import Log


class Book(Protocol):
    """Where receipts are written and folded: the brain's memory."""

    log: Log
    allowed: Allowed
    uses: Uses

    def write(
        self, record: AnyRecord, *, at: datetime, about: str, by: str,
        because: tuple[int, ...] = (),
    ) -> Entry:  # fmt: skip
        """Write one record down and fold it."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an ask: rows, whether there are more, and the number of its receipt."""

    rows: pa.Table
    more: bool
    receipt: int
    duties: tuple[str, ...]


class Ruled(Refused):
    """A no of the policies, told as they said it."""

    def __init__(self, ruling: Ruling) -> None:
        self.ruling = ruling
        by = ", ".join(ruling.policies) or "-"
        super().__init__(
            Words(f"refused: {ruling.reason} ({by})", f"不予使用:{ruling.reason}({by})"),
            ruling.reason,
        )
