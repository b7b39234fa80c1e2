"""Drawings: a line over time, bars by a word, points on a map, as SVG that needs no script."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDE, HIGH, LEFT, BELOW, TOP = 640, 240, 56, 28, 10
BAR, GAP, NAME = 22, 6, 180
SIGNS = 14  # of a name beside a bar


class Line(NamedTuple):
    """What a chart shows: values over a number or an instant (epoch ms)."""

    points: Sequence[tuple[float, float]]
    first: str  # words under the left end
    last: str
    title: str


class Bars(NamedTuple):
    """What a chart shows: one value a word."""

    values: Sequence[tuple[str, float]]
    title: str


class Spot(NamedTuple):
    """One point of a map."""

    lon: float
    lat: float
    title: str


def line(told: Line) -> str:
    """Return a line."""
    xs, ys = [x for x, _ in told.points], [y for _, y in told.points]
    if not xs:
        return ""
    low, high = min(ys), max(ys)
    span_x, span_y = (max(xs) - min(xs)) or 1.0, (high - low) or 1.0

    def at(x: float, y: float) -> str:
        across = LEFT + (x - min(xs)) / span_x * (WIDE - LEFT - 8)
        return f"{across:.1f},{HIGH - BELOW - (y - low) / span_y * (HIGH - BELOW - TOP):.1f}"

    path = " ".join(at(x, y) for x, y in told.points)
    base = HIGH - BELOW
    return (
        f'<svg class="fan" {_said(WIDE, HIGH, told.title)}>'
        f'<path class="grid" d="M{LEFT} {TOP}V{base}H{WIDE - 8}" fill="none"/>'
        f'<polyline class="seen" points="{path}"/>'
        f'<text x="{LEFT - 6}" y="{TOP + 8}" text-anchor="end">{_short(high)}</text>'
        f'<text x="{LEFT - 6}" y="{base}" text-anchor="end">{_short(low)}</text>'
        f'<text x="{LEFT}" y="{HIGH - 8}">{escape(told.first)}</text>'
        f'<text x="{WIDE - 8}" y="{HIGH - 8}" text-anchor="end">{escape(told.last)}</text></svg>'
    )


def bars(told: Bars) -> str:
    """Return bars, one under the other."""
    if not told.values:
        return ""
    most = max(abs(value) for _, value in told.values) or 1.0
    high = len(told.values) * (BAR + GAP) + GAP
    parts = []
    for i, (name, value) in enumerate(told.values):
        y, width = GAP + i * (BAR + GAP), abs(value) / most * (WIDE - NAME - 80)
        short = name if len(name) <= SIGNS else f"{name[: SIGNS - 1]}…"
        parts.append(
            f'<text class="name" x="{NAME - 8}" y="{y + 16}" text-anchor="end">{escape(short)}'
            f'</text><rect class="bar" x="{NAME}" y="{y}" width="{width:.1f}" height="{BAR}"/>'
            f'<text x="{NAME + width + 6:.1f}" y="{y + 16}">{_short(value)}</text>'
        )
    return f'<svg class="bars" {_said(WIDE, high, told.title)}>{"".join(parts)}</svg>'


def spots(told: Sequence[Spot], title: str) -> str:
    """Return points where they lie, north up, without a base map."""
    if not told:
        return ""
    west, east = min(s.lon for s in told), max(s.lon for s in told)
    south, north = min(s.lat for s in told), max(s.lat for s in told)
    wide, high = max(east - west, 1e-4), max(north - south, 1e-4)
    scale = min((WIDE - 40) / wide, 380 / high)
    dots = "".join(
        f'<circle class="dot" cx="{20 + (s.lon - west) * scale:.1f}" '
        f'cy="{20 + (north - s.lat) * scale:.1f}" r="4"><title>{escape(s.title)}</title></circle>'
        for s in told
    )
    said = _said(round(wide * scale + 40), round(high * scale + 40), title)
    return f'<svg class="atlas spots" {said}>{dots}</svg>'


def _said(wide: int, high: int, title: str) -> str:
    return f'viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(title)}"'


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
