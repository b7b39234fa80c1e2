"""Small towns for the hydraulics tests: written here, a few nodes each, every kind of part."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mindu.engines.hydraulics.port import Array, Forcing, Job, Plan, Policy, Seen

HEAD = """[TITLE]
a town of {units}
[OPTIONS]
FLOW_UNITS {units}
FLOW_ROUTING DYNWAVE
INFILTRATION HORTON
START_DATE 07/27/2023
START_TIME 00:00:00
END_DATE 07/27/2023
END_TIME 06:00:00
REPORT_STEP 00:05:00
WET_STEP 00:05:00
DRY_STEP 01:00:00
ROUTING_STEP 5
VARIABLE_STEP 0.75
THREADS 4
"""

TIDAL = (
    HEAD.format(units="CMS")
    + """[EVAPORATION]
CONSTANT 0
[RAINGAGES]
RG INTENSITY 0:10 1.0 TIMESERIES RAIN
[SUBCATCHMENTS]
S0 RG R0 60 70 800 1 0
S1 RG S0 5 50 100 1 0
SL RG LAKE 30 30 400 1 0
[SUBAREAS]
S0 0.013 0.15 1.5 4 25 OUTLET
S1 0.013 0.15 1.5 4 25 OUTLET
SL 0.013 0.15 1.5 4 25 OUTLET
[INFILTRATION]
S0 60 6 4 7 0
S1 60 6 4 7 0
SL 60 6 4 7 0
[JUNCTIONS]
R0 0.4 3.0 0.8 0 200
R1 0.2 3.0 1.0 0 0
[OUTFALLS]
SEA 0.0 TIMESERIES TIDE NO
TOP 3.0 FREE NO
[STORAGE]
LAKE 1.0 3.0 0.8 FUNCTIONAL 20000 0 0 0 0
[CONDUITS]
C R0 R1 300 0.025 0 0 0
[PUMPS]
P R1 TOP PC OFF 1.2 0.6
[ORIFICES]
G LAKE R0 SIDE 0 0.65 NO 0
S R1 SEA SIDE 0 0.65 YES 0
[XSECTIONS]
C TRAPEZOIDAL 3 8 1 1
G RECT_CLOSED 1.0 1.5 0 0
S RECT_CLOSED 2.0 3.0 0 0
[CURVES]
PC PUMP4 0.2 0
PC 0.5 1.5
PC 5.0 3.0
[CONTROLS]
RULE SHUT
IF NODE LAKE DEPTH > 1.5
THEN ORIFICE G SETTING = 0.2
ELSE ORIFICE G SETTING = 0.6
[TIMESERIES]
{rain}
{tide}
[COORDINATES]
R0 1 2
LAKE 0 2
"""
)

RDII = """[RDII]
R1 UH 20
[HYDROGRAPHS]
UH RG
UH ALL SHORT 0.05 1 2 0 0 0
UH ALL MEDIUM 0.05 3 2 0 0 0
UH ALL LONG 0.1 10 2 0 0 0
"""


def tide(hours: float) -> float:
    """Return the level of the sea, m."""
    return 1.6 + 1.5 * math.cos(2 * math.pi * (hours - 3) / 12.42)


def rain(minute: int) -> float:
    """Return the rain of the ten minutes from this one, mm/h."""
    return 70.0 if 30 <= minute < 90 else 15.0 if 90 <= minute < 180 else 0.0


def rain_lines(name: str = "RAIN ") -> str:
    """Return the rain as series lines, or as lines of a file when it has no name."""
    day = "" if name else "07/27/2023 "
    return "\n".join(f"{name}{day}{m // 60}:{m % 60:02d} {rain(m)}" for m in range(0, 250, 10))


def tide_lines(name: str = "TIDE ") -> str:
    """Return the tide by ten minutes over 36 h, told in elapsed hours or by date."""
    if name:
        return "\n".join(
            f"{name}{m // 60}:{m % 60:02d} {tide(m / 60):.4f}" for m in range(0, 2170, 10)
        )
    return "\n".join(
        f"07/{27 + m // 1440}/2023 {m % 1440 // 60}:{m % 60:02d} {tide(m / 60):.4f}"
        for m in range(0, 2170, 10)
    )


def tidal(folder: Path, *, changes: dict[str, str] | None = None, extra: str = "") -> Path:
    """Write the tidal town, with parts of its text changed."""
    text = TIDAL.replace("{rain}", rain_lines()).replace("{tide}", tide_lines()) + extra
    for old, new in (changes or {}).items():
        assert old in text, f"the town has no {old!r}"
        text = text.replace(old, new)
    path = folder / "town.inp"
    path.write_text(text, encoding="utf-8")
    return path


def filed(folder: Path) -> Path:
    """Write the tidal town with rain and tide in files beside it, and RDII: what fork must mind."""
    (folder / "tide levels.txt").write_text(tide_lines(""), encoding="utf-8")
    rows = [f"STA 2023 7 27 {m // 60} {m % 60} {rain(m) / 6:.4f}" for m in range(0, 250, 10)]
    (folder / "rain.dat").write_text("\n".join(rows) + "\n", encoding="utf-8")
    changes = {
        "TIMESERIES RAIN": 'FILE "rain.dat" STA MM',
        "RG INTENSITY": "RG VOLUME",
        rain_lines(): "",
        tide_lines(): 'TIDE FILE "tide levels.txt"',
    }
    return tidal(folder, changes=changes, extra=RDII)


def american(folder: Path) -> Path:
    """Write a town in feet and gallons, in small letters, with quoted names and elevations."""
    text = """[title]
;; nothing
[options]
flow_units          GPM
flow_routing        DYNWAVE
link_offsets        ELEVATION
start_date          01/02/2020
start_time          12:00
end_date            01/02/2020
end_time            14:30:00
routing_step        0:00:10
[junctions]
"J-1"   100.0   10.0  1.0 0 0   ; the first
J2      98      8
J3      99      8
[outfalls]
out     97      FIXED  98.5  NO
[storage]
pond    99      6     0.5   TABULAR  shape
[conduits]
pipe    j-1     J2    400   0.013  100.0  *   0 0
[weirs]
spill   pond    J2    TRANSVERSE  102.0  3.33  NO 0 0
[outlets]
drain   pond    j-1   99.5  FUNCTIONAL/DEPTH  20  0.5  NO
[pumps]
lift    J2      pond  curve3
away    J3      out   *
[xsections]
pipe    CIRCULAR      2 0 0 0
spill   RECT_OPEN     2 5 0 0
[curves]
shape   STORAGE   0 1000   6 4000
curve3  PUMP3     0 600
curve3            20 450
curve3            40 0
[inflows]
J-1 FLOW "" FLOW 1.0 1.0 300
J3 FLOW "" FLOW 1.0 1.0 50
"""
    path = folder / "american.inp"
    path.write_text(text, encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Leave:
    """Leaves every machine as it is."""

    name: str = "leave"

    def settings(self, seen: Seen) -> Array:
        return np.full(len(seen.setting), np.nan)


@dataclass(frozen=True, slots=True)
class ByLevel:
    """Runs machines by the depth of node 0: a policy with memory in the settings alone."""

    name: str = "by level"

    def settings(self, seen: Seen) -> Array:
        on = seen.depth[0] > 1.0
        return np.where(np.arange(len(seen.setting)) % 2 == 0, float(on), 0.5)


def plan(machines: int, *, tail: Policy | None = None, **fixed: float) -> Plan:
    """Return a plan of one long block: machines by number, e.g. `m0=1.0`, others by the tail."""
    blocks = np.full((1, machines), np.nan)
    for name, value in fixed.items():
        blocks[0, int(name[1:])] = value
    return Plan(name="test", blocks=blocks, block_s=86400.0, tail=tail or Leave())


CALM = Forcing(t0=0.0, step_s=300.0)


def job(of: Plan, *, hours: float = 1.0, forcing: Forcing = CALM) -> Job:
    """Return a future of some hours under a plan."""
    return Job(plan=of, forcing=forcing, horizon_s=hours * 3600.0, report_s=600.0)
