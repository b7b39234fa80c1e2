"""What each move does to the two clocks of a case: the step's, which resets, and the whole's."""

from collections.abc import Mapping
from dataclasses import dataclass

from mindu.base.dial import Dial
from mindu.base.records import Value
from mindu.brain.cases import BEFORE, INBOX, SENT, State, Step
from mindu.brain.casework.calendar import Calendar
from mindu.brain.casework.terms import NO_DIAL, WHOLE, Terms, dial, spent

Dials = tuple[Dial | None, Dial | None]  # None: it runs on as it was
FIXED: Mapping[str, Dials] = {  # what comes of a move whatever the clocks show
    "stop": (NO_DIAL, NO_DIAL), "keep": (None, None), "rest": (NO_DIAL, None),
    "pause": (None, None),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The calendar and the terms that hold now."""

    calendar: Calendar
    terms: Terms

    def opened(self, now: int, *, step: str = "dispatch", term: str = "") -> tuple[Dial, Dial]:
        """Return the dials of a case that was just received; its nature is not known yet.

        `term` is that of the whole, where whoever opens it knows it.
        """
        whole = dial(term, now, self.calendar) if term else self._new(WHOLE, "", "", now)
        return self._new(step, "", "", now), whole

    def after(
        self, step: Step, held: "Held", now: int, args: Mapping[str, Value], *, to: State
    ) -> Dials:
        """Return what the clocks show after a move."""
        if step.clock in FIXED:
            return FIXED[step.clock]
        if step.clock == "start":
            return self._start(step, held, now, to)
        if step.clock == "go":
            return self._go(held, now)
        return self._renew(step, held, args)

    def _start(self, step: Step, held: "Held", now: int, to: State) -> Dials:
        # Who comes back to where he stood runs on the term of that state.
        name = _TERM_OF.get(to, step.dial) if step.to == BEFORE else step.dial
        whole = NO_DIAL if step.name == "feed_back" else None  # the caller has the answer
        if step.name == "reopen" and not held.whole.term:
            whole = self._new(WHOLE, held.nature, held.urgency, now)
        elif held.wait_since:  # taken from a desk whose clock stood: its time is given back
            whole = self._go(held, now)[1]
        return self._new(name, held.nature, held.urgency, now), whole

    def earliest(self, one: Dial, other: Dial) -> Dial:
        """Return the dial whose time is over first; one without a term never is."""
        if not one.term or not other.term:
            return one if one.term else other
        return one if one.due <= other.due else other

    def again(self, held: "Held") -> Dials:
        """Return both dials set anew from where they began, as calendar and terms now have it."""
        return tuple(  # type: ignore[return-value]
            dial(told.term, told.began, self.calendar, paused=told.paused) if told.term else told
            for told in (held.step, held.whole)
        )

    def _new(self, name: str, nature: str, urgency: str, now: int) -> Dial:
        return dial(self.terms.of(name, nature, urgency), now, self.calendar)

    def _go(self, held: "Held", now: int) -> Dials:
        """Give back what passed while the clocks stood."""
        return tuple(  # type: ignore[return-value]
            dial(
                told.term,
                told.began,
                self.calendar,
                paused=told.paused + spent(told, held.wait_since, now, self.calendar),
            )
            for told in (held.step, held.whole)
        )

    def _renew(self, step: Step, held: "Held", args: Mapping[str, Value]) -> Dials:
        """Set the clocks anew from where they began: another class, calendar or extension."""
        if step.name == "grant_extension":
            return self._longer(held.step, args), self._longer(held.whole, args)
        if step.name == "extend":
            return None, self._longer(held.whole, args)
        if step.name == "classify":
            nature, urgency = str(args["nature"]), str(args["urgency"])
            terms = (self.terms.of(name, nature, urgency) for name in ("dispatch", WHOLE))
        else:
            return self.again(held)
        dials = zip(terms, (held.step, held.whole), strict=True)
        return tuple(  # type: ignore[return-value]
            dial(term, told.began, self.calendar, paused=told.paused) for term, told in dials
        )

    def _longer(self, told: Dial, args: Mapping[str, Value]) -> Dial:
        """Return a dial with working days added; a term in hours is kept as it is."""
        if not told.term.endswith("wd"):
            return told
        term = f"{told.term}+{int(float(args['days']))}wd"
        return dial(term, told.began, self.calendar, paused=told.paused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the clocks must know of a case."""

    step: Dial
    whole: Dial
    nature: str
    urgency: str
    wait_since: int = 0  # epoch s at which the clocks were stopped, 0 when they run


_TERM_OF = {
    **dict.fromkeys(INBOX, "dispatch"),
    **dict.fromkeys(SENT, "sign"),
    **dict.fromkeys((State.SIGNED, State.HANDLING, State.WAITING), "handle"),
    **dict.fromkeys((State.REPLIED, State.REPLY_REVIEW), "review"),
    State.FINAL_REVIEW: "final",
    **dict.fromkeys((State.FED_BACK, State.CALL_BACK), "call_back"),
}
