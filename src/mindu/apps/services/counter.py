"""The counter: applications handed in once, worked by every department at once, one number.

What names a person lies in a vault; the process sees a name of the vault and the deciding answers.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from mindu.apps.services.drafts import Drafts
from mindu.apps.services.drawing import drawn
from mindu.apps.services.items import Library
from mindu.apps.services.numbers import TAILS, fits, number_of, parts_of, tail_of
from mindu.apps.services.package import Package, checked
from mindu.apps.services.progress import Progress, standing
from mindu.apps.services.vault import Vault
from mindu.city import Processes, Words
from mindu.engines.forms import Filled
from mindu.engines.forms import checked as held
from mindu.engines.process import Wait
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.happenings import Complete, Start

OWN = {"信息更正": "a register is corrected", "差评整改": "a bad rating is put right"}


class NotYet(ValueError):  # noqa: N818 - an answer, not a fault
    """An application that cannot be handed in yet: what is wrong, by question."""

    def __init__(self, filled: Filled) -> None:
        """Keep what is wrong."""
        super().__init__("; ".join(f"{name}: {why.en}" for name, why in filled.errors.items()))
        self.filled = filled


class Counter:
    """Takes applications in and tells how they stand, over one brain's processes."""

    def __init__(
        self,
        processes: Processes,
        vault: Vault,
        items: Library,
        packages: Mapping[str, tuple[Package, bytes]],
        *,
        salt: str,
    ) -> None:
        """Serve these packages; `salt` makes the audit's sample unforeseeable to applicants."""
        self.processes, self.vault, self.items, self._salt = processes, vault, items, salt
        self.drafts = Drafts(vault)
        self.packages = {name: checked(one, items) for name, (one, _) in packages.items()}
        self._rules = {name: rules for name, (_, rules) in packages.items()}

    def open(self, now: datetime, *, by: str = "services") -> None:
        """Publish the rules and processes of every package, where they are not yet."""
        for name, package in self.packages.items():
            if self._rules[name]:
                self.processes.publish(self._rules[name], by=by, now=now)
            self.processes.publish(write(drawn(package, self.items)), by=by, now=now)

    def save(self, subject: str, package: str, values: Mapping[str, Any]) -> None:
        """Keep a draft; it can be taken up again on any device."""
        self.drafts.save(subject, package, values)

    def draft(self, subject: str, package: str) -> dict[str, Any]:
        """Return a draft, empty where there is none."""
        return self.drafts.of(subject, package)

    def hand_in(self, subject: str, name: str, values: Mapping[str, Any], now: datetime) -> str:
        """Take an application in; return its tracking number.

        Raises:
            NotYet: answers are missing or wrong; nothing was handed in.
        """
        given = self.taken(subject, name, values, now)
        given[TAILS] = tail_of(self._salt, f"{subject}|{given['answers']}")
        start = Start(applicant=subject, vars=given)
        instance, _ = self.processes.start(name, start, by=subject, now=now)
        self.save(subject, name, {})
        return number_of(instance, given[TAILS])

    def taken(
        self, subject: str, name: str, values: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """Hold answers against the form and keep them; return what the process is given.

        Raises:
            NotYet: answers are missing or wrong; nothing was kept.
        """
        package = self.packages[name]
        filled = held(package.filled(), dict(values), now)
        if filled.errors:
            raise NotYet(filled)
        told = msgspec.json.encode([name, filled.values, now], order="deterministic")
        kept = f"answers:{sha256(told).hexdigest()[:24]}"
        self.vault.put(subject, kept, filled.values)  # durable before the case begins
        deciding = {one: filled.values[one] for one in package.deciding if one in filled.values}
        return {**deciding, "answers": kept, "sampled": self._sampled(package, kept)}

    def _sampled(self, package: Package, kept: str) -> bool:
        share = 0.0 if package.instant is None else package.instant.audit
        drawn_ = int(sha256(f"{self._salt}|{kept}".encode()).hexdigest()[:8], 16) / 2**32
        return drawn_ < share

    def answers(self, instance: int) -> dict[str, Any]:
        """Return all answers of an application, for the applicant."""
        start = self._start(instance)
        name = self.processes.variables(instance).get("answers", start.vars["answers"])
        kept = self.vault.get(start.applicant, str(name))
        return dict(kept) if isinstance(kept, dict) else {}

    def given(self, instance: int, item: str, *, by: str, now: datetime) -> dict[str, Any]:
        """Return what one department needs for its item, and no more; the use is a receipt."""
        package = self.packages[self.package_of(instance)]
        fields = package.given(item, self.answers(instance))
        purpose = f"{package.id}/{item}"
        told = {"who": by, "purpose": purpose, "fields": ", ".join(sorted(fields))}
        self.processes.note(instance, "used", told, by=by, now=now)
        return fields

    def receipts(self, instance: int) -> Iterator[Mapping[str, Any]]:
        """Yield every use of an application's data: who, for what, which fields, when."""
        for entry, args in self.processes.notes(instance, "used"):
            yield {**args, "at": entry.at.isoformat(), "entry": entry.seq}

    def tasks(self, groups: tuple[str, ...]) -> Iterator[tuple[int, Wait]]:
        """Yield what waits for somebody in these groups."""
        for (instance, _), wait in self.processes.instances.all_of("task"):
            if wait.groups in groups:
                yield instance, wait

    def decide(
        self, instance: int, node: str, *, by: str, approved: bool, result: str, now: datetime
    ) -> None:
        """Complete a department's task: approved or not, with the result or the reason."""
        state = self.processes.state(instance)
        wait = next((w for w in state.waits if w.node == node and w.kind == "task"), None)
        if wait is None:
            raise ValueError(f"{node} is not open in {self.number(instance)}")
        told = Complete(wait=wait.id, by=by, vars={"approved": approved, "result": result})
        self.processes.step(instance, told, by=by, now=now)

    def package_of(self, instance: int) -> str:
        """Return which package an instance is of."""
        return self._start(instance).process

    def number(self, instance: int) -> str:
        """Return the tracking number of a case; KeyError where there is none."""
        return number_of(instance, str(self._start(instance).vars.get(TAILS, "")))

    def found(self, number: str, *, by: str = "") -> int:
        """Return the instance of a tracking number; its applicant may leave out the tail.

        Raises:
            ValueError: it was mistyped.
            KeyError: there is none, or its tail is another.
        """
        instance, tail = parts_of(number)
        start = self._start(instance)
        mine = bool(by) and start.applicant == by
        if not mine and not fits(tail, str(start.vars.get(TAILS, ""))):
            raise KeyError(f"there is no application {number}")
        return instance

    def progress(self, number: str, now: datetime, *, by: str = "") -> Progress:
        """Return how an application stands, for whoever holds its number.

        Raises:
            ValueError: it was mistyped.
            KeyError: there is none.
        """
        instance = self.found(number, by=by)
        start = self._start(instance)
        package = self.packages.get(start.process)
        if package is None and start.applicant != by:
            raise KeyError(f"there is no application {number}")
        told = (self.number(instance), instance)
        return standing(self.processes, self.items, package, told, now)

    def title(self, instance: int) -> Words:
        """Return what a case is about."""
        package = self.packages.get(self.package_of(instance))
        if package is not None:
            return package.title
        program = self.processes.models.program(self.processes.state(instance).definition)
        name = next((body.name for body in program.bodies.values() if body.root), "")
        return Words(OWN.get(name, name), name)

    def _start(self, instance: int) -> Start:
        return self.processes.began(instance)
