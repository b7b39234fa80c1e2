"""What a sender tells of attributes, in any of the three forms of the standard, as instances."""

from collections.abc import Mapping
from typing import Any

from mindu.data.senses.beside.entities import MOST_ATTRS, Instance
from mindu.edge.ngsild.model.facts import moment, uri
from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.shapes import check
from mindu.edge.ngsild.model.terms import FORBIDDEN, GEO, Context

NULL = "urn:ngsi-ld:null"
VALUE = {
    "Property": "value", "GeoProperty": "value", "Relationship": "object",
    "LanguageProperty": "languageMap", "JsonProperty": "json", "VocabProperty": "vocab",
    "ListProperty": "valueList", "ListRelationship": "objectList",
}  # fmt: skip
KEYS = {key: kind for kind, key in reversed(VALUE.items())}
TIMES = {"createdAt", "modifiedAt", "deletedAt"}
SYSTEM = {"createdAt", "modifiedAt", "deletedAt", "instanceId", "previousValue", "@context"}
FACTS = {"type", "observedAt", "datasetId", "unitCode", *VALUE.values()}
TEXTS = {"unitCode", "valueType"}
SHAPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
UNITED = {"Property", "ListProperty"}  # kinds that may have a unit
DEEP = 12


class Parser:
    """Reads attributes under one context."""

    def __init__(self, context: Context, now: int, *, simple: bool = False) -> None:
        """Read under this context; `now` is the epoch ms that is noted."""
        self._context, self._now, self._simple = context, now, simple

    def attributes(
        self, body: Mapping[str, Any], *, nulls: bool = False
    ) -> dict[str, list[Instance]]:
        """Return the attributes of a body; with `nulls`, none for what shall be deleted.

        Raises:
            Problem: something does not fit.
        """
        found: dict[str, list[Instance]] = {}
        for name, told in body.items():
            if name in {"id", "@id", "type", "@type", "scope", "@context", *TIMES}:
                continue
            full = self.named(name)
            found[full] = self._nulls(name, told) if nulls else self.attribute(name, told)
        if len(found) > MOST_ATTRS:
            raise bad(f"an entity has at most {MOST_ATTRS} attributes")
        return found

    def _nulls(self, name: str, told: object) -> list[Instance]:
        """Return instances, those that shall go with the null of the standard as value."""
        many = told if isinstance(told, list) and not self._simple else [told]
        gone = [it for it in many if it == NULL or _emptied(it)]
        rest = [it for it in many if it not in gone]
        sets = [str(it.get("datasetId", "")) if isinstance(it, Mapping) else "" for it in gone]
        found = self.attribute(name, rest if len(rest) != 1 else rest[0]) if rest else []
        return [*found, *(Instance("Property", NULL, "", dataset) for dataset in sets)]

    def attribute(self, name: str, told: object) -> list[Instance]:
        """Return the instances of one attribute, no two of one data set."""
        several = isinstance(told, list) and told and all(isinstance(it, Mapping) for it in told)
        many = told if several and not self._simple else [told]
        assert isinstance(many, list)
        found = [self.instance(name, it) for it in many]
        if len({it.dataset for it in found}) < len(found):
            raise bad(f"{name}: two instances are of one data set")
        return found

    def instance(self, name: str, told: object) -> Instance:
        """Return one instance."""
        whole = self.normal(name, told)
        kind, more = whole["type"], dict(whole)
        value = more.pop(VALUE[kind])
        del more["type"]
        observed, dataset = more.pop("observedAt", ""), more.pop("datasetId", "")
        return Instance(kind, value, observed, dataset, self._now, self._now, more or None)

    def normal(self, name: str, told: object, deep: int = 0) -> dict[str, Any]:
        """Return an attribute in the normalised form, names inside expanded."""
        if deep > DEEP:
            raise bad(f"{name} goes deeper than {DEEP}")
        whole = self._spelled(name, told)
        kind = whole.get("type")
        if kind not in VALUE:
            raise bad(f"{name}: {kind!r} is no type of an attribute")
        if VALUE[kind] not in whole:
            raise bad(f"{name}: a {kind} needs `{VALUE[kind]}`")
        value, others = whole[VALUE[kind]], {*VALUE.values()} - {VALUE[kind]}
        if value in (None, NULL, {"@none": NULL}):
            raise bad(f"{name}: null is no value")
        if others & whole.keys() or (kind not in UNITED and "unitCode" in whole):
            raise bad(f"{name}: that is no part of a {kind}: {sorted(others & whole.keys())}")
        found = {key: self.part(name, key, value, deep) for key, value in self._parts(whole)}
        check(name, kind, found[VALUE[kind]])
        if kind == "VocabProperty":
            found["vocab"] = self._vocab(found["vocab"])
        return found

    def _parts(self, whole: Mapping[str, Any]) -> list[tuple[str, Any]]:
        return [(key, value) for key, value in whole.items() if key not in SYSTEM]

    def part(self, name: str, key: str, value: object, deep: int = 0) -> Any:  # noqa: ANN401
        """Return one member of an attribute, checked."""
        if key == "observedAt":
            moment(value, f"{name}.observedAt")
        elif key == "datasetId":
            uri(value, f"{name}.datasetId")
        elif key in TEXTS and not isinstance(value, str):
            raise bad(f"{name}.{key} is a text")
        elif key == "objectType":
            many = value if isinstance(value, list) else [value]
            return [self._context.expand(str(it)) for it in many]
        elif key not in FACTS and key not in TEXTS:
            return self.normal(f"{name}.{key}", value, deep + 1)
        return value

    def renamed(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """Return members of an attribute with the names of inner attributes expanded."""
        kept = {*FACTS, *TEXTS, "objectType"}
        return {k if k in kept else self._context.expand(k): v for k, v in part.items()}

    def _spelled(self, name: str, told: object) -> dict[str, Any]:
        """Return an attribute of any form as an object with its type."""
        if told is None:
            raise bad(f"{name}: null is no value")
        if self._simple or not isinstance(told, Mapping):
            return self._plain(name, told)
        kind = told.get("type")
        if not isinstance(kind, str | None):
            raise bad(f"{name}: a type is a text")
        if kind in SHAPES and "coordinates" in told:
            return {"type": "GeoProperty", "value": dict(told)}
        if kind is None:
            key = next((key for key in KEYS if key in told), None)
            if key is None:
                raise bad(f"{name} says neither its type nor a value")
            shape = key == "value" and name in GEO
            kind = "GeoProperty" if shape or _is_shape(told[key]) else KEYS[key]
        return self.renamed({**told, "type": kind})

    def _plain(self, name: str, told: object) -> dict[str, Any]:
        if _is_shape(told):
            return {"type": "GeoProperty", "value": told}
        if isinstance(told, Mapping) and len(told) == 1:
            key = next(iter(told))
            if key in {"languageMap", "json", "vocab", "object"}:
                return {"type": KEYS[key], key: told[key]}
        del name
        return {"type": "Property", "value": told}

    def _vocab(self, told: object) -> Any:  # noqa: ANN401 - one text or several
        if isinstance(told, list):
            return [self._vocab(it) for it in told]
        text = str(told)
        return text if FORBIDDEN & set(text) else self._context.expand(text)

    def named(self, name: str) -> str:
        """Return the address of an attribute's name.

        Raises:
            Problem: it is a word of the standard itself.
        """
        if name in FACTS or name in TEXTS or name in SYSTEM:
            raise bad(f"{name} is a word of the standard, and no name of an attribute")
        return self._context.expand(name)

    def expand(self, name: str) -> str:
        """Return the address of a name."""
        return name if name.startswith("@") else self._context.expand(name)

    def types(self, told: object) -> list[str]:
        """Return the expanded types of an entity."""
        many = told if isinstance(told, list) else [told]
        if not many or not all(isinstance(it, str) and it[:1].isalpha() for it in many):
            raise bad("an entity needs a type: a name or a list of names")
        return [self._context.expand(it) for it in dict.fromkeys(many)]


def _is_shape(told: object) -> bool:
    return isinstance(told, Mapping) and told.get("type") in SHAPES and "coordinates" in told


def _emptied(told: object) -> bool:
    """Say whether an instance is told to be deleted."""
    if not isinstance(told, Mapping):
        return False
    return any(told.get(key) in (NULL, {"@none": NULL}) for key in KEYS)
