"""What an app holds, as the catalogue lists it: its kinds of things and its kinds of cases."""

import re

from mindu.base.records import Case, Words
from mindu.brain.app import App
from mindu.brain.casework.kinds import CaseKind
from mindu.brain.manifest import Level, Manifest
from mindu.data.catalog.dataset import Dataset, Field, Grade, Type
from mindu.data.kinds import Kind
from mindu.data.twin import Entity

GRADES: dict[Level, Grade] = {
    "open": Grade.OPEN, "shared": Grade.INTERNAL, "limited": Grade.SENSITIVE,
    "personal": Grade.SENSITIVE,
}  # fmt: skip
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CASE: tuple[tuple[str, Type, Words, Grade, str], ...] = (
    ("number", "whole", Words("number of the case", "编号"), Grade.OPEN, ""),
    ("at", "moment", Words("when it was received", "受理时间"), Grade.OPEN, ""),
    ("kind", "text", Words("kind of case", "类别"), Grade.OPEN, ""),
    ("text", "text", Words("what was told, masked", "诉求内容(已脱敏)"), Grade.INTERNAL, ""),
    ("channel", "text", Words("by which door it came", "渠道"), Grade.OPEN, ""),
    ("service", "text", Words("what was asked for", "事项"), Grade.OPEN, ""),
    ("area", "text", Words("code of the jurisdiction", "区划代码"), Grade.OPEN, ""),
    ("place", "text", Words("where it is", "地点"), Grade.INTERNAL, "address"),
    ("lon", "number", Words("longitude", "经度"), Grade.INTERNAL, ""),
    ("lat", "number", Words("latitude", "纬度"), Grade.INTERNAL, ""),
    (
        "caller",
        "text",
        Words("name in the vault", "来电人代号"),
        Grade.SENSITIVE,
        "name",
    ),
)
_TYPES: dict[type, Type] = {bool: "truth", int: "whole", float: "number"}


def datasets(app: App, said: Manifest) -> list[Dataset]:
    """Return every dataset that an app holds."""
    told = {use.dataset: GRADES[use.level] for use in said.uses}
    things = [_things(app, said, kind, told) for kind in app.entities]
    return things + [_cases(app, said, kind, told) for kind in app.cases]


def _things(app: App, said: Manifest, of: type[Entity], told: dict[str, Grade]) -> Dataset:
    kind = Kind(of)
    fields = [Field("id", "text", Words("name of the thing", "编号"))]
    for prop, place in kind.props.items():
        unit = kind.units[place] if place >= 0 else ""
        type_: Type = _TYPES.get(_made(kind, place), "number") if place >= 0 else "text"
        fields.append(Field(prop, type_, Words(prop.replace("_", " "), prop), unit))
    name = f"{app.name}_{_HUMP.sub('_', of.__name__).lower()}"
    words = (of.__doc__ or of.__name__).strip().splitlines()[0]
    title = Words(f"{said.title['en']}: {of.__name__}", f"{said.title['zh']}:{of.__name__}")
    return _dataset(app, said, name, (title, Words(words, words)), tuple(fields), told)


def _made(kind: Kind, place: int) -> type:
    return type(kind.casts[place](0.0))


def _cases(app: App, said: Manifest, kind: CaseKind, told: dict[str, Grade]) -> Dataset:
    fields = tuple(
        Field(name, type_, meaning, grade=grade, kind=held)
        for name, type_, meaning, grade, held in _CASE
    )
    assert {"kind", "text", "channel", "service", "area", "place"} <= set(Case.__struct_fields__)
    name = f"{app.name}_{kind.name.replace('-', '_')}_cases"
    return _dataset(app, said, name, (kind.title, kind.title), fields, told)


def _dataset(
    app: App,
    said: Manifest,
    name: str,
    words: tuple[Words, Words],
    fields: tuple[Field, ...],
    told: dict[str, Grade],
) -> Dataset:
    own = [grade for used, grade in told.items() if used.replace(".", "_") == name]
    gravest = max(field.grade for field in fields)
    return Dataset(
        name=name, title=words[0], about=words[1], owner=said.owner, department="",
        theme=said.title["zh"], fields=fields, grade=max([gravest, *own]), cycle="live",
        licence="", basis=said.plan, stored=f"log:{name}", origin=f"app:{app.name}",
    )  # fmt: skip
