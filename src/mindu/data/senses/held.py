"""The register as it is kept in a snapshot."""

import msgspec

from mindu.perceive.declare import Model, Prop


class Held(msgspec.Struct):
    """Every column of the register."""

    kinds: list[Model]
    props: list[str]
    decls: list[Prop]
    slots: list[list[int]]
    groups: list[str]
    ids: list[str]
    devices: dict[str, bytes]
    series: dict[str, bytes]
    apart: list[tuple[int, int, int]]
    facts: dict[int, dict[str, str | float | bool]]
