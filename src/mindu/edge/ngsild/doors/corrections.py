"""Corrections of the past that is kept: attributes and instances taken away, or told anew."""

import re
from collections.abc import Callable

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mindu.data.senses.beside.entities import Instance, Recalled, Said
from mindu.data.senses.memory.amending import amend
from mindu.edge.corrections import wished
from mindu.edge.ngsild.doors.call import Call
from mindu.edge.ngsild.doors.entities import Entities
from mindu.edge.ngsild.doors.parts import fragment
from mindu.edge.ngsild.model.facts import uri
from mindu.edge.ngsild.model.problems import Problem, bad, missing
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.model.town import iri, when
from mindu.edge.ngsild.telling.asker import NOTHING, Update
from mindu.edge.ngsild.telling.changes import Plan
from mindu.edge.ngsild.telling.draft import Draft

_OURS = re.compile(r"urn:ngsi-ld:(\d{1,9}):(\d{1,15})")  # a reading: its series and time


class Corrections:
    """The endpoints that correct what is kept; what is in the series is amended there."""

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
        """Tell one instance anew."""
        body = fragment(await call.body(patch=True))
        asker = call.asker()
        many = next((it for it in body.values() if isinstance(it, list)), None)
        told = many[0] if many else body.get(call.path["attr"], body)
        reading = self._reading(call)
        if reading is not None:
            return await self._amend(call, reading, asker.parser.instance(call.path["attr"], told))

        def new(old: Instance) -> list[Instance]:
            it = asker.parser.instance(call.path["attr"], told)
            return [msgspec.structs.replace(it, made=old.made, name=old.name)]

        plan = self._instance(call, new)
        await self._of.changes.change(asker, uri(call.path["id"], "id"), plan)
        return call.empty()

    async def drop(self, call: Call) -> Response:
        """Take one instance away."""
        reading = self._reading(call)
        if reading is not None:
            return await self._amend(call, reading, None)
        plan = self._instance(call, lambda _: [])
        await self._of.changes.change(call.asker(), uri(call.path["id"], "id"), plan)
        return call.empty()

    def _instance(self, call: Call, new: Callable[[Instance], list[Instance]]) -> Plan:
        attr, name = call.context.expand(call.path["attr"]), call.path["instance"]

        def plan(draft: Draft, key: str, view: View) -> Update:
            del view
            past = self._past(key, attr)
            if not any(it.name == name for it in past):
                raise missing(f"instance {name} of {attr}")
            left = [x for it in past for x in (new(it) if it.name == name else [it])]
            draft.told.append(Recalled(key, attr, left))
            return Update(NOTHING)

        return plan

    def _reading(self, call: Call) -> tuple[int, int] | None:
        """Return the series and time (epoch ms) of an instance that is a reading of this entity."""
        found, registry = _OURS.fullmatch(call.path["instance"]), self._of.town.registry
        series = int(found[1]) if found else -1
        if found is None or series >= len(registry.series):
            return None
        view = self._of.view(call, uri(call.path["id"], "id"))
        attr = call.context.expand(call.path["attr"])
        mine = registry.owner(series) == view.key and iri(registry.prop(series).name) == attr
        return (series, int(found[2])) if mine else None

    async def _amend(self, call: Call, reading: tuple[int, int], new: Instance | None) -> Response:
        """Tell a reading anew, or take it back, by an entry of its own as at every door."""
        if not call.caller.keeps:
            raise Problem("Forbidden", "this key may not do that: it lacks `keeps`", 403)
        (series, at), senses = reading, self._of.town.senses
        if new is not None and (new.kind != "Property" or new.dataset):
            raise bad("a reading stays a Property, of no data set")
        if new is not None and new.observed and round(when(new)) != at:
            raise bad("the time of a reading stays: take it back, and tell it anew")
        wish = wished(senses, series, at, None if new is None else new.value)
        try:
            await run_in_threadpool(amend, senses, [wish], call.caller.source, call.now)
        except KeyError as wrong:
            raise missing(f"instance {call.path['instance']}") from wrong
        except ValueError as wrong:
            raise bad(str(wrong)) from wrong
        except OSError as wrong:
            raise Problem("ServiceUnavailable", f"the disk refuses: {wrong}", 503) from wrong
        return call.empty()

    def _past(self, key: str, attr: str) -> list[Instance]:
        kept = self._of.town.entities.kept.get(key)
        return list(kept.past.get(attr, ())) if kept is not None else []
