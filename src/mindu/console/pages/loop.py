"""The stops of the loop: situation, alerts, look-ahead, approvals, replay, data, learning."""

from collections.abc import Callable, Mapping, Sequence

from mindu.base.records import Words
from mindu.console.answers import alerts, deeds, learning, lessons, listed, manifest, why
from mindu.console.ask import Ask, missing
from mindu.console.contract.ahead import Futures, Job
from mindu.console.feed import Ahead, maps_of
from mindu.console.kept.care import VERBS
from mindu.console.look import Look
from mindu.console.maps.datum import DATUMS
from mindu.console.pages import draw
from mindu.console.pages.listing import listing
from mindu.console.pages.page import Page

SHORT = 8  # alerts beside the map
BESIDE = 60  # things listed under the map
DRAWN = 6  # channels drawn of a look ahead


def situation(look: Look, ask: Ask) -> Page:
    """Show the city at a glance: the map, what holds, what waits, and one place drawn."""
    chosen = ask.text("thing") or _telling(look)
    heard = listed.channels_of(look).get(chosen, ())
    channels = sorted(heard, key=lambda prop: (chosen, prop) not in look.board.forecasts)
    rows = listed.rows(look, Ask({"limit": str(BESIDE)}))
    held = alerts.alerts(look, Ask({"limit": str(SHORT)}))
    waiting = deeds.approvals(look, Ask({"state": "waiting", "limit": "3"}))
    blind = [e.about for e in look.board.alerts(look.pulse.now)
             if getattr(e.record, "finding", "") == "blind"]  # fmt: skip
    return Page(
        name="situation",
        template="situation.html",
        title="nav_situation",
        shows={
            "alerts": held,
            "waiting_items": waiting.items,
            "waiting_total": waiting.waiting,
            "chosen": chosen,
            "props": channels[:2],
            "drawn": [draw.channel(look, chosen, prop) for prop in channels[:2]],
            "map": draw.city(look, chosen),
            "rows": rows,
            "listing": listing(look, ask, rows.items),
            "blind": list(dict.fromkeys(blind)),
            "failed": look.board.failing(look.pulse.now)[-1:],
            "cards": learning.scores(look).apps,
        },
    )


def alarm(look: Look, ask: Ask) -> Page:
    """Show the alerts asked for; filters stand in the address."""
    found = alerts.alerts(look, ask)
    held = look.board.alerts(look.pulse.now)
    loops = sorted({entry.by for entry in held})
    owners = {(c.owned.to or c.owned.by) for e in held
              if (c := look.board.care(e, look.pulse.now)).owned}  # fmt: skip
    return Page(
        name="alerts",
        template="alerts.html",
        title="nav_alerts",
        shows={
            "found": found,
            "loops": loops,
            "owners": sorted(owners),
            "severities": (4, 3, 2, 1),
            "states": alerts.STATES,
            "sorts": alerts.SORTS,
            "verbs": tuple(VERBS),
        },
    )


def approvals(look: Look, ask: Ask) -> Page:
    """Show what waits for a yes, what was decided, and what can be taken back."""
    state = ask.one_of("state", deeds.STATES, "waiting")
    query = dict(ask.query) | {"state": state}
    return Page(
        name="approvals",
        template="approvals.html",
        title="nav_approvals",
        shows={"found": deeds.approvals(look, Ask(query)), "states": deeds.STATES, "state": state},
    )


def ahead(look: Look, ask: Ask) -> Page:
    """Show the looks ahead, the form that starts one, and both futures of the one chosen."""
    who, name = look.feed.ahead, ask.text("job")
    jobs = who.jobs() if who else []
    chosen = next((job for job in jobs if job.id == name), None)
    if name and chosen is None:
        raise missing(
            Words("look ahead", "推演"), Words("It may have been let go.", "可能已清除。")
        )
    futures, second = _futures(who, jobs, chosen, ask.text("beside"))
    settable = look.feed.city.settable
    machines = [p for p in look.board.places.values() if settable in p.facts]
    return Page(
        name="look-ahead",
        template="ahead.html",
        title="nav_look-ahead",
        shows={
            "possible": who is not None,
            "jobs": jobs,
            "chosen": chosen,
            "futures": futures,
            "second": second,
            "levers": look.feed.city.levers,
            "lever_names": {one.name: look.pick(one.title) for one in look.feed.city.levers},
            "machines": sorted(machines, key=lambda p: (p.kind, p.title(look.lang))),
            "drawn": draw.both(look, futures.tracks, DRAWN) if futures else [],
            "params": [p for own in look.feed.city.apps for p in own.app.params],
            "answers": ("logged", "yes", "nobody"),
        },
    )


def _futures(
    who: Ahead | None, jobs: Sequence[Job], chosen: Job | None, beside: str
) -> tuple[Futures | None, Job | None]:
    """Return both futures of a look ahead; or its changed one beside that of a second look."""
    futures = who.futures(chosen.id) if who and chosen else None
    second = next((job for job in jobs if job.id == beside and job is not chosen), None)
    other = who.futures(second.id) if who and futures and second else None
    if futures is None or other is None:
        return futures, None
    return draw.beside(futures, other), second


def replay(look: Look, _ask: Ask) -> Page:
    """Show where one may go back to, and the cursor that goes there."""
    return Page(name="replay", template="replay.html", title="nav_replay",
                shows={"moments": lessons.moments(look)})  # fmt: skip


def data(look: Look, ask: Ask) -> Page:
    """Show everything that stands in the city, by kind, and the tail of the log."""
    rows, who = listed.rows(look, ask), look.feed.maps
    return Page(
        name="data",
        template="data.html",
        title="nav_data",
        shows={
            "rows": rows,
            "listing": listing(look, ask, rows.items),
            "kinds": list(manifest.kinds(look)),
            "apps": manifest.manifest(look).apps,
            "log": why.nodes(look, Ask({"limit": "30"})),
            "board": look.board,
            "base_maps": maps_of(look.feed),
            "brought": {one.file: one for one in who.brought()} if who else {},
            "bringing": who is not None and not look.past,
            "datums": tuple(DATUMS),
        },
    )


def learned(look: Look, _ask: Ask) -> Page:
    """Show the score cards, the lessons, and the apps by tiers."""
    return Page(
        name="learning",
        template="learning.html",
        title="nav_learning",
        shows={
            "scores": learning.scores(look),
            "lessons": lessons.lessons(look),
            "matrix": lessons.apps(look),
        },
    )


def _telling(look: Look) -> str:
    """Return the thing that tells most now: grave and foretold, else foretold, else heard."""
    board = look.board
    grave = [entry.about for entry in board.alerts(look.pulse.now)]
    known = {about: None for about, _ in board.forecasts if about in board.places}
    heard = (about for about, _ in board.readings if about in board.places)
    return next((a for a in grave if a in known), "") or next(iter(known), "") or next(heard, "")


STOPS: Mapping[str, Callable[[Look, Ask], Page]] = {
    "situation": situation,
    "alerts": alarm,
    "look-ahead": ahead,
    "approvals": approvals,
    "replay": replay,
    "data": data,
    "learning": learned,
}
