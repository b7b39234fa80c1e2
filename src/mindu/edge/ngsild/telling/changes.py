"""Changes of entities: created, replaced, merged, their attributes told anew, deleted."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mindu.data.senses.beside.entities import Kept, Put, Said
from mindu.data.senses.intake import Offer
from mindu.edge.commands.post import may
from mindu.edge.group import Frames, Group, Heard
from mindu.edge.ngsild.model.facts import identified, scopes
from mindu.edge.ngsild.model.problems import Problem, bad, missing
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.model.town import Town
from mindu.edge.ngsild.telling.asker import NOTHING, Asker, Update
from mindu.edge.ngsild.telling.draft import Draft
from mindu.edge.ngsild.telling.over import headed, laid, put_all, stands, with_kinds
from mindu.edge.porch import Porch

Plan = Callable[[Draft, str, View], Update]


class Changes:
    """Changes one store."""

    def __init__(self, town: Town, group: Group, porch: Porch) -> None:
        """Write through this group; what is a number goes through the porch."""
        self.town, self._group, self._porch = town, group, porch

    async def create(self, by: Asker, body: Mapping[str, Any]) -> str:
        """Let an entity come to be; return its id.

        Raises:
            Problem: there is one of that id, or the body does not fit.
        """
        told = self._whole(by, body)
        key = self._keyed(by, told.id)

        def plan(draft: Draft) -> Update:
            if self.town.view(key, by.tenant) is not None:
                raise Problem("AlreadyExists", f"{told.id} is there already")
            draft.new(key, by.tenant, told)
            return Update(tuple(told.attrs))

        await self._do(by, key, plan)
        return told.id

    async def replace(self, by: Asker, id_: str, body: Mapping[str, Any]) -> None:
        """Tell an entity wholly anew.

        Raises:
            Problem: there is none of that id, or the body does not fit.
        """
        told = self._whole(by, {**body, "id": body.get("id", id_)})

        def plan(draft: Draft, key: str, view: View) -> Update:
            if told.id != id_:
                raise bad("the id in the body is another")
            draft.lasting(key, view)
            draft.told.append(Put(key, id_, by.tenant, told.types, told.scope, by.now))
            for attr in view.attrs.keys() - told.attrs.keys():
                draft.told.append(Said(key, attr, by.now, []))
            for attr, many in told.attrs.items():
                draft.say(key, attr, many, many)
            return Update(tuple(told.attrs))

        await self._change(by, id_, plan)

    async def append(
        self, by: Asker, id_: str, body: Mapping[str, Any], *, overwrite: bool
    ) -> Update:
        """Add attributes to an entity, or tell those that it has anew."""
        attrs = by.parser.attributes(body)

        def plan(draft: Draft, key: str, view: View) -> Update:
            draft.lasting(key, view)
            headed(draft, key, view, by, body)
            kept = [] if overwrite else [a for a in attrs if stands(view, a, attrs[a])]
            for attr, many in attrs.items():
                if attr not in kept:
                    put_all(draft, key, attr, view.attrs.get(attr, []), many)
            why = tuple((attr, "it is there, and shall not be overwritten") for attr in kept)
            return Update(tuple(a for a in attrs if a not in kept), why)

        return await self._change(by, id_, plan)

    async def update(self, by: Asker, id_: str, body: Mapping[str, Any]) -> Update:
        """Tell attributes of an entity anew; null takes away."""
        attrs = by.parser.attributes(body, nulls=True)

        def plan(draft: Draft, key: str, view: View) -> Update:
            draft.lasting(key, view)
            headed(draft, key, view, by, body)
            for attr, many in attrs.items():
                put_all(draft, key, attr, view.attrs.get(attr, []), many)
            return Update(tuple(attrs))

        return await self._change(by, id_, plan)

    async def merge(
        self, by: Asker, id_: str, body: Mapping[str, Any], *, observed: str = ""
    ) -> Update:
        """Lay what is told over an entity; null takes away."""
        told = with_kinds(self.town.view(self._keyed(by, id_), by.tenant), by.parser, body)
        attrs = by.parser.attributes(told, nulls=True)

        def plan(draft: Draft, key: str, view: View) -> Update:
            draft.lasting(key, view)
            headed(draft, key, view, by, body)
            for attr, many in attrs.items():
                held = list(view.attrs.get(attr, []))
                fresh = [laid(held, it, observed) for it in many]
                put_all(draft, key, attr, held, fresh)
            return Update(tuple(attrs))

        return await self._change(by, id_, plan)

    async def delete(self, by: Asker, id_: str) -> None:
        """Let an entity be no more."""

        def plan(draft: Draft, key: str, view: View) -> Update:
            draft.gone(key, view, by.tenant)
            return Update(NOTHING)

        await self._change(by, id_, plan)

    # -- how -------------------------------------------------------------------------------

    def change(self, by: Asker, id_: str, plan: Plan) -> Awaitable[Update]:
        """Change an entity by a plan of one's own."""
        return self._change(by, id_, plan)

    def _keyed(self, by: Asker, id_: str) -> str:
        return self.town.key(by.tenant, id_)

    async def _change(self, by: Asker, id_: str, plan: Plan) -> Update:
        key = self._keyed(by, id_)

        def whole(draft: Draft) -> Update:
            view = self.town.view(key, by.tenant)
            if view is None:
                raise missing(f"entity {id_}")
            if not by.caller.keeps and not may(by.caller, self.town.senses, key):
                raise Problem("Forbidden", "this key does not speak for that entity", 403)
            return plan(draft, key, view)

        return await self._do(by, key, whole)

    async def _do(self, by: Asker, key: str, plan: Callable[[Draft], Update]) -> Update:
        """Change one thing; its numbers are durable with it where their series stood before."""
        drafts: list[Draft] = []
        self._porch.room_for(1)

        def decide() -> tuple[Frames, Callable[[], Update]]:
            draft = Draft(self.town, by.now)
            update = plan(draft)
            drafts.append(draft)
            return draft.frames(), lambda: update

        def hear() -> Heard | None:
            said = None if drafts[-1].done else drafts[-1].readings()
            return None if said is None else Heard(Offer(by.caller.source, said, None), by.now)

        update = await self._group.do(key, decide, hear)
        said = drafts[-1].readings() if drafts[-1].done else None
        if said is not None:
            await self._porch.offer(Offer(by.caller.source, said, None))
        self._porch.tend()
        return update

    def _whole(self, by: Asker, body: Mapping[str, Any]) -> Kept:
        told = identified(body)
        types = by.parser.types(told.get("type"))
        scope = scopes(told["scope"]) if "scope" in told else []
        attrs = by.parser.attributes(told)
        return Kept(told["id"], by.tenant, types, scope, by.now, by.now, attrs, {})
