"""A register as it is declared: its traits, how each is chosen among sources, and what feeds it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from mindu.base.records import Words
from mindu.data.catalog.dataset import Cycle, Dataset, Field, Grade, Type
from mindu.data.collect.declare import NAME

Rule = Literal["authority", "newest", "fullest", "agreed"]
Which = Literal["person", "enterprise", "credit", "licence", "place"]
PREFIX = "register_"  # before a register's name, as SQL calls it
LEAST, MOST_RANK = 1, 99
LAW = "政务数据共享条例 2025"


@dataclass(frozen=True, slots=True)
class Trait:
    """One field of a register: type, meaning, grade, and which of several values is taken.

    `kind` is what a detector would call it; a `sealed` trait lies as cells of the vault.
    """

    name: str
    type: Type
    meaning: Words
    rule: Rule = "authority"
    kind: str = ""
    grade: Grade = Grade.OPEN
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """One base register; `code` is the trait that names a subject to the outside."""

    name: Which
    title: Words
    code: str
    traits: tuple[Trait, ...]

    def trait(self, name: str) -> Trait:
        """Return the trait of that name.

        Raises:
            KeyError: there is none.
        """
        for trait in self.traits:
            if trait.name == name:
                return trait
        known = ", ".join(trait.name for trait in self.traits)
        raise KeyError(f"the {self.name} register has no {name!r}; it has: {known}")


def _own(name: str, zh: str, en: str, rule: Rule = "authority", kind: str = "") -> Trait:
    return Trait(name, "text", Words(en, zh), rule, kind, Grade.SENSITIVE, sealed=True)


def _open(name: str, zh: str, en: str, rule: Rule = "authority", kind: str = "") -> Trait:
    return Trait(name, "text", Words(en, zh), rule, kind)


_PAPER = (
    _open("number", "编号", "number"),
    _open("kind", "类别", "kind"),
    _open("issuer", "发证或认定机关", "who issued it"),
    _own("holder", "持有人", "holder", kind="name"),
    _own("holder_code", "持有人代码", "the holder's identity number or credit code", kind="id"),
    _open("day", "日期", "when it was issued or decided"),
    _open("until", "有效期至", "last day", "newest"),
    _open("status", "状态", "status", "newest"),
)
FIVE: Mapping[str, Register] = {one.name: one for one in (
    Register("person", Words("Persons", "人口基础库(一人一档)"), "id_number", (
        _own("name", "姓名", "name", kind="name"),
        _own("id_number", "公民身份号码", "identity number", kind="id"),
        _own("sex", "性别", "sex", "agreed"),
        _own("birth", "出生日期", "birthday"),
        _own("phone", "电话", "telephone", "newest", "phone"),
        _own("address", "住址", "address", "newest", "address"),
    )),
    Register("enterprise", Words("Enterprises", "法人基础库(一企一档)"), "credit_code", (
        _open("name", "名称", "name"),
        _open("credit_code", "统一社会信用代码", "unified social credit code", kind="credit"),
        _own("person", "法定代表人", "legal representative", "newest", "name"),
        _own("phone", "电话", "telephone", "newest", "phone"),
        _open("address", "住所", "address", "newest"),
        _open("founded", "成立日期", "founded"),
        _open("trade", "行业", "trade", "fullest"),
        _open("status", "登记状态", "status", "newest"),
    )),
    Register("credit", Words("Credit", "信用基础库"), "holder_code", (
        *_PAPER, _open("text", "内容", "what was found", "fullest"),
    )),
    Register("licence", Words("Licences", "电子证照基础库"), "holder_code", _PAPER),
    Register("place", Words("Places", "地理空间基础库"), "", (
        _open("name", "名称", "name"),
        _open("address", "地址", "address", "fullest"),
        _open("kind", "类别", "kind"),
        _open("district", "区县", "district"),
        Trait("lon", "number", Words("longitude, degrees, WGS 84", "经度(度)")),
        Trait("lat", "number", Words("latitude, degrees, WGS 84", "纬度(度)")),
    )),
)}  # fmt: skip


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a source brings to a register: trait -> column, and how far it is believed.

    `row` names a row at its source (default: the source's key), `changed` says when it was last
    true (default: the end of the pull), `authority` ranks the source, 1 first; `ranks` by trait.
    """

    register: Which
    source: str
    fields: dict[str, str]
    row: str = ""
    changed: str = ""
    authority: int = 50
    ranks: dict[str, int] = {}

    def __post_init__(self) -> None:
        """Refuse what feeds nothing."""
        register = FIVE[self.register]
        for name in (*self.fields, *self.ranks):
            register.trait(name)
        if not self.fields:
            raise ValueError(f"{self.source} feeds no trait of {self.register}")
        if not all(LEAST <= rank <= MOST_RANK for rank in (self.authority, *self.ranks.values())):
            raise ValueError(f"{self.source}: an authority lies between {LEAST} and {MOST_RANK}")
        if not NAME.fullmatch(self.source):
            raise ValueError(f"{self.source!r} names no source")

    def rank(self, trait: str) -> int:
        """Return how far the source is believed in a trait; 1 is most."""
        return self.ranks.get(trait, self.authority)


def read(body: bytes) -> tuple[Feed, ...]:
    """Return the feeds that a TOML file declares as `[[feed]]`.

    Raises:
        ValueError: it declares none, or something that is none.
    """
    try:
        told = msgspec.toml.decode(body, type=dict[str, tuple[Feed, ...]])
    except (msgspec.ValidationError, msgspec.DecodeError) as wrong:
        raise ValueError(f"the feeds cannot be read: {wrong}") from wrong
    feeds = told.get("feed", ())
    if set(told) != {"feed"} or not feeds:
        raise ValueError("declare each feed under [[feed]], and nothing else")
    if len({(feed.register, feed.source) for feed in feeds}) != len(feeds):
        raise ValueError("a source feeds a register twice; say it once")
    return feeds


def dataset(register: Register, department: str = "", owner: str = "") -> Dataset:
    """Return a register as the catalogue lists it."""
    fields = [Field("subject", "text", Words("name in the register", "档案号"))]
    fields += [
        Field(t.name, t.type, t.meaning, grade=t.grade, kind=t.kind, sealed=t.sealed)
        for t in register.traits
    ]
    fields += [
        Field("records", "whole", Words("records joined", "归并记录数")),
        Field("sources", "whole", Words("sources", "来源数")),
        Field("changed", "moment", Words("last change of a value", "最近变更")),
    ]
    if register.name in HELD:
        fields.append(
            Field("held_by", "text", Words("the holder's name in its register", "持有人档案号"))
        )
    cycle: Cycle = "daily"
    sealed = any(trait.sealed for trait in register.traits)
    return Dataset(
        name=f"{PREFIX}{register.name}", title=register.title, owner=owner, department=department,
        theme="基础库", fields=tuple(fields), cycle=cycle, licence="", basis=LAW,
        grade=Grade.SENSITIVE if sealed else Grade.INTERNAL,
        stored=f"file:{PREFIX}{register.name}.parquet", origin=f"register:{register.name}",
        subject=register.code,
    )  # fmt: skip


HELD = ("credit", "licence")  # papers that a person or a firm holds
RECORD = re.compile(r"[0-9a-f]{24}")
