"""What a step of the staff needs to see of an application, and no more; each look is a receipt."""

from collections.abc import Mapping
from datetime import datetime

from mindu.apps.services.counter import Counter
from mindu.apps.services.own.corrections import PROCESS, Corrections
from mindu.apps.services.package import Package
from mindu.apps.services.progress import stands
from mindu.city import Words
from mindu.engines.forms.render import shown

Needed = tuple[Words, Words]  # what it is called, and what it says
OUTCOMES = {"approved": ("approved", "已批准"), "refused": ("refused", "不予批准"),
            "again": ("being decided again", "重新办理中"),
            "not needed": ("not needed", "无需办理")}  # fmt: skip


class Needs:
    """Tells an officer what their step needs."""

    def __init__(self, counter: Counter, corrections: Corrections) -> None:
        """Look into a counter's applications and what people want corrected."""
        self._counter, self._corrections = counter, corrections

    def given(self, instance: int, node: str, by: str, now: datetime) -> list[Needed]:
        """Return the fields of a step's own item, or what is to be corrected, with their names."""
        process = self._counter.processes.began(instance).process
        if process.startswith(f"{PROCESS}_"):
            return self._correction(instance, by, now)
        package = self._counter.packages.get(process)
        if package is None:
            return []
        shows = {"accept": self._whole, "deliver": self._results}.get(node, self._part)
        return shows(package, (instance, node), by, now)

    def _part(self, package: Package, at: tuple[int, str], by: str, now: datetime) -> list[Needed]:
        instance, node = at
        items = [part.item for part in package.parts]
        if package.instant is not None and node not in items:
            node = items[0]  # a person decides, or looks again at, the one item there is
        if node not in items:
            return []
        told = self._counter.given(instance, node, by=by, now=now)
        maps = next(part.maps for part in package.parts if part.item == node)
        return _named(package, told, maps)

    def _whole(self, package: Package, at: tuple[int, str], by: str, now: datetime) -> list[Needed]:
        """Return all that was answered: the window looks whether everything is there."""
        told = self._counter.answers(at[0])
        used = {"who": by, "purpose": f"{package.id}/accept", "fields": ", ".join(sorted(told))}
        self._counter.processes.note(at[0], "used", used, by=by, now=now)
        return _named(package, told, {name: name for name in told})

    def _results(
        self, package: Package, at: tuple[int, str], _by: str, _now: datetime
    ) -> list[Needed]:
        """Return what each department came to: the window hands it over."""
        known, items = self._counter.processes.variables(at[0]), self._counter.items
        state = self._counter.processes.state(at[0])
        found: list[Needed] = []
        for part in package.parts:
            note = known.get(f"{part.item}_result") or ""
            en, zh = OUTCOMES.get(stands(state, known, package, part.item), OUTCOMES["not needed"])
            item = items.at(part.item)
            found.append((Words(item.name.en, item.name.zh),
                          Words(f"{en} {note}".strip(), f"{zh} {note}".strip())))  # fmt: skip
        return found

    def _correction(self, instance: int, by: str, now: datetime) -> list[Needed]:
        processes = self._counter.processes
        known = processes.variables(instance)
        told = {"who": by, "purpose": PROCESS, "fields": f"{known['kind']}.{known['part']}"}
        processes.note(instance, "used", told, by=by, now=now)
        what, said = told["fields"], str(self._corrections.said(instance))
        return [(Words(what, what), Words(said, said))]


def _named(package: Package, told: Mapping[str, object], maps: Mapping[str, str]) -> list[Needed]:
    """Return fields as people read them: by the questions that they were asked by."""
    asked = package.filled().fields
    found: list[Needed] = []
    for name, value in told.items():
        field = asked[maps[name]]
        says = (shown(value, field.options, lang) for lang in ("en", "zh"))
        found.append((Words(field.label.en, field.label.zh), Words(*says)))
    return found
