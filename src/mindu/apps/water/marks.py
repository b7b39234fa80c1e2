"""The small TOML beside a network: names, owners, marks and limits that no model file holds.

One table a thing, by the id of the file: `[node.J1]` with `zh`, `warn` and `bank` (m above the
bed), `[machine.SL1]` with `flush = true`; at the top `waters`, `zh`, `source`, and `gauged`, the
nodes that have a level gauge (left out: every node but outfalls).
"""

import msgspec


class Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is told of one node, machine, rain gauge or piece of land."""

    en: str = ""
    zh: str = ""
    owner: str = ""
    source: str = ""
    warn: float | None = None
    bank: float | None = None
    least: float | None = None
    flush: bool = False
    flush_high: float | None = None
    flush_low: float | None = None
    ours: bool = True


class Marks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that a TOML tells of a network."""

    waters: str = "waters"
    en: str = ""
    zh: str = ""
    owner: str = "drainage bureau 排水主管部门"
    source: str = ""
    warn_share: float = 0.8  # of full depth: warned from here where no mark is given
    least_share: float = 0.3  # of the first depth: never drawn below, where no limit is given
    gauged: tuple[str, ...] | None = None
    node: dict[str, Marked] = {}
    machine: dict[str, Marked] = {}
    gauge: dict[str, Marked] = {}
    land: dict[str, Marked] = {}


NONE = Marks()


def read_marks(text: str) -> Marks:
    """Read marks from TOML.

    Raises:
        ValueError: a word is not known or a value has the wrong type; says which.
    """
    marks = msgspec.toml.decode(text, type=Marks)
    if not 0.0 < marks.warn_share <= 1.0:
        raise ValueError(f"warn_share is {marks.warn_share}; give a share of full depth, 0 to 1")
    return marks
