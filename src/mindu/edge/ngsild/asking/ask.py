"""Questions to the town: which entities pass a query, page by page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from mindu.data.arrays import Truths
from mindu.edge.ngsild.asking.geo import Geo, geo
from mindu.edge.ngsild.asking.order import Order, order
from mindu.edge.ngsild.asking.paths import matcher
from mindu.edge.ngsild.asking.query import Parser, Query
from mindu.edge.ngsild.asking.scope import Scopes, scopes
from mindu.edge.ngsild.asking.whom import Selector, meant, names
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.model.terms import GEO, Context
from mindu.edge.ngsild.model.town import Town

PAGE, BIGGEST = 20, 1000
MOST = 200_000  # entities that one question may look at


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    whom: Sequence[Selector]
    attrs: tuple[str, ...] = ()
    query: Query | None = None
    geo: Geo | None = None
    scopes: Scopes | None = None
    order: Order | None = None

    def holds(self, view: View) -> bool:
        """Say whether an entity passes, but for whom it is about."""
        if self.attrs and not any(attr in view.attrs for attr in self.attrs):
            return False
        if self.scopes is not None and not self.scopes.hold(view.scope):
            return False
        if self.query is not None and not self.query.test(view):
            return False
        return self.geo is None or any(
            self.geo.holds(it.value) for it in view.attrs.get(self.geo.attr, ())
            if it.kind == "GeoProperty"
        )  # fmt: skip


def question(told: Mapping[str, Any], context: Context, whom: Sequence[Selector]) -> Question:
    """Return the question that a query string or body asks.

    Raises:
        Problem: a part of it does not fit.
    """
    attrs = tuple(context.expand(it) for it in names(told.get("attrs")))
    query = Parser(str(told["q"]), context).whole() if told.get("q") else None
    place = geo(told, context.expand(str(told.get("geoproperty") or "location")))
    scope = scopes(str(told["scopeQ"])) if told.get("scopeQ") else None
    return Question(tuple(whom), attrs, query, place, scope, order(told, context))


class Ask:
    """Answers questions about one town."""

    def __init__(self, town: Town, *, most: int = MOST) -> None:
        """Ask this town; look at so many entities at most."""
        self._town, self._most = town, most

    def passing(self, tenant: str, asked: Question) -> Iterator[View]:
        """Yield every entity that passes, in an order that stays.

        Raises:
            Problem: too many entities would have to be looked at.
        """
        looked = 0
        seen: set[str] = set()
        for key in self._candidates(tenant, asked):
            if key in seen:
                continue
            looked += 1
            if looked > self._most:
                why = f"that looks at more than {self._most} entities: ask narrower"
                raise Problem("TooComplexQuery", why)
            view = self._town.view(key, tenant)
            if view is not None and asked.holds(view):
                seen.add(key)
                yield view

    def _candidates(self, tenant: str, asked: Question) -> Iterable[str]:
        """Yield the keys of whom is meant, or of the fewer that may pass."""
        among = self._among(asked)
        if among is None:
            return self._keys(tenant, asked.whom)
        ids = self._town.registry.ids
        found = (ids[row] for row in np.flatnonzero(among).tolist())
        return (key for key in found if self._meant(tenant, asked.whom, key))

    def _meant(self, tenant: str, whom: Sequence[Selector], key: str) -> bool:
        view = self._town.view(key, tenant) if whom else None
        return not whom or (view is not None and any(meant(one, view) for one in whom))

    def count(self, tenant: str, asked: Question) -> int:
        """Return how many pass."""
        plain = not (asked.attrs or asked.query or asked.geo or asked.scopes)
        whom = asked.whom[0] if len(asked.whom) == 1 else None
        if plain and whom is not None and not whom.ids and not whom.pattern:
            return sum(1 for _ in self._keys(tenant, asked.whom))
        return sum(1 for _ in self.passing(tenant, asked))

    def page(
        self, tenant: str, asked: Question, offset: int, limit: int
    ) -> tuple[list[View], bool]:
        """Return some that pass, and whether there are more."""
        if asked.order is not None:
            whole = asked.order.sorted(list(self.passing(tenant, asked)))
            return whole[offset : offset + limit], len(whole) > offset + limit
        found = list(islice(self.passing(tenant, asked), offset, offset + limit + 1))
        return found[:limit], len(found) > limit

    def _among(self, asked: Question) -> Truths | None:
        """Say which devices may pass; None where that is not known."""
        found = asked.query.among(self._town) if asked.query is not None else None
        box = asked.geo.box() if asked.geo is not None else None
        if box is None or asked.geo is None or not asked.geo.attr.endswith("/" + GEO[0]):
            return found
        near = self._town.near(*box)
        return near if found is None else found & near

    def _keys(self, tenant: str, whom: Sequence[Selector]) -> Iterable[str]:
        for one in whom or (Selector(),):
            if one.ids:
                keys: Iterable[str] = [self._town.key(tenant, it) for it in one.ids]
                views = ((key, self._town.view(key, tenant)) for key in keys)
                yield from (key for key, view in views if view is not None and one.fits(view))
                continue
            firsts = [all_[0] for all_ in one.types]
            keys = self._town.keys(tenant, firsts or None)
            if any(len(all_) > 1 for all_ in one.types):
                keys = self._whole(tenant, one, keys)
            yield from self._matching(one.pattern, keys) if one.pattern else keys

    def _whole(self, tenant: str, one: Selector, keys: Iterable[str]) -> Iterator[str]:
        for key in keys:
            view = self._town.view(key, tenant)
            if view is not None and one.fits(view):
                yield key

    def _matching(self, pattern: str, keys: Iterable[str]) -> Iterator[str]:
        test = matcher(pattern)
        return (key for key in keys if test(self._town.named(key)))
