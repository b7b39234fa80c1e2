"""The panels: each part of the page as HTML, drawn from the board alone."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from mindu.base.records import Forecast, Judgement, Severity
from mindu.console.atlas import atlas
from mindu.console.board import Board
from mindu.console.feed import Feed, Pulse
from mindu.console.place import Place
from mindu.console.plots import Fan, fan, marks_of, symbol
from mindu.console.tell import link, told
from mindu.console.words import clock, moment, number, pick, say, term

LISTED = 60  # places, alerts and log lines shown at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one reader looks at the city: language, chosen place, entry asked about."""

    feed: Feed
    pulse: Pulse
    lang: str
    place: str = ""
    why: int | None = None

    @property
    def board(self) -> Board:
        """Return the board that is looked at."""
        return self.feed.board

    def say(self, key: str) -> str:
        """Return a sentence of the page, safe for HTML."""
        return escape(say(key, self.lang))

    def severities(self) -> dict[str, Severity]:
        """Return the gravest open judgement of every place."""
        found: dict[str, Severity] = {}
        for entry in reversed(self.board.alerts(self.pulse.now)):
            assert isinstance(entry.record, Judgement)
            found[entry.about] = entry.record.severity
        return found

    def title(self, about: str) -> str:
        """Return the name of a thing in the reader's language, safe for HTML."""
        place = self.board.places.get(about)
        return escape(place.title(self.lang) if place else about)


def pulse(look: Look) -> str:
    """Say what time it is in the city and how its time passes."""
    now = look.pulse
    speed = f" · {look.say('speed')} ×{now.speed:g}" if now.speed not in {0.0, 1.0} else ""
    ended = f" · {look.say('ended')}" if now.ended else ""
    return (
        f"<time>{moment(now.now, look.feed.zone)}</time> "
        f'<span class="mode">{look.say(now.mode)}{speed}{ended}</span>'
    )


def banner(look: Look) -> str:
    """Say where the brain is blind and which engine has failed."""
    blind = [
        entry
        for entry in look.board.alerts(look.pulse.now)
        if isinstance(entry.record, Judgement) and entry.record.finding == "blind"
    ]
    wrong = pick(look.pulse.trouble, look.lang)
    parts = [f'<p class="bad">{escape(wrong)}</p>'] if wrong else []
    if blind:
        names = list(dict.fromkeys(look.title(entry.about) for entry in blind))
        rest = f" … {len(names)}" if len(names) > 6 else ""
        parts.append(f'<p class="bad">{look.say("blind")} {", ".join(names[:6])}{rest}</p>')
    failed = look.board.failing(look.pulse.now)
    if failed:
        entry = failed[-1]
        parts.append(
            f'<p class="bad">{look.say("failed")} {escape(entry.by)} '
            f"{clock(entry.at, look.feed.zone)} {told(entry, look.lang)} {link(entry.seq)}</p>"
        )
    return "".join(parts)


def situation(look: Look) -> str:
    """Draw the map."""
    places = list(look.board.places.values())
    return atlas(places, look.severities(), lang=look.lang, chosen=look.place)


def places(look: Look) -> str:
    """List the places with their last reading: the map in words."""
    grave = look.severities()
    listed = sorted(look.board.places.values(), key=lambda p: (-grave.get(p.id, 0), p.kind, p.id))
    rows = "".join(_place_row(look, place, grave.get(place.id)) for place in listed[:LISTED])
    rest = len(listed) - LISTED
    more = f"<p>… {rest} {look.say('more')}</p>" if rest > 0 else ""
    head = "".join(f"<th scope='col'>{look.say(k)}</th>" for k in ("places", "value", "age"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def alerts(look: Look) -> str:
    """List what needs attention, the gravest first."""
    held = look.board.alerts(look.pulse.now)
    if not held:
        return f'<p class="calm">{look.say("calm")}</p>'
    rows = []
    for entry in held[:LISTED]:
        record = entry.record
        assert isinstance(record, Judgement)
        rows.append(
            f"<li>{symbol(record.severity, look.lang)}<div>{told(entry, look.lang)}"
            f"<small>{spot(look, entry.about)} · {record.confidence:.0%} · "
            f"{clock(entry.at, look.feed.zone)} · {link(entry.seq, look.say('why'))}</small>"
            "</div></li>"
        )
    rest = len(held) - LISTED
    more = f"<li>… {rest} {look.say('more')}</li>" if rest > 0 else ""
    return f'<ol class="alerts">{"".join(rows)}{more}</ol>'


def level(look: Look) -> str:
    """Draw the chosen place: what was seen, what is expected, and its marks."""
    chosen = look.board.places.get(look.place) or _telling(look)
    if chosen is None:
        return f"<p>{look.say('pick')}</p>"
    channels = [prop for about, prop in look.board.readings if about == chosen.id]
    channels += [prop for about, prop in look.board.forecasts if about == chosen.id]
    props = sorted(set(channels), key=lambda p: ((chosen.id, p) not in look.board.forecasts, p))
    drawn = [draw(look, chosen, prop) for prop in props[:2]] or [f"<p>{look.say('no_data')}</p>"]
    kind = escape(term(chosen.kind, look.lang))
    return f"<h3>{look.title(chosen.id)} <small>{kind}</small></h3>{''.join(drawn)}"


def draw(look: Look, place: Place, prop: str) -> str:
    """Draw one property of one place."""
    entry = look.board.forecasts.get((place.id, prop))
    ahead = entry.record if entry and isinstance(entry.record, Forecast) else None
    seen = list(look.board.readings.get((place.id, prop), ()))[-144:]
    unit = ahead.unit if ahead else ""
    called = term(prop, look.lang)
    title = f"{place.title(look.lang)} {called} {unit}: {say('level', look.lang)}"
    show = Fan(
        title=title,
        unit=unit,
        now=look.pulse.now,
        zone=look.feed.zone,
        seen=seen,
        ahead=ahead,
        made=entry.at if entry else None,
        marks=[(term(name, look.lang), at) for name, at in marks_of(place)]
        if prop in {"level", "depth", "head", "stage"}
        else (),
    )
    last = f"{number(seen[-1][1])} {escape(unit)}" if seen else "–"
    band = f" · {look.say('band')} {link(entry.seq, look.say('why'))}" if entry else ""
    return f"<figure>{fan(show)}<figcaption>{escape(called)}: {last}{band}</figcaption></figure>"


def _place_row(look: Look, place: Place, severity: Severity | None) -> str:
    keys = [key for key in look.board.readings if key[0] == place.id]
    last = look.board.last(*keys[0]) if keys else None
    mark = symbol(severity, look.lang) if severity is not None else ""
    value = f"{escape(term(keys[0][1], look.lang))} {number(last[1])}" if last else "–"
    heard = clock(last[0], look.feed.zone) if last else ""
    name = f"{spot(look, place.id)} {mark}<small>{escape(term(place.kind, look.lang))}</small>"
    return f"<tr><th scope='row'>{name}</th><td>{value}</td><td>{heard}</td></tr>"


def _telling(look: Look) -> Place | None:
    grave = [e.about for e in look.board.alerts(look.pulse.now)]
    known = [about for about, _ in look.board.forecasts]
    ids = [a for a in grave if a in known] or known or [a for a, _ in look.board.readings]
    return next((look.board.places[i] for i in ids if i in look.board.places), None)


def spot(look: Look, about: str) -> str:
    """Return the name of a thing, as a link to its chart if it stands in the city."""
    if about not in look.board.places:
        return escape(about)
    where = escape("/?" + urlencode({"place": about}))
    return f'<a href="{where}" data-place="{escape(about)}">{look.title(about)}</a>'
