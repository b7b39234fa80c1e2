"""The pages of one thing and of one entry's story."""

from markupsafe import Markup

from mindu.console.answers import things, why
from mindu.console.answers.manifest import kinds
from mindu.console.contract.learning import WhyOut
from mindu.console.look import Look
from mindu.console.pages import draw
from mindu.console.pages.page import Page
from mindu.console.words import shown, term

DRAWN = 6  # channels drawn of one thing


def thing(look: Look, about: str) -> Page:
    """Show one thing whole.

    Raises:
        Bad: nothing of that name stands in the city.
    """
    found = things.thing(look, about)
    props = [channel.prop for channel in found.channels][:DRAWN]
    return Page(
        name="thing",
        template="thing.html",
        title=look.title(about),
        shows={
            "found": found,
            "drawn": [(p, draw.channel(look, about, p)) for p in props],
            "units": _units(look, found.row.kind),
        },
    )


def _units(look: Look, kind: str) -> dict[str, str]:
    """Return in which unit each number of a kind is declared."""
    return {p.name: shown(p.unit) for k in kinds(look) if k.name == kind for p in k.props}


def story(look: Look, seq: int) -> Page:
    """Show why: the chain behind an entry, and what followed.

    Raises:
        Bad: there is no such entry at this moment.
    """
    found = why.why(look, seq)
    return Page(
        name="why",
        template="why.html",
        title=f"#{seq}",
        shows={"found": found, "drawn": _evidence(look, found)},
    )


def _evidence(look: Look, found: WhyOut) -> list[tuple[str, Markup]]:
    told: list[tuple[str, Markup]] = []
    for one in found.evidence:
        title = f"{look.title(one.about)} {term(one.prop, look.lang)} {one.unit}"
        points = list(one.points) or [(at, mean) for at, _, mean, _ in one.buckets]
        if points:
            told.append((title, draw.evidence(look, title, points, one.unit)))
    return told
