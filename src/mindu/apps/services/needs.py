"""What a step of the staff needs to see of an application, and no more; each look is a receipt."""

from collections.abc import Mapping
from datetime import datetime

from mindu.apps.services.counter import Counter
from mindu.apps.services.own.corrections import PROCESS, Corrections


class Needs:
    """Tells an officer what their step needs."""

    def __init__(self, counter: Counter, corrections: Corrections) -> None:
        """Look into a counter's applications and what people want corrected."""
        self._counter, self._corrections = counter, corrections

    def given(self, instance: int, node: str, by: str, now: datetime) -> Mapping[str, object]:
        """Return the fields of a step's own item, or what is to be corrected."""
        process = self._counter.processes.began(instance).process
        if process.startswith(f"{PROCESS}_"):
            return self._correction(instance, by, now)
        package = self._counter.packages.get(process)
        if package is None:
            return {}
        items = [part.item for part in package.parts]
        if package.instant is not None and node not in items:
            node = items[0]  # a person decides, or looks again at, the one item there is
        if node not in items:
            return {}
        return self._counter.given(instance, node, by=by, now=now)

    def _correction(self, instance: int, by: str, now: datetime) -> Mapping[str, object]:
        processes = self._counter.processes
        known = processes.variables(instance)
        told = {"who": by, "purpose": PROCESS, "fields": f"{known['kind']}.{known['part']}"}
        processes.note(instance, "used", told, by=by, now=now)
        return {f"{known['kind']}.{known['part']}": self._corrections.said(instance)}
