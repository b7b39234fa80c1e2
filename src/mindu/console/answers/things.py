"""One thing whole: its facts, marks, channels, alerts and actions."""

from mindu.base.records import Words
from mindu.console.answers.alerts import alert
from mindu.console.answers.deeds import approval
from mindu.console.answers.listed import channels_of, rows_of
from mindu.console.ask import missing
from mindu.console.contract.things import ChannelInfo, Mark, Thing
from mindu.console.look import Look
from mindu.console.place import Place
from mindu.console.words import terms

FACTS = 60  # facts of one thing
ACTIONS = 20


def thing(look: Look, about: str) -> Thing:
    """Return one thing whole.

    Raises:
        Bad: nothing of that name stands in the city.
    """
    place = look.board.places.get(about)
    if place is None:
        raise missing(Words("thing", "物"), Words("`/api/v1/entities` lists them.", "见物的列表。"))
    held = [e for e in look.board.alerts(look.pulse.now) if e.about == about]
    mine = [e for e in look.board.actions.values() if e.about == about][-ACTIONS:]
    return Thing(
        seen=look.seen,
        row=rows_of(look, [place])[0],
        facts=dict(list(place.facts.items())[:FACTS]),
        marks=marks(place),
        channels=tuple(_channel(look, about, prop) for prop in channels_of(look).get(about, ())),
        alerts=tuple(alert(look, e) for e in held),
        actions=tuple(approval(look, e) for e in reversed(mine)),
    )


def marks(place: Place | None) -> tuple[Mark, ...]:
    """Return the levels that matter of one thing."""
    told = place.marks if place else []
    return tuple(Mark(name=n, title=terms(n), value=v) for n, v in told if v)


def _channel(look: Look, about: str, prop: str) -> ChannelInfo:
    heard = look.board.readings.get((about, prop))
    ahead = look.board.forecasts.get((about, prop))
    at, value = heard[-1] if heard else (None, None)
    unit = heard.unit if heard else getattr(ahead.record if ahead else None, "unit", "")
    return ChannelInfo(
        prop=prop,
        title=terms(prop),
        unit=unit,
        value=value,
        at=at,
        forecast=ahead is not None,
    )
