"""`/types` and `/attributes`: what there is (clauses 5.7.5 to 5.7.10)."""

from collections import defaultdict
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mindu.edge.ngsild.doors.call import Call
from mindu.edge.ngsild.model.problems import missing
from mindu.edge.ngsild.model.town import LOCATION, Town, iri
from mindu.perceive.declare import STAGES, Stage

SEEN = 10_000  # entities of one type that are looked at for its attributes


class Kind:
    """One type: how many entities, and the kinds of each attribute."""

    def __init__(self) -> None:
        """Start with none."""
        self.count = 0
        self.attrs: dict[str, set[str]] = defaultdict(set)


class Discovery:
    """The endpoints of what there is."""

    def __init__(self, town: Town) -> None:
        """Look at this town."""
        self._town = town

    def kinds(self, tenant: str) -> dict[str, Kind]:
        """Return every type that has entities."""
        found: dict[str, Kind] = defaultdict(Kind)
        for type_, keys in self._town.entities.types.items():
            for i, key in enumerate(list(keys)):
                kept = self._town.entities.kept.get(key)
                if kept is None or kept.tenant != tenant:
                    continue
                found[type_].count += 1
                for attr, many in kept.attrs.items() if i < SEEN else ():
                    found[type_].attrs[attr].update(it.kind for it in many)
        if not tenant:
            self._declared(found)
        return found

    def _declared(self, found: dict[str, Kind]) -> None:
        registry, kept = self._town.registry, self._town.entities.kept
        serves = registry.devices["stage"] != STAGES.index(Stage.RETIRED)
        told = {registry.numbers[key] for key in kept if key in registry.numbers}
        serves[list(told)] = False
        for number, model in enumerate(registry.kinds.values()):
            count = int(np.count_nonzero((registry.devices["kind"] == number) & serves))
            if count:
                kind = found[iri(model.name)]
                kind.count += count
                kind.attrs[LOCATION].add("GeoProperty")
                for prop in model.props:
                    kind.attrs[iri(prop.name)].add("Property")

    async def types(self, call: Call) -> Response:
        """Return all types, with `details` each with its attributes."""
        kinds = await run_in_threadpool(self.kinds, call.tenant)
        short = call.context.compact
        if call.query.get("details") == "true":
            return call.answer([
                {"id": name, "type": "EntityType", "typeName": short(name),
                 "attributeNames": sorted(map(short, kind.attrs))}
                for name, kind in kinds.items()
            ], 200, call.accepts())  # fmt: skip
        told = {"id": "urn:ngsi-ld:EntityTypeList:all", "type": "EntityTypeList",
                "typeList": sorted(map(short, kinds))}  # fmt: skip
        return call.answer(told, 200, call.accepts())

    async def type(self, call: Call) -> Response:
        """Return one type with its attributes."""
        name = call.context.expand(call.path["name"])
        kind = (await run_in_threadpool(self.kinds, call.tenant)).get(name)
        if kind is None:
            raise missing(f"type {name}")
        short = call.context.compact
        details = [
            {"id": attr, "type": "Attribute", "attributeName": short(attr),
             "attributeTypes": sorted(kinds)} for attr, kinds in sorted(kind.attrs.items())
        ]  # fmt: skip
        told = {"id": name, "type": "EntityTypeInfo", "typeName": short(name),
                "entityCount": kind.count, "attributeDetails": details}  # fmt: skip
        return call.answer(told, 200, call.accepts())

    def _attrs(self, tenant: str) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for name, kind in self.kinds(tenant).items():
            for attr, kinds in kind.attrs.items():
                told = found.setdefault(attr, {"kinds": set(), "types": set(), "count": 0})
                told["kinds"] |= kinds
                told["types"].add(name)
        held = [it for it in self._town.entities.kept.values() if it.tenant == tenant]
        for attr, told in found.items():
            told["count"] = sum(attr in it.attrs for it in held)
        return found

    async def attributes(self, call: Call) -> Response:
        """Return all attributes, with `details` each with its types."""
        attrs = await run_in_threadpool(self._attrs, call.tenant)
        short = call.context.compact
        if call.query.get("details") == "true":
            return call.answer([
                {"id": attr, "type": "Attribute", "attributeName": short(attr),
                 "typeNames": sorted(map(short, told["types"]))}
                for attr, told in attrs.items()
            ], 200, call.accepts())  # fmt: skip
        told = {"id": "urn:ngsi-ld:AttributeList:all", "type": "AttributeList",
                "attributeList": sorted(map(short, attrs))}  # fmt: skip
        return call.answer(told, 200, call.accepts())

    async def attribute(self, call: Call) -> Response:
        """Return one attribute with its kinds and types."""
        attr = call.context.expand(call.path["name"])
        told = (await run_in_threadpool(self._attrs, call.tenant)).get(attr)
        if told is None:
            raise missing(f"attribute {attr}")
        short = call.context.compact
        return call.answer({
            "id": attr, "type": "Attribute", "attributeName": short(attr),
            "attributeCount": told["count"], "attributeTypes": sorted(told["kinds"]),
            "typeNames": sorted(map(short, told["types"])),
        }, 200, call.accepts())  # fmt: skip
