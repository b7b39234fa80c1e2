"""The atlas: every place on one map, or on a schematic where nobody said where it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from mindu.base.records import Severity
from mindu.console.place import Place
from mindu.console.plots import shape
from mindu.console.words import say

WIDE, HIGH, EDGE = 900, 520, 28
MOST = 1_000  # places drawn, the gravest first; the list beside the map has the rest
NAMED = 200  # places whose name may find room
LABELS = 26  # names written out at most; all names are in the list and the titles
COLUMN = 18  # places in a row of the schematic

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole map drawn for one language, and where each place lies on it."""

    drawn: str
    spots: Mapping[str, Spot]

    def with_ring(self, chosen: str) -> str:
        """Return the map with a ring around one place."""
        x, y = self.spots.get(chosen, (0.0, 0.0))
        ring = f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="12"/>'
        return f"{self.drawn}{ring if chosen in self.spots else ''}</svg>"


def atlas(
    places: Sequence[Place], severities: Mapping[str, Severity], *, lang: str, tail: str = ""
) -> Sheet:
    """Draw the places as links, lines between them first, the grave ones last and on top."""
    spots = spots_of(places)
    order = sorted(places, key=lambda p: severities.get(p.id, 0))[-MOST:]
    lines = [_line(place, spots) for place in order]
    tail = f"?{tail}" if tail else ""
    marks = [
        _mark(place.id, f"{place.title(lang)} · {place.kind}", spots[place.id],
              severities.get(place.id), tail)
        for place in order
        if place.id in spots
    ]  # fmt: skip
    names = _names(order[::-1], spots, severities, lang)
    return Sheet(
        f'<svg class="atlas" viewBox="0 0 {WIDE} {HIGH}" role="group" '
        f'aria-label="{escape(say("map", lang))}">{"".join(lines)}{"".join(marks)}{names}',
        spots,
    )


def spots_of(places: Sequence[Place]) -> dict[str, Spot]:
    """Return where every place lies on the sheet."""
    told = {p.id: spot for p in places for spot in (p.xy,) if spot is not None}
    if len(told) < 2:
        return _schematic(places)
    xs, ys = [x for x, _ in told.values()], [y for _, y in told.values()]
    wide, high = max(max(xs) - min(xs), 1e-9), max(max(ys) - min(ys), 1e-9)
    scale = min((WIDE - 2 * EDGE) / wide, (HIGH - 2 * EDGE) / high)
    dx, dy = (WIDE - wide * scale) / 2, (HIGH - high * scale) / 2
    west, south = min(xs), min(ys)
    return {
        k: (dx + (x - west) * scale, HIGH - dy - (y - south) * scale) for k, (x, y) in told.items()
    }


def _schematic(places: Sequence[Place]) -> dict[str, Spot]:
    rows: list[list[str]] = []
    for kind in sorted({p.kind for p in places}):
        ids = [p.id for p in places if p.kind == kind]
        rows += [ids[i : i + COLUMN] for i in range(0, len(ids), COLUMN)]
    high = (HIGH - 2 * EDGE) / max(len(rows), 1)
    return {
        name: (EDGE + (WIDE - 2 * EDGE) * (i + 0.5) / len(row), EDGE + high * (r + 0.5))
        for r, row in enumerate(rows)
        for i, name in enumerate(row)
    }


def _line(place: Place, spots: Mapping[str, Spot]) -> str:
    ends = [place.facts.get(name) for name in ("up", "down")]
    a, b = (spots.get(end) if isinstance(end, str) else None for end in ends)
    if a is None or b is None:
        return ""
    return f'<path class="reach" d="M{a[0]:.1f},{a[1]:.1f} L{b[0]:.1f},{b[1]:.1f}"/>'


def _mark(name: str, title: str, spot: Spot, severity: Severity | None, tail: str) -> str:
    x, y = spot
    link = escape(f"/thing/{quote(name, safe='')}{tail}")
    said = escape(title)
    return (
        f'<a href="{link}" data-place="{escape(name)}" aria-label="{said}">'
        f"<title>{said}</title>"
        f'<circle class="touch" cx="{x:.1f}" cy="{y:.1f}" r="11"/>'
        f"{shape(severity, x, y)}</a>"
    )


def _names(
    order: Sequence[Place],
    spots: Mapping[str, Spot],
    severities: Mapping[str, Severity],
    lang: str,
) -> str:
    written: list[Spot] = []
    parts: list[str] = []
    wanted = [p for p in order if p.id in spots]
    wanted.sort(key=lambda p: (-severities.get(p.id, 0), p.title(lang) == p.id, p.id))
    for place in wanted[:NAMED]:
        x, y = spots[place.id]
        free = all(abs(x - a) > 110 or abs(y - b) > 18 for a, b in written)
        if free and len(written) < LABELS:
            written.append((x, y))
            anchor, dx = ("end", -11) if x > WIDE - 130 else ("start", 11)
            parts.append(
                f'<text x="{x + dx:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}" '
                f'aria-hidden="true">{escape(place.title(lang))}</text>'
            )
    return "".join(parts)
