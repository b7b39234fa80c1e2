"""Every number of this app that law or learning may change: unit, date, source and range."""

from mindu.city import Param

SINCE = "2026-11-25"
OURS = "assumed by the authors; set it from the owner's operating rules"
LEARNED = "learned from forecasts that came due, first assumed by the authors"


def number(
    name: str,
    value: float,
    unit: str,
    within: tuple[float, float],
    reference: str,
    *,
    since: str = SINCE,
) -> Param:
    """Return a number that is in force from a day on."""
    return Param(name, unit=unit, in_force={since: value}, within=within, reference=reference)


SURE = number(
    "water.sure",
    0.5,
    "1",
    (0.3, 0.9),
    f"chance from which a mark counts as about to be passed; {OURS}",
)
STEP = number(
    "water.ponding_step",
    0.05,
    "m",
    (0.03, 0.1),
    "Fuzhou's published playbook: blue at 5 cm on the street, one level per 5 cm more",
    since="2020-05-22",
)
SPREAD = number(
    "water.trend_spread",
    0.2,
    "m",
    (0.02, 0.6),
    f"sd of a level an hour ahead by trend alone; {OURS}",
)
DRY = number(
    "water.dry_hours",
    6.0,
    "h",
    (1.0, 48.0),
    f"without rain for so long the weather counts as dry; {OURS}",
)
WARNED = number(
    "water.warned_rate",
    8.0,
    "mm/h",
    (2.0, 40.0),
    f"expected mean of the next 3 h from which storage is emptied ahead; {OURS}",
)
RUNOFF = number(
    "water.runoff_share",
    0.6,
    "1",
    (0.3, 0.95),
    "share of rain that reaches the lake; towns 0.5 to 0.8, assumed by the authors",
)
SIGMA = number(
    "water.level_noise",
    0.03,
    "m",
    (0.005, 0.1),
    "sd of a level gauge with short waves; assumed by the authors",
)
STUCK = number(
    "water.stuck_minutes",
    90.0,
    "min",
    (30.0, 720.0),
    f"a gauge that shows one number for so long, while others move, is stuck; {OURS}",
)
LEAP = number(
    "water.leap_rate", 12.0, "m/h", (3.0, 60.0), f"no inner river rises or falls faster; {OURS}"
)
STARTS = number(
    "water.pump_starts",
    4.0,
    "1/h",
    (2.0, 15.0),
    f"starts an hour above which a large pump wears out early; {OURS}",
)
ROUGHNESS = number(
    "water.roughness",
    1.0,
    "1",
    (0.6, 1.7),
    "Manning's n of all conduits, over the model file's; re-estimated from past storms",
)
IMPERVIOUS = number(
    "water.imperviousness",
    1.0,
    "1",
    (0.6, 1.5),
    "share of sealed land, over the model file's; re-estimated from past storms",
)
LEAKAGE = number(
    "water.leakage",
    0.0,
    "m3/s",
    (0.0, 20.0),
    "flow seeping into the whole network; re-estimated from past storms",
)
FADES = number(
    "water.miss_fades",
    90.0,
    "min",
    (10.0, 600.0),
    f"what a gauge shows above the twin fades by e within so long; {LEARNED}",
)
SOON = number(
    "water.error_soon", 0.01, "m", (0.002, 0.5), f"sd of a level foretold for now; {LEARNED}"
)
HOUR_OFF = number(
    "water.error_hour",
    0.06,
    "m",
    (0.005, 2.0),
    f"sd of a level foretold for an hour ahead; {LEARNED}",
)
BELOW = number(
    "water.interval_below",
    1.645,
    "1",
    (0.5, 8.0),
    f"sd by which a 90 % interval reaches below its middle, 1.645 if normal; {LEARNED}",
)
ABOVE = number(
    "water.interval_above",
    1.645,
    "1",
    (0.5, 8.0),
    f"sd by which a 90 % interval reaches above its middle, 1.645 if normal; {LEARNED}",
)
PARAMS = (
    SURE, STEP, SPREAD, DRY, WARNED, RUNOFF, SIGMA, STUCK, LEAP, STARTS, ROUGHNESS, IMPERVIOUS,
    LEAKAGE, FADES, SOON, HOUR_OFF, BELOW, ABOVE,
)  # fmt: skip
