"""Which items end in a licence, who signs it, for how long it holds, and what it says.

Declared in `packages/licences.json` beside the items and packages.
"""

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import msgspec

from mindu.city import Words

NUMBER = "number"


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of licence; claim → the item's own field, and what a person reads beside it."""

    item: str
    code: str  # begins its number
    title: Words
    issuer: str  # the department that signs
    years: int = 0  # 0: for ever
    claims: dict[str, tuple[str, Words]]
    material: str = ""  # kept in the holder's library under this name, for other forms

    @property
    def vct(self) -> str:
        """The kind as a credential tells it."""
        return f"urn:mindu:licence:{self.item}"


def read(told: Iterable[Mapping[str, Any]]) -> dict[str, Kind]:
    """Return the kinds of licences by their items.

    Raises:
        ValueError: one is malformed, ends the same item, or begins its number as another does.
    """
    try:
        kinds = msgspec.convert(list(told), list[Kind])
    except msgspec.ValidationError as wrong:
        raise ValueError(f"the kinds of licences: {wrong}") from None
    for name in ("item", "code"):
        named = [str(getattr(kind, name)) for kind in kinds]
        if twice := sorted({one for one in named if named.count(one) > 1}):
            raise ValueError(f"the kinds of licences: two have {name} {', '.join(twice)}")
    for kind in kinds:
        if not (kind.code.isascii() and kind.code.isalpha() and kind.code.isupper()):
            raise ValueError(f"{kind.item}: code {kind.code!r} is no capital letters")
    return {kind.item: kind for kind in kinds}


def shipped() -> dict[str, Kind]:
    """Return the kinds that come with the house."""
    file = files("mindu.apps.services").joinpath("packages/licences.json")
    return read(json.loads(file.read_text(encoding="utf-8")))


IDENTITY = (("identity", "身份信息"), {
    "name": ("name", "姓名"), "number": ("identity number", "身份号码"),
    "born": ("born on", "出生日期"),
})  # fmt: skip
# Terms: 食品经营许可证 five years (食品经营许可和备案管理办法, 2023, from general knowledge); the
# others stand until changed.
KINDS = shipped()
Named = tuple[str, str]  # English, Chinese


def worded(material: str) -> tuple[Named, dict[str, Named]]:
    """Return what a material of the library is called, and each of its parts."""
    kind = next((one for one in KINDS.values() if one.material == material), None)
    if kind is None:
        return IDENTITY if material == "identity" else ((material, material), {})
    parts = {name: (label.en, label.zh) for name, (_, label) in kind.claims.items()}
    return (kind.title.en, kind.title.zh), {NUMBER: ("number", "证照编号"), **parts}
