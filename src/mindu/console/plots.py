"""Pictures drawn by hand in SVG: a fan of levels, a map of places, bars of cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from html import escape

from mindu.base.records import Forecast, Severity
from mindu.base.time import HOUR, MINUTE
from mindu.console.words import SEVERITY, clock, fine, number, pick

WIDE, HIGH = 560, 220  # px of a fan's own frame
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 24
MOST_POINTS = 600  # points a line; more are thinned evenly

Point = tuple[datetime, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """What one fan shows: the past, the future with its interval, and the marks."""

    title: str
    unit: str
    now: datetime
    zone: tzinfo
    seen: Sequence[Point] = ()
    ahead: Forecast | None = None
    made: datetime | None = None
    marks: Sequence[tuple[str, float]] = ()
    other: Sequence[Point] = ()  # a second line: the changed future


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns instants and values into pixels."""

    first: datetime
    last: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        """Return the pixel of an instant."""
        share = (at - self.first) / max(self.last - self.first, MINUTE)
        return LEFT + share * (WIDE - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return the pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return HIGH - BOTTOM - share * (HIGH - TOP - BOTTOM)

    def path(self, points: Sequence[Point]) -> str:
        """Return points as an SVG path."""
        step = max(1, len(points) // MOST_POINTS)
        kept = [*points[:-1:step], points[-1]]
        return "M" + " L".join(f"{self.x(at):.1f},{self.y(v):.1f}" for at, v in kept)


def fan(show: Fan) -> str:
    """Draw what was seen and what is expected, with the interval as a band."""
    ahead = _ahead(show)
    frame = _frame(show, ahead)
    parts = [_grid(frame, show), _marks(frame, show)]
    if ahead:
        upper = [(at, high) for at, _, _, high in ahead]
        lower = [(at, low) for at, low, _, _ in reversed(ahead)]
        parts.append(f'<path class="band" d="{frame.path([*upper, *lower])} Z"/>')
        parts.append(f'<path class="mid" d="{frame.path([(a, m) for a, _, m, _ in ahead])}"/>')
    if show.seen:
        parts.append(f'<path class="seen" d="{frame.path(list(show.seen))}"/>')
    if show.other:
        parts.append(f'<path class="mid" d="{frame.path(list(show.other))}"/>')
    x = frame.x(show.now)
    parts.append(f'<path class="now" d="M{x:.1f},{TOP} V{HIGH - BOTTOM}"/>')
    return (
        f'<svg class="fan" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{escape(show.title)}"><title>{escape(show.title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def bars(rows: Sequence[tuple[str, float, float, str]], *, label: str) -> str:
    """Draw (name, mean, tail, class) as bars with a tick at the tail."""
    most = max((max(mean, tail) for _, mean, tail, _ in rows), default=0.0) or 1.0
    row, name_w, wide = 24, 120, 400
    room = wide - name_w - 70
    parts = []
    for i, (name, mean, tail, kind) in enumerate(rows):
        y, w, t = i * row, max(0.0, mean / most * room), max(0.0, tail / most * room)
        parts.append(
            f'<text x="0" y="{y + 16}" class="name">{escape(name)}</text>'
            f'<rect class="bar {kind}" x="{name_w}" y="{y + 6}" width="{w:.1f}" height="12"/>'
            f'<path class="tailtick" d="M{name_w + t:.1f},{y + 3} v18"/>'
            f'<text x="{name_w + max(w, t) + 6:.1f}" y="{y + 16}">{number(mean)}</text>'
        )
    return (
        f'<svg class="bars" viewBox="0 0 {wide} {max(row, row * len(rows))}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def shape(severity: Severity | None, x: float, y: float, size: float = 7) -> str:
    """Draw a severity as a shape: triangle, diamond, square, circle; a small dot for none."""
    if severity is None:
        return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{size * 0.5:.1f}"/>'
    name = SEVERITY[severity][0]
    s = size
    forms = {
        Severity.RED: f"M{x:.1f},{y - s:.1f} l{s:.1f},{1.8 * s:.1f} h{-2 * s:.1f} Z",
        Severity.ORANGE: f"M{x:.1f},{y - s:.1f} l{s:.1f},{s:.1f} l{-s:.1f},{s:.1f} "
        f"l{-s:.1f},{-s:.1f} Z",
        Severity.YELLOW: f"M{x - s * 0.8:.1f},{y - s * 0.8:.1f} h{1.6 * s:.1f} v{1.6 * s:.1f} "
        f"h{-1.6 * s:.1f} Z",
    }
    if severity in forms:
        return f'<path class="mark {name}" d="{forms[severity]}"/>'
    return f'<circle class="mark {name}" cx="{x:.1f}" cy="{y:.1f}" r="{s * 0.85:.1f}"/>'


def symbol(severity: Severity, lang: str) -> str:
    """Draw a severity beside its word."""
    name, words = SEVERITY[severity]
    return (
        f'<span class="sev {name}"><svg viewBox="0 0 20 20" aria-hidden="true">'
        f"{shape(severity, 10, 10, 8)}</svg>{escape(pick(words, lang))}</span>"
    )


def _ahead(show: Fan) -> list[tuple[datetime, float, float, float]]:
    if show.ahead is None or show.made is None:
        return []
    it = show.ahead
    rows = zip(it.leads, it.low, it.mid, it.high, strict=True)
    return [(show.made + timedelta(minutes=lead), low, mid, high) for lead, low, mid, high in rows]


def _frame(show: Fan, ahead: list[tuple[datetime, float, float, float]]) -> Frame:
    both = [*show.seen, *show.other]
    instants = [at for at, _ in both] + [row[0] for row in ahead] + [show.now]
    values = [v for _, v in both] + [v for row in ahead for v in row[1:]]
    low, high = min(values, default=0.0), max(values, default=1.0)
    near = [v for _, v in show.marks if low - (high - low) - 1 <= v <= high + (high - low) + 1]
    low, high = min([low, *near]), max([high, *near])
    margin = max(0.05, (high - low) * 0.08)
    first, last = min(instants), max(*instants, show.now + HOUR)
    return Frame(first, last, low - margin, high + margin)


def _grid(frame: Frame, show: Fan) -> str:
    parts = []
    step = (frame.high - frame.low) / 4
    for i in range(5):
        value = frame.low + (frame.high - frame.low) * i / 4
        y = frame.y(value)
        parts.append(
            f'<path class="grid" d="M{LEFT},{y:.1f} H{WIDE - RIGHT}"/>'
            f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{fine(value, step)}</text>"
        )
    for i in range(6):
        at = frame.first + (frame.last - frame.first) * i / 5
        anchor = "start" if i == 0 else "end" if i == 5 else "middle"
        parts.append(
            f'<text class="tick" x="{frame.x(at):.1f}" y="{HIGH - 6}" text-anchor="{anchor}">'
            f"{clock(at, show.zone)}</text>"
        )
    return "".join(parts)


def _marks(frame: Frame, show: Fan) -> str:
    parts = []
    for name, value in show.marks:
        if frame.low <= value <= frame.high:
            y = frame.y(value)
            parts.append(
                f'<path class="limit" d="M{LEFT},{y:.1f} H{WIDE - RIGHT}"/>'
                f'<text class="limit" x="{LEFT + 4}" y="{y - 4:.1f}">'
                f"{escape(name)} {number(value)} {escape(show.unit)}</text>"
            )
    return "".join(parts)
