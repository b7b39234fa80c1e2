"""Read what governs a whole file: units, times, how offsets are meant."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mindu.engines.hydraulics.reading.fields import InpError
from mindu.engines.hydraulics.reading.sections import Line, Sections

FOOT = 0.3048
ACRE = 4046.8564224
HECTARE = 10000.0
FLOWS = {
    "CFS": 0.028316846592, "GPM": 6.30901964e-5, "MGD": 0.0438126364,
    "CMS": 1.0, "LPS": 1e-3, "MLD": 1.0 / 86.4,
}  # fmt: skip
US = frozenset({"CFS", "GPM", "MGD"})
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FIRST_DAY = "01/01/2004"  # SWMM's own, where the file gives none


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The part of [OPTIONS] that we need, in SI."""

    units: str
    length: float  # m per unit of length
    flow: float  # m3/s per unit of flow
    land: float  # m2 per unit of land
    start: float  # epoch s
    hours: float
    elevation: bool  # offsets are elevations
    given: dict[str, Line]

    def seconds(self, name: str, default: float) -> float:
        """Return an option that is a time step, s."""
        line = self.given.get(name)
        return default if line is None else seconds(line, 1)


def seconds(line: Line, k: int) -> float:
    """Read H:MM:SS, H:MM or a plain number (of hours with colons, of seconds without)."""
    text = line.word(k, "a time")
    try:
        parts = [float(p) for p in text.split(":")]
    except ValueError:
        raise line.wrong(
            f"{text!r} is no time; write H:MM:SS", f"{text!r} 不是时间，应写 H:MM:SS"
        ) from None
    if len(parts) > 3 or min(parts) < 0 or max(parts) > 1e9:
        raise line.wrong(f"{text!r} is no time; write H:MM:SS", f"{text!r} 不是时间，应写 H:MM:SS")
    scale = (1.0,) if len(parts) == 1 else (3600.0, 60.0, 1.0)
    return sum(p * s for p, s in zip(parts, scale, strict=False))


def clock(line: Line, k: int) -> float:
    """Read a time of day in s; a plain number is hours."""
    text = line.word(k, "a time")
    value = seconds(line, k)
    return value if ":" in text else value * 3600.0


def day(line: Line, k: int) -> datetime:
    """Read a date, month/day/year or MON-day-year."""
    text = line.word(k, "a date")
    parts = text.replace("-", "/").upper().split("/")
    try:
        month, date, year = parts
        name = month[:3]
        return datetime(
            int(year),
            MONTHS.index(name) + 1 if name in MONTHS else int(month),
            int(date),
            tzinfo=UTC,
        )
    except ValueError:
        raise line.wrong(
            f"{text!r} is no date; write month/day/year", f"{text!r} 不是日期，应写 月/日/年"
        ) from None


def _moment(given: dict[str, Line], end: str, fallback: datetime) -> datetime:
    date, time = given.get(f"{end}_DATE"), given.get(f"{end}_TIME")
    return (day(date, 1) if date else fallback) + timedelta(seconds=clock(time, 1) if time else 0.0)


def read_options(file: Sections) -> Options:
    """Read [OPTIONS]; SWMM's own defaults where it is silent."""
    given = {line.words[0].upper(): line for line in file.of("OPTION")}
    units = (
        given["FLOW_UNITS"].word(1, "the unit of flow").upper() if "FLOW_UNITS" in given else "CFS"
    )
    if units not in FLOWS:
        raise given["FLOW_UNITS"].wrong(
            f"flow units {units!r} are unknown; write one of {', '.join(FLOWS)}",
            f"流量单位 {units!r} 不存在，应为 {'、'.join(FLOWS)} 之一",
        )
    first = day(Line(("START_DATE", FIRST_DAY), 0, "OPTION"), 1)
    start = _moment(given, "START", first)
    if "END_DATE" not in given and "END_TIME" not in given:
        raise InpError(
            "[OPTIONS] gives no END_DATE and END_TIME: say when the run ends",
            "[OPTIONS] 未写 END_DATE 与 END_TIME，请写明何时结束",
        )
    end = _moment(given, "END", start.replace(hour=0, minute=0, second=0))
    if end <= start:
        raise given.get("END_DATE", given.get("END_TIME", given.get("START_DATE"))).wrong(  # type: ignore[union-attr]
            f"the run ends ({end:%Y-%m-%d %H:%M}) before it starts ({start:%Y-%m-%d %H:%M})",
            f"结束时间（{end:%Y-%m-%d %H:%M}）早于开始时间（{start:%Y-%m-%d %H:%M}）",
        )
    offsets = given.get("LINK_OFFSETS")
    us = units in US
    return Options(
        units=units,
        length=FOOT if us else 1.0,
        flow=FLOWS[units],
        land=ACRE if us else HECTARE,
        start=start.timestamp(),
        hours=(end - start).total_seconds() / 3600.0,
        elevation=offsets is not None and offsets.word(1, "offsets").upper().startswith("ELEV"),
        given=given,
    )
