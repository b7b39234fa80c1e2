"""Changes of one attribute: told in part, told anew, taken away."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mindu.data.senses.beside.entities import Put, Said
from mindu.edge.ngsild.model.parse import NULL, VALUE
from mindu.edge.ngsild.model.problems import bad, missing
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.telling.asker import NOTHING, Asker, Update
from mindu.edge.ngsild.telling.changes import Plan
from mindu.edge.ngsild.telling.draft import Draft, merged, put


def partly(by: Asker, attr: str, body: Mapping[str, Any]) -> Plan:
    """Return the plan that tells a part of one instance of an attribute anew."""

    def plan(draft: Draft, key: str, view: View) -> Update:
        held = list(view.attrs.get(attr, ()))
        dataset = str(body.get("datasetId", ""))
        before = next((it for it in held if it.dataset == dataset), None)
        if before is None:
            raise missing(f"attribute {attr}" + (f" of data set {dataset}" if dataset else ""))
        told = {k: v for k, v in body.items() if k != "@context"}
        if told.setdefault("type", before.kind) != before.kind:
            raise bad(f"{attr} is a {before.kind}, and stays one")
        value = VALUE[before.kind]
        draft.lasting(key, view)
        if told.get(value) == NULL:
            draft.told.append(Said(key, attr, by.now, [it for it in held if it is not before]))
            return Update((attr,))
        told.setdefault(value, before.value)
        new = by.parser.instance(attr, told)
        over = msgspec.structs.replace(merged(before, new), value=new.value)
        draft.say(key, attr, put(held, over), [over])
        return Update((attr,))

    return plan


def wholly(by: Asker, attr: str, body: Mapping[str, Any]) -> Plan:
    """Return the plan that tells one instance of an attribute anew."""
    told = {k: v for k, v in body.items() if k != "@context"}

    def plan(draft: Draft, key: str, view: View) -> Update:
        held = list(view.attrs.get(attr, ()))
        new = by.parser.instance(attr, told)
        if not any(it.dataset == new.dataset for it in held):
            raise missing(f"attribute {attr}")
        draft.lasting(key, view)
        draft.say(key, attr, put(held, new), [new])
        return Update((attr,))

    return plan


def delete(by: Asker, attr: str, dataset: str, *, all_: bool) -> Plan:
    """Return the plan that takes an attribute away, of one data set or of all."""

    def plan(draft: Draft, key: str, view: View) -> Update:
        if attr.endswith("/scope") and view.scope:
            draft.told.append(Put(key, view.id, by.tenant, view.types, [], by.now))
            return Update(NOTHING)
        held = list(view.attrs.get(attr, ()))
        left = [] if all_ else [it for it in held if it.dataset != dataset]
        if len(left) == len(held):
            raise missing(f"attribute {attr}" + (f" of data set {dataset}" if dataset else ""))
        draft.lasting(key, view)
        draft.told.append(Said(key, attr, by.now, left))
        return Update(NOTHING)

    return plan
