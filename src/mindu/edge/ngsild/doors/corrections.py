"""Corrections of the past that is kept: attributes and instances taken away, or told anew."""

from collections.abc import Callable

import msgspec
from starlette.responses import Response

from mindu.data.senses.beside.entities import Instance, Recalled, Said
from mindu.edge.ngsild.doors.call import Call
from mindu.edge.ngsild.doors.entities import Entities
from mindu.edge.ngsild.doors.parts import fragment
from mindu.edge.ngsild.model.facts import uri
from mindu.edge.ngsild.model.problems import missing
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.telling.asker import NOTHING, Update
from mindu.edge.ngsild.telling.changes import Plan
from mindu.edge.ngsild.telling.draft import Draft


class Corrections:
    """The endpoints that correct what is kept; what is in the series cannot be changed."""

    def __init__(self, entities: Entities) -> None:
        """Correct what these read."""
        self._of = entities

    async def strip(self, call: Call) -> Response:
        """Take an attribute and its kept past away, of one data set or of all."""
        attr = call.context.expand(call.path["attr"])
        dataset, all_ = call.query.get("datasetId", ""), call.query.get("deleteAll") == "true"

        def keeps(it: Instance) -> bool:
            return not all_ and it.dataset != dataset

        def plan(draft: Draft, key: str, view: View) -> Update:
            held, past = list(view.attrs.get(attr, ())), self._past(key, attr)
            left, kept = [it for it in held if keeps(it)], [it for it in past if keeps(it)]
            if len(left) == len(held) and len(kept) == len(past):
                raise missing(f"attribute {attr}")
            draft.told += [Said(key, attr, call.now, left), Recalled(key, attr, kept)]
            return Update(NOTHING)

        await self._of.changes.change(call.asker(), uri(call.path["id"], "id"), plan)
        return call.empty()

    async def correct(self, call: Call) -> Response:
        """Tell one kept instance anew."""
        body = fragment(await call.body(patch=True))
        asker = call.asker()
        many = next((it for it in body.values() if isinstance(it, list)), None)
        told = many[0] if many else body.get(call.path["attr"], body)

        def new(old: Instance) -> list[Instance]:
            it = asker.parser.instance(call.path["attr"], told)
            return [msgspec.structs.replace(it, made=old.made, name=old.name)]

        plan = self._instance(call, new)
        await self._of.changes.change(asker, uri(call.path["id"], "id"), plan)
        return call.empty()

    async def drop(self, call: Call) -> Response:
        """Take one kept instance away."""
        plan = self._instance(call, lambda _: [])
        await self._of.changes.change(call.asker(), uri(call.path["id"], "id"), plan)
        return call.empty()

    def _instance(self, call: Call, new: Callable[[Instance], list[Instance]]) -> Plan:
        attr, name = call.context.expand(call.path["attr"]), call.path["instance"]

        def plan(draft: Draft, key: str, view: View) -> Update:
            del view
            past = self._past(key, attr)
            if not any(it.name == name for it in past):
                raise missing(f"instance {name} of {attr}; what is in the series cannot be changed")
            left = [x for it in past for x in (new(it) if it.name == name else [it])]
            draft.told.append(Recalled(key, attr, left))
            return Update(NOTHING)

        return plan

    def _past(self, key: str, attr: str) -> list[Instance]:
        kept = self._of.town.entities.kept.get(key)
        return list(kept.past.get(attr, ())) if kept is not None else []
