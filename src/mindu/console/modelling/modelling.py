"""The modelling desk: the drafts, what is published, and the one place where a version begins.

A version holds once as many people said yes as it asks for: what the drawing declares (a property
named `approvers`), what the version before it declared, or what the office asks of its kind,
whichever is most. Who proposes counts as the first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from mindu.base.records import Event, Published, Value, Words
from mindu.brain.folds.instances import Instances
from mindu.brain.folds.models import Models
from mindu.brain.processes.runs import Processes
from mindu.console.ask import Bad, missing
from mindu.console.contract.models.modelling import Kind, Version
from mindu.console.modelling.checking import approvers
from mindu.console.modelling.drafts import Drafts
from mindu.engines.rules.dmn.xml import read_xml

T = TypeVar("T")
VERSION = Words("version", "版本")
LISTED = Words("The page of models lists them.", "见建模页。")
NOBODY = Words("No processes run here.", "此处不运行流程。")
RUN = Words("Open a city that runs: `mindu up`.", "请打开运行中的城市(mindu up)。")
DRAFT = "draft:"


def at_once(work: Callable[[], T]) -> T:
    """Do a piece of work right away: nobody else moves this brain."""
    return work()


@dataclass(slots=True, kw_only=True)
class Modelling:
    """One brain's models, as staff draw, publish and watch them."""

    processes: Processes
    drafts: Drafts
    now: Callable[[], datetime]
    turn: Callable[[Callable[[], Any]], Any] = at_once  # do this while nothing else moves the brain
    least: Mapping[str, int] = field(default_factory=dict)  # by kind: people the office asks for

    @property
    def models(self) -> Models:
        """Return what is published."""
        return self.processes.models

    @property
    def instances(self) -> Instances:
        """Return what runs."""
        return self.processes.instances

    def published(self, key: str) -> Published:
        """Return a version.

        Raises:
            Bad: there is none of that key.
        """
        found = self.models.published.get(key)
        if found is None:
            raise missing(VERSION, LISTED)
        return found

    def text(self, named: str) -> bytes:
        """Return the text of a version, or of a draft named `draft:ID`.

        Raises:
            Bad: there is none.
        """
        if named.startswith(DRAFT):
            return self.drafts.get(named.removeprefix(DRAFT)).text.encode()
        return self.published(named).text

    def versions(self) -> list[Version]:
        """Return every version, the one published last first."""
        running: dict[str, set[int]] = {}
        for instance, tokens in list(self.instances.stays.standing.items()):
            for key, _, _ in list(tokens.values()):
                running.setdefault(key, set()).add(instance)
        put = list(self.models.put.items())  # others may publish meanwhile
        ordered = sorted(put, key=lambda told: told[1].seq)
        count: dict[str, int] = {}
        found = []
        for key, _ in ordered:
            record = self.models.published[key]
            of = f"{record.kind}:{record.names[0] if record.names else record.key}"
            count[of] = count.get(of, 0) + 1
            found.append(self._version(record, count[of], len(running.get(key, ()))))
        return found[::-1]

    def version(self, key: str) -> Version:
        """Return one version.

        Raises:
            Bad: there is none of that key.
        """
        self.published(key)
        return next(one for one in self.versions() if one.key == key)

    def _version(self, record: Published, number: int, running: int) -> Version:
        put = self.models.put[record.key]
        newest = all(self.models.newest[f"{record.kind}:{n}"] == record.key for n in record.names)
        return Version(
            key=record.key, kind=kind_of(record), names=record.names, number=number, newest=newest,
            seq=put.seq, at=put.at, by=put.by, size=len(record.text), open=running,
        )  # fmt: skip

    def needed(self, record: Published) -> int:
        """Return how many people must say yes before a version holds."""
        texts = [record.text]
        for name in record.names:
            key = self.models.newest.get(f"{record.kind}:{name}")
            texts += [self.models.published[key].text] if key else []
        asked = [approvers(read_xml(text)) for text in texts]
        return max(*asked, self.least.get(record.kind, 1))

    def note(self, name: str, key: str, told: Mapping[str, Value], by: str) -> int:
        """Write down what a person did about a model; return the entry."""
        memory = self.processes.memory
        entry = memory.write(Event(name, dict(told)), at=self.now(), about=f"model:{key}", by=by)
        memory.log.commit()
        return entry.seq


def kind_of(record: Published) -> Kind:
    """Return whether a version is a process or a decision."""
    return "dmn" if record.kind == "dmn" else "bpmn"


def need(modelling: Modelling | None) -> Modelling:
    """Return who models here.

    Raises:
        Bad: nobody does.
    """
    if modelling is None:
        raise Bad(409, NOBODY, RUN)
    return modelling
