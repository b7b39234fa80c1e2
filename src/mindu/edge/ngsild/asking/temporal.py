"""How entities came to be as they are: their instances over time (clauses 5.7.3, 5.7.4)."""

from collections.abc import Sequence
from typing import Any

from mindu.data.senses.beside.entities import Instance
from mindu.data.senses.beside.words import told_as
from mindu.data.senses.memory import reads
from mindu.edge.ngsild.asking.when import FAR, When, aggregated, instant
from mindu.edge.ngsild.model.show import Form, View, text
from mindu.edge.ngsild.model.town import Town, name, whole

NEWEST, MOST = 1000, 100_000  # instances shown of one attribute; readings gone through for it


class Temporal:
    """Tells the past of one town."""

    def __init__(self, town: Town) -> None:
        """Read this town."""
        self._town = town

    def entity(self, view: View, asked: When, form: Form) -> dict[str, Any]:
        """Return an entity with the instances of its attributes."""
        shown = form.entity(View(view.key, view.id, view.types, view.scope, view.made,
                                 view.changed, {}))  # fmt: skip
        for attr in dict.fromkeys([*view.attrs, *self.recalled(view)]):
            if (form.pick and attr not in form.pick) or attr in form.omit:
                continue
            told = self._attribute(view, attr, asked, form)
            if told is not None:
                shown[form.context.compact(attr)] = told
        return shown

    def cut(self, view: View, asked: When, form: Form) -> tuple[float, float] | None:
        """Return from when to when an entity is told where it is not told whole (epoch ms).

        It is where an attribute has more instances than are shown, and no number was asked for.
        """
        if asked.methods or asked.last:
            return None
        times: list[float] = []
        for attr in dict.fromkeys([*view.attrs, *self.recalled(view)]):
            if (not form.pick or attr in form.pick) and attr not in form.omit:
                told = self.instances(view, attr, asked, most=NEWEST + 1)
                if len(told) > NEWEST:
                    times += [instant(it, asked.prop) or 0.0 for it in (told[1], told[-1])]
        return (min(times), max(times)) if times else None

    def recalled(self, view: View) -> Sequence[str]:
        """Return the attributes of which a past is kept."""
        kept = self._town.entities.kept.get(view.key)
        return list(kept.past) if kept is not None else []

    def has(self, view: View, asked: When, attrs: Sequence[str]) -> bool:
        """Say whether an entity has instances at that time, of any attribute or of these."""
        names = attrs or dict.fromkeys([*view.attrs, *self.recalled(view)])
        return any(self.instances(view, attr, asked, most=1) for attr in names)

    def _attribute(self, view: View, attr: str, asked: When, form: Form) -> Any:  # noqa: ANN401
        found = self.instances(view, attr, asked)
        if not found:
            return None
        if asked.methods:
            return aggregated(found, asked)
        if form.style == "simplified":
            return _values(found, form)
        shown = [form.instance(it) for it in found]
        for it, told in zip(found, shown, strict=True):
            if isinstance(told, dict) and it.name:
                told["instanceId"] = it.name
        return shown

    def instances(
        self, view: View, attr: str, asked: When, *, most: int = NEWEST
    ) -> list[Instance]:
        """Return the instances of an attribute that are meant, oldest first, the newest if many."""
        kept = self._town.entities.kept.get(view.key)
        told = list(kept.past.get(attr, ())) if kept is not None else []
        found = [it for it in told if _inside(it, asked)]
        most = MOST if asked.methods else asked.last or most
        series = self._town.registry.one(view.key, name(attr))
        if series >= 0:
            found += self._read(series, view, attr, asked, most)
        found.sort(key=lambda it: instant(it, asked.prop) or 0.0)
        return found[-most:]

    def _read(self, series: int, view: View, attr: str, asked: When, most: int) -> list[Instance]:
        if series >= len(self._town.senses.now.columns):
            return []
        since, until = int(max(asked.since, -FAR)), int(min(asked.until, FAR))
        senses = self._town.senses
        rows = (
            reads.window(senses, series, since, until - 1)
            if asked.methods
            else reads.last(senses, series, most, until=until - 1)
        )
        rows = rows.take(rows.at >= since).take(slice(-most, None))
        held = next((it for it in view.attrs.get(attr, ()) if not it.dataset), None)
        unit = (held.more or {}).get("unitCode") if held is not None else None
        more = {"unitCode": unit} if unit else None
        arrived = (rows.arrived * 1000).tolist()
        return [
            Instance(
                "Property",
                whole(told_as(senses, series, v)),
                text(at),
                "",
                got,
                got,
                more,
                f"urn:ngsi-ld:{series}:{at}",
            )
            for at, v, got in zip(rows.at.tolist(), rows.value.tolist(), arrived, strict=True)
        ]


def _inside(it: Instance, asked: When) -> bool:
    at = instant(it, asked.prop)
    if at is None:
        return asked.since == -FAR and asked.until == FAR
    return asked.since <= at < asked.until


def _values(found: list[Instance], form: Form) -> dict[str, Any]:
    kind = found[0].kind
    key = {"Relationship": "objects", "LanguageProperty": "languageMaps", "JsonProperty": "jsons",
           "VocabProperty": "vocabs", "ListProperty": "valueLists",
           "ListRelationship": "objectLists"}.get(kind, "values")  # fmt: skip
    plain = Form(form.context, "simplified", lang=form.lang)
    told = [plain.simple(it) for it in found]
    if kind in {"LanguageProperty", "JsonProperty", "VocabProperty"}:
        told = [next(iter(it.values())) if isinstance(it, dict) else it for it in told]
    times = [it.observed or text(it.changed) for it in found]
    return {"type": kind, key: [list(pair) for pair in zip(told, times, strict=True)]}
