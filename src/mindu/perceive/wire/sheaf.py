"""Many messages of one sender read in one go: bytes of one shape as columns, others row by row.

Whatever is not plain (malformed, columns, several values at once) is left to be read by itself.
"""

from collections.abc import Callable, Sequence

from mindu.base.slot import Slot
from mindu.perceive.said import Said
from mindu.perceive.wire.rows import FIELDS, MANY, ONE, WRONG, Row, columns
from mindu.perceive.wire.shape import shaped

TOGETHER = {"application/json", ""}
WORTH = 40_000  # bytes from which reading by shape pays
Reader = Callable[[Sequence[bytes]], tuple[Said, list[int]] | None]
QUICK: Slot[Reader] = Slot()
Sheaf = tuple[Said | None, list[int], list[int]]  # rows, where each message ends, those left out


def sheaf(bodies: Sequence[bytes], form: str) -> Sheaf:
    """Return the rows of many messages, up to which row each goes, and which are left out."""
    assert form in TOGETHER, form
    reader = QUICK.held
    if reader is None and sum(map(len, bodies)) >= WORTH:
        reader = shaped
    found = reader(bodies) if reader is not None else None
    return _rows(bodies) if found is None else (found[0], found[1], [])


def _rows(bodies: Sequence[bytes]) -> Sheaf:
    rows: list[Row] = []
    ends: list[int] = []
    apart: list[int] = []
    for i, body in enumerate(bodies):
        try:
            if body.startswith(b"{"):
                rows.append(ONE.decode(body))
            else:
                rows += MANY.decode(body)
        except WRONG:
            apart.append(i)
        else:
            ends.append(len(rows))
    text = b"".join(bodies)
    if FIELDS[0] in text or not rows:
        return None, [], list(range(len(bodies)))
    return columns(rows, text=text), ends, apart
