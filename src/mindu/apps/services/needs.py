"""What a step of the staff needs to see of an application, and no more; each look is a receipt."""

from collections.abc import Mapping
from datetime import datetime

from mindu.apps.services.counter import Counter
from mindu.apps.services.own.corrections import PROCESS, Corrections
from mindu.apps.services.package import Package
from mindu.city import Words
from mindu.engines.forms.render import shown

Needed = tuple[Words, Words]  # what it is called, and what it says


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
        items = [part.item for part in package.parts]
        if package.instant is not None and node not in items:
            node = items[0]  # a person decides, or looks again at, the one item there is
        if node not in items:
            return []
        told = self._counter.given(instance, node, by=by, now=now)
        return _named(package, node, told)

    def _correction(self, instance: int, by: str, now: datetime) -> list[Needed]:
        processes = self._counter.processes
        known = processes.variables(instance)
        told = {"who": by, "purpose": PROCESS, "fields": f"{known['kind']}.{known['part']}"}
        processes.note(instance, "used", told, by=by, now=now)
        what, said = told["fields"], str(self._corrections.said(instance))
        return [(Words(what, what), Words(said, said))]


def _named(package: Package, item: str, told: Mapping[str, object]) -> list[Needed]:
    """Return an item's fields as people read them: by the questions that they were asked by."""
    part = next(one for one in package.parts if one.item == item)
    asked = package.filled().fields
    found: list[Needed] = []
    for name, value in told.items():
        field = asked[part.maps[name]]
        says = (shown(value, field.options, lang) for lang in ("en", "zh"))
        found.append((Words(field.label.en, field.label.zh), Words(*says)))
    return found
