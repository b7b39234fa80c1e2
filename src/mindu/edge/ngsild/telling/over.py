"""How what is told is laid over what stands."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mindu.data.senses.beside.entities import Instance, Put
from mindu.edge.ngsild.model.facts import scopes
from mindu.edge.ngsild.model.parse import NULL, VALUE, Parser
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.telling.asker import Asker
from mindu.edge.ngsild.telling.draft import Draft, merged, put


def headed(draft: Draft, key: str, view: View, by: Asker, body: Mapping[str, Any]) -> None:
    """Take up more types or another scope."""
    kind = body.get("type", body.get("@type"))
    more = by.parser.types(kind) if kind is not None else []
    types = list(dict.fromkeys([*view.types, *more]))
    scope = view.scope
    if "scope" in body:
        scope = [] if body["scope"] == NULL else scopes(body["scope"])
    if types != view.types or scope != view.scope:
        draft.told.append(Put(key, view.id, by.tenant, types, scope, by.now))


def put_all(draft: Draft, key: str, attr: str, old: list[Instance], new: list[Instance]) -> None:
    """Say an attribute with these instances laid into it; null takes one out."""
    whole = list(old)
    for it in new:
        if it.value == NULL:
            whole = [held for held in whole if held.dataset != it.dataset]
        else:
            whole = put(whole, it)
    datasets = {it.dataset for it in new}
    draft.say(key, attr, whole, [it for it in whole if it.dataset in datasets])


def stands(view: View, attr: str, many: list[Instance]) -> bool:
    """Say whether an entity has one of these instances already."""
    held = {it.dataset for it in view.attrs.get(attr, ())}
    return any(it.dataset in held for it in many)


def laid(held: list[Instance], new: Instance, observed: str) -> Instance:
    """Return an instance laid over the one of its data set."""
    before = next((it for it in held if it.dataset == new.dataset), None)
    if new.value == NULL:
        return new
    if before is None:
        return msgspec.structs.replace(new, observed=new.observed or observed)
    over = merged(before, new)
    return msgspec.structs.replace(over, observed=new.observed or observed or before.observed)


def with_kinds(view: View | None, parser: Parser, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told with the kind and value of the attributes that it is laid over."""
    found = dict(body)
    for name, told in body.items():
        held = view.attrs.get(parser.expand(name)) if view is not None else None
        if not held or name in {"id", "type", "scope", "@context"}:
            continue
        first = next((it for it in held if not it.dataset), held[0])
        key = VALUE[first.kind]
        if isinstance(told, Mapping) and not {*VALUE.values()} & told.keys():
            if "type" not in told or told["type"] == first.kind:
                found[name] = {"type": first.kind, key: first.value, **told}
        elif not isinstance(told, Mapping | list) and told != NULL:
            found[name] = {"type": first.kind, key: told}
    return found
