"""How the living city's own tables are declared: their fields, units and meanings."""

from typing import NamedTuple

from mindu.base.records import Words
from mindu.console.words import terms
from mindu.data.catalog.dataset import Dataset, Field, Grade, Type

THEME, OWNER, CODE = "城市运行", "演示城市 Demo city", "city"
BASIS = "演示数据 data of a pretend city"


class Declared(NamedTuple):
    """A table before it is a dataset."""

    name: str
    title: Words
    about: Words
    fields: tuple[Field, ...]


def _field(name: str, of: Type, zh: str, en: str, unit: str = "") -> Field:
    return Field(name, of, Words(en, zh), unit)


_PLACE = (
    _field("lon", "number", "经度", "longitude", "deg"),
    _field("lat", "number", "纬度", "latitude", "deg"),
)
_NAMES = (
    _field("name_zh", "text", "名称", "name in Chinese"),
    _field("name_en", "text", "英文名称", "name in English"),
)
_AT = _field("at", "moment", "时间(UTC)", "when, UTC")
THINGS = Declared(
    "city_things", Words("What stands in the city", "城市设施"),
    Words("Every thing that the city's brain knows, with its place", "大脑所知的全部设施及位置"),
    (_field("id", "text", "编号", "name of the thing"), *_NAMES,
     _field("kind", "text", "类型", "kind"), *_PLACE),
)  # fmt: skip
JUDGED = Declared(
    "city_judgements", Words("What the brain judged", "大脑判断"),
    Words("Each judgement about a thing, and whether it came true", "对设施的每项判断及核验结果"),
    (
        _field("number", "whole", "编号", "entry of the log"), _AT,
        _field("about", "text", "对象", "name of the thing"), *_NAMES,
        _field("finding", "text", "结论", "finding"),
        _field("severity", "whole", "等级(1 蓝–4 红)", "severity, 1 blue to 4 red"),
        _field("says_zh", "text", "说明", "in Chinese"),
        _field("says_en", "text", "英文说明", "in English"),
        _field("confidence", "number", "置信度", "confidence, 0 to 1"),
        _field("loop", "text", "回路", "loop that judged"),
        _field("verdict", "text", "核验", "hit, miss, false_alarm, averted, unknown; empty: open"),
    ),
)  # fmt: skip
ACTIONS = Declared(
    "city_actions", Words("What the brain proposed and what came of it", "大脑行动"),
    Words("Each proposed action, what people decided, its outcome", "每项提议、人的决定与结果"),
    (
        _field("number", "whole", "编号", "entry of the log"), _AT,
        _field("on", "text", "对象", "name of the thing"),
        _field("verb", "text", "动作", "what to do"),
        _field("says_zh", "text", "说明", "in Chinese"),
        _field("says_en", "text", "英文说明", "in English"),
        _field("loop", "text", "回路", "loop that proposed"),
        _field("state", "text", "决定", "waiting, confirmed, refused"),
        _field("sent", "truth", "已下达", "sent"),
        _field("kept", "truth", "兑现", "the promise was kept; empty: not measured yet"),
    ),
)  # fmt: skip


def dataset(told: Declared) -> Dataset:
    """Return a table as the catalogue lists it."""
    return Dataset(
        name=told.name, title=told.title, about=told.about, owner=OWNER, department=CODE,
        theme=THEME, fields=told.fields, grade=Grade.OPEN, cycle="live", licence="CC-BY-4.0",
        basis=BASIS, stored=f"file:{told.name}.parquet",
    )  # fmt: skip


def series(prop: str, unit: str) -> Dataset:
    """Return the table of one measured property."""
    called = terms(prop)
    return dataset(Declared(
        f"readings_{prop}",
        Words(f"Readings: {called.en}", f"监测数据:{called.zh}"),
        Words(f"Measured {called.en} of every thing that reports it", f"各设施上报的{called.zh}"),
        (
            _field("id", "text", "编号", "name of the thing"), *_NAMES, _AT,
            Field("value", "number", called, unit), *_PLACE,
        ),
    ))  # fmt: skip
