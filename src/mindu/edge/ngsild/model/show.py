"""Entities as they are shown: normalised, concise or simplified, in whole or in part."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mindu.data.senses.beside.entities import Instance
from mindu.edge.ngsild.model.parse import FACTS, TEXTS, VALUE
from mindu.edge.ngsild.model.terms import Context


def text(ms: float) -> str:
    """Return an instant as RFC 3339 in UTC, with ms where there are some."""
    at = datetime.fromtimestamp(ms / 1000, UTC)
    spec = "milliseconds" if at.microsecond else "seconds"
    return at.isoformat(timespec=spec)[:-6] + "Z"


@dataclass(frozen=True, slots=True)
class View:
    """An entity as it stands now, whichever door it came by. `made`, `changed`: epoch ms."""

    key: str
    id: str
    types: list[str]
    scope: list[str]
    made: int
    changed: int
    attrs: Mapping[str, list[Instance]]


@dataclass(frozen=True, slots=True)
class Form:
    """How an entity shall be shown. `pick`, `omit`: expanded names; none picks all."""

    context: Context
    style: str = "normalized"  # concise, simplified
    system: bool = False
    lang: str = ""
    pick: Collection[str] = ()
    omit: Collection[str] = ()
    datasets: Collection[str] = field(default=())

    def entity(self, view: View) -> dict[str, Any]:
        """Return an entity as JSON."""
        types = [self.context.compact(it) for it in view.types]
        whole: dict[str, Any] = {"id": view.id, "type": types[0] if len(types) == 1 else types}
        if view.scope:
            whole["scope"] = view.scope[0] if len(view.scope) == 1 else view.scope
        if self.system and self.style != "simplified":
            whole["createdAt"], whole["modifiedAt"] = text(view.made), text(view.changed)
        if self.pick:
            whole = {k: v for k, v in whole.items() if k in self.pick}
        whole = {k: v for k, v in whole.items() if k not in self.omit}
        for name, instances in view.attrs.items():
            if (not self.pick or name in self.pick) and name not in self.omit:
                shown = self.attribute(instances)
                if shown is not None:
                    whole[self.context.compact(name)] = shown
        return whole

    def attribute(self, instances: list[Instance]) -> Any:  # noqa: ANN401 - any JSON
        """Return an attribute as JSON, None where none of its data sets is asked for."""
        if self.datasets:
            instances = [it for it in instances if (it.dataset or "@none") in self.datasets]
        if not instances:
            return None
        if self.style == "simplified":
            shown = {it.dataset or "@none": self.simple(it) for it in instances}
            alone = len(shown) == 1 and (self.datasets or "@none" in shown)
            return next(iter(shown.values())) if alone else {"dataset": shown}
        told = [self.instance(it) for it in instances]
        return told[0] if len(told) == 1 else told

    def instance(self, it: Instance) -> Any:  # noqa: ANN401 - any JSON
        """Return one instance as JSON."""
        kind, value, more = self._tongue(it)
        whole: dict[str, Any] = {"type": kind, VALUE[kind]: self._value(kind, value), **more}
        whole.update(self._inner(it.more or {}))
        if it.observed:
            whole["observedAt"] = it.observed
        if it.dataset:
            whole["datasetId"] = it.dataset
        if self.system:
            whole["createdAt"], whole["modifiedAt"] = text(it.made), text(it.changed)
        return concise(whole) if self.style == "concise" else whole

    def simple(self, it: Instance) -> Any:  # noqa: ANN401 - any JSON
        """Return the value of an instance, marked where it would be mistaken."""
        kind, value, _ = self._tongue(it)
        value = self._value(kind, value)
        if kind in {"LanguageProperty", "JsonProperty", "VocabProperty"}:
            return {VALUE[kind]: value}
        return value

    def _value(self, kind: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
        if kind != "VocabProperty":
            return value
        many = [self.context.compact(it) for it in (value if isinstance(value, list) else [value])]
        return many if isinstance(value, list) else many[0]

    def _tongue(self, it: Instance) -> tuple[str, Any, dict[str, str]]:
        """Return kind, value and what to add, in one language where one is asked for."""
        if it.kind != "LanguageProperty" or not self.lang:
            return it.kind, it.value, {}
        parts = [part.partition(";q=") for part in self.lang.split(",")]
        wanted = [p[0].strip() for p in sorted(parts, key=lambda p: -_share(p[2]))]
        wanted += [w.partition("-")[0] for w in wanted]
        tongue = next((w for w in wanted if w in it.value), None)
        tongue = tongue or next((t for t in ("@none", "en") if t in it.value), next(iter(it.value)))
        return "Property", it.value[tongue], {"lang": tongue}

    def _inner(self, more: Mapping[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, told in more.items():
            if name == "objectType":
                types = [self.context.compact(t) for t in told]
                shown[name] = types[0] if len(types) == 1 else types
            elif name in TEXTS:
                shown[name] = told
            else:
                shown[self.context.compact(name)] = self._sub(told)
        return shown

    def _sub(self, told: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        facts = {k: v for k, v in told.items() if k in FACTS}
        whole = {**facts, **self._inner({k: v for k, v in told.items() if k not in FACTS})}
        if "unitCode" in told:
            whole["unitCode"] = told["unitCode"]
        if told["type"] == "VocabProperty":
            whole["vocab"] = self._value("VocabProperty", told["vocab"])
        return concise(whole) if self.style == "concise" else whole


def _share(told: str) -> float:
    try:
        return float(told or "1")
    except ValueError:
        return 0.0


def concise(whole: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return an attribute without what goes without saying."""
    kind = whole.pop("type")
    alone = len(whole) == 1
    value = whole[VALUE[kind]]
    plain = kind == "Property" and not (isinstance(value, dict) and "type" in value)
    if alone and (plain or kind == "GeoProperty"):
        return value
    return whole


def geojson(whole: dict[str, Any], geoproperty: str) -> dict[str, Any]:
    """Return an entity, shown in any form, as a GeoJSON feature (clause 4.5.16)."""
    told = dict(whole)
    key, context = told.pop("id"), told.pop("@context", None)
    place = told.get(geoproperty)
    if isinstance(place, list):
        place = next((it for it in place if "datasetId" not in it), None)
    if isinstance(place, Mapping) and "coordinates" not in place:
        place = place.get("value")
    feature = {"id": key, "type": "Feature", "geometry": place, "properties": told}
    return {**feature, "@context": context} if context is not None else feature
