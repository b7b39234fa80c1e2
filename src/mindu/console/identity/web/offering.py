"""Offering: one person lets another act for them, in matters that there are, until a day."""

import contextlib
from datetime import UTC, datetime, timedelta

from starlette.responses import Response

from mindu.base.records import Words
from mindu.brain.casework.calendar import CITY
from mindu.console.identity.delegated import NotSo, Wish
from mindu.console.identity.web import entering
from mindu.console.identity.web.own import page_of
from mindu.console.identity.web.site import Visit

NOBODY = Words("There is no person of that account.", "没有这个个人账号。")


def offer(visit: Visit) -> Response:
    """Offer somebody to act for me."""
    if visit.session is None:
        return entering.show(visit)
    delegate = visit.house.citizens.named(visit.one("delegate"))
    if delegate is None:
        return page_of(visit, NOBODY, 422)
    try:
        wish = Wish(
            relation=visit.one("relation"), may=tuple(visit.sent.get("may", [])),
            matters=_matters(visit), until=_until(visit),
        )  # fmt: skip
        visit.house.delegations.offer(visit.session, delegate, wish, visit.house.now())
    except NotSo as no:
        return page_of(visit, no.says, 422)
    return visit.to("/")


def _matters(visit: Visit) -> tuple[str, ...]:
    """Return the matters that were chosen; one that nobody knows would let nothing be done."""
    told, known = " ".join(visit.sent.get("matters", [])).split(), visit.house.matters
    if strange := [one for one in told if known and one not in known]:
        raise NotSo(f"there is no matter {strange[0]!r} here: choose among those that are shown",
                    f"没有事项“{strange[0]}”:请在所列事项中选择")  # fmt: skip
    return tuple(told)


def _until(visit: Visit) -> datetime:
    """Return the last second of the day that was told, in the city; long gone where it is none."""
    with contextlib.suppress(ValueError):
        day = datetime.strptime(visit.one("until"), "%Y-%m-%d").replace(tzinfo=CITY)
        return day + timedelta(days=1, seconds=-1)
    return datetime.min.replace(tzinfo=UTC)
