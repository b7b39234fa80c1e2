"""Hints while an agent types: another line's words, services that fit, open cases that sound alike.

Plain matching of words that were declared, so that it answers in a millisecond and needs no model;
a reader of text may be handed in and comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from mindu.brain.case_rows import IS_DONE
from mindu.brain.casework.kinds import Service
from mindu.brain.casework.rights import Officer, covers
from mindu.edge.aid.script import SCRIPT, script
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.tools import BARE, Tools

SHOWN = 5
LOOKED = 400  # newest open cases of a service that are compared
FEWEST = 8  # characters from which an issue is looked for
LEAST = 0.18  # share of pairs of signs in common from which two texts sound alike


@dataclass(frozen=True, slots=True)
class Hints:
    """What an agent may want to know while the caller speaks."""

    look: Look
    officer: Officer
    tools: Tools = BARE

    def html(self, text: str) -> str:
        """Return the hints as a piece of a page."""
        look = self.look
        over = look.kind.hand_over(text)
        parts = []
        if over is not None:
            parts.append(
                f'<div class="alarm" role="alert"><strong>{escape(over.agency)}</strong> '
                f"{escape(over.says.zh)}<br>{escape(over.says.en)}</div>"
            )
        found = self.services(text)
        items = "".join(
            f'<li><button type="button" class="plain" data-service="{escape(s.code)}" '
            f'accesskey="{n}">Alt+{n} {escape(pick(s.name, look.lang))}</button>'
            f"<small>{escape(pick(s.says, look.lang))}</small></li>"
            for n, s in enumerate(found, start=1)
        )
        parts.append(f"<ol>{items}</ol>")
        alike = self.alike(text, [s.code for s in found])
        links = "".join(
            f'<li><a href="{look.to(f"/desk/case/{number}")}">{look.say("case")} {number}</a> '
            f"{escape(said[:60])}</li>"
            for number, said in alike
        )
        parts.append(f"<ul>{links}</ul>" if links else "")
        script = self._script(text, found) if over is None else ""  # no questions in an emergency
        return "".join(parts) + script

    def _script(self, text: str, found: Sequence[Service]) -> str:
        """Return what to say and ask; what the caller has told already bears a mark."""
        kind, office = self.look.kind, self.look.counter.office
        lines = script(office.rows(SCRIPT, kind.name), found[0] if found else None, text)
        items = "".join(
            f"<li class='{'heard' if one.heard else ''}'>{'✓ ' if one.heard else ''}"
            f"{escape(pick(one.says, self.look.lang))}</li>"
            for one in lines
        )
        return f"<h3>{self.look.say('script')}</h3><ol class='script'>{items}</ol>" if items else ""

    def services(self, text: str) -> list[Service]:
        """Return the services that fit the words so far."""
        known = {service.code: service for service in self.look.kind.services}
        first = [known[code] for code in self.tools.reads(text) if code in known]
        plain = text.lower()
        scored = [
            (sum(word.lower() in plain for word in service.keywords), -at, service)
            for at, service in enumerate(self.look.kind.services)
        ]
        more = [s for score, _, s in sorted(scored, key=lambda t: t[:2], reverse=True) if score]
        return list({s.code: s for s in (*first, *more)}.values())[:SHOWN]

    def alike(self, text: str, codes: Sequence[str]) -> list[tuple[int, str]]:
        """Return open cases of these services whose words sound alike."""
        counter, cases = self.look.counter, self.look.counter.office.cases
        rows = cases.rows
        of = [cases.code(code) for code in codes if cases.code(code)]
        at = np.flatnonzero(np.isin(rows["service"], of) & ~IS_DONE[rows["state"]])[-LOOKED:]
        mine, scored = _pairs(text), []
        for number in rows["seq"][at].tolist():
            if not covers(self.officer.areas, cases.said(number, "area")):
                continue
            said = counter.opening(number).text
            other = _pairs(said)
            share = len(mine & other) / max(1, len(mine | other))
            if share >= LEAST:
                scored.append((share, number, said))
        known = [(number, said) for _, number, said in sorted(scored, reverse=True)[:SHOWN]]
        told = dict([*self._issue(text), *self._archived(text), *known])
        return list(told.items())[:SHOWN]

    def _archived(self, text: str) -> list[tuple[int, str]]:
        """Return cases of all years that sound like the words, open or closed."""
        library, counter = self.tools.library, self.look.counter
        archive = None if library is None else library.archive
        if archive is None or len(text) < FEWEST:
            return []
        return [
            (number, counter.opening(number).text) for number, _ in archive.find("", text)
            if covers(self.officer.areas, counter.office.cases.said(number, "area"))
        ]  # fmt: skip

    def _issue(self, text: str) -> list[tuple[int, str]]:
        """Return the oldest case of the issue that the words speak of, as the lookout knows it."""
        looks, counter = self.tools.looks, self.look.counter
        number = looks.near("", text) if looks is not None and len(text) >= FEWEST else None
        if number is None or not covers(
            self.officer.areas, counter.office.cases.said(number, "area")
        ):
            return []
        return [(number, counter.opening(number).text)]


def _pairs(text: str) -> set[str]:
    letters = "".join(sign for sign in text.lower() if sign.isalnum())
    return {letters[i : i + 2] for i in range(len(letters) - 1)}
