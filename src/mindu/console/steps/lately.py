"""Lately: the steps that each officer completed last, so that they may take one back."""

from collections import deque

import msgspec

from mindu.base.records import Entry, Stepped
from mindu.brain.folds.instances import PREFIX
from mindu.brain.processes.runs import Processes
from mindu.engines.process import load

KEPT = 10  # steps of one officer
BACK = 5_000  # entries before the start that are looked through
DONE = "Complete"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step that somebody completed."""

    instance: int
    node: str
    title: str


class Lately:
    """Keeps the last steps of every officer, from the log."""

    def __init__(self, processes: Processes) -> None:
        """Look through the end of the log."""
        self._processes = processes
        self._of: dict[str, deque[Step]] = {}
        self._known = max(0, len(processes.memory.log) - BACK)

    def of(self, name: str) -> list[Step]:
        """Return what somebody completed in cases under way that was not undone, newest first."""
        for entry in self._processes.memory.log.since(self._known):
            self._take(entry)
        self._known = len(self._processes.memory.log)
        open_ = self._processes.instances.states
        mine = [one for one in reversed(self._of.get(name, ())) if one.instance in open_]
        return [one for one in mine if one.node not in self._processes.state(one.instance).undone]

    def _take(self, entry: Entry) -> None:
        record = entry.record
        if not isinstance(record, Stepped) or record.what != DONE:
            return
        state = load(record.state)
        instance = int(entry.about.removeprefix(PREFIX))
        for frame in state.frames:
            for node, visit in frame.visits.items():
                if visit.done == state.step and visit.by == entry.by:
                    body = self._processes.models.program(frame.definition or state.definition)
                    told = body.nodes[node].name or node
                    held = self._of.setdefault(entry.by, deque(maxlen=KEPT))
                    held.append(Step(instance=instance, node=node, title=told))
