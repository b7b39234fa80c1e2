"""Every number of this app that law or learning may change: unit, date, source and range."""

from mindu.city import Param

SINCE = "2026-11-25"
OURS = "assumed by the authors; set it from the owner's operating rules"

SURE = Param(
    "water.sure",
    unit="1",
    in_force={SINCE: 0.5},
    within=(0.3, 0.9),
    reference=f"chance from which a mark counts as about to be passed; {OURS}",
)
STEP = Param(
    "water.ponding_step",
    unit="m",
    in_force={"2020-05-22": 0.05},
    within=(0.03, 0.1),
    reference="Fuzhou's published playbook: blue at 5 cm on the street, one level per 5 cm more",
)
SPREAD = Param(
    "water.trend_spread",
    unit="m",
    in_force={SINCE: 0.2},
    within=(0.02, 0.6),
    reference=f"sd of a level an hour ahead by trend alone; {OURS}",
)
DRY = Param(
    "water.dry_hours",
    unit="h",
    in_force={SINCE: 6.0},
    within=(1.0, 48.0),
    reference=f"without rain for so long the weather counts as dry; {OURS}",
)
WARNED = Param(
    "water.warned_rate",
    unit="mm/h",
    in_force={SINCE: 8.0},
    within=(2.0, 40.0),
    reference=f"expected mean of the next 3 h from which storage is emptied ahead; {OURS}",
)
RUNOFF = Param(
    "water.runoff_share",
    unit="1",
    in_force={SINCE: 0.6},
    within=(0.3, 0.95),
    reference="share of rain that reaches the lake; towns 0.5 to 0.8, assumed by the authors",
)
SIGMA = Param(
    "water.level_noise",
    unit="m",
    in_force={SINCE: 0.03},
    within=(0.005, 0.1),
    reference="sd of a level gauge with short waves; assumed by the authors",
)
STUCK = Param(
    "water.stuck_minutes",
    unit="min",
    in_force={SINCE: 90.0},
    within=(30.0, 720.0),
    reference=f"a gauge that shows one number for so long, while others move, is stuck; {OURS}",
)
LEAP = Param(
    "water.leap_rate",
    unit="m/h",
    in_force={SINCE: 12.0},
    within=(3.0, 60.0),
    reference=f"no inner river rises or falls faster; {OURS}",
)
STARTS = Param(
    "water.pump_starts",
    unit="1/h",
    in_force={SINCE: 4.0},
    within=(2.0, 15.0),
    reference=f"starts an hour above which a large pump wears out early; {OURS}",
)
ROUGHNESS = Param(
    "water.roughness",
    unit="1",
    in_force={SINCE: 1.0},
    within=(0.6, 1.7),
    reference="Manning's n of all conduits, over the model file's; re-estimated from past storms",
)
IMPERVIOUS = Param(
    "water.imperviousness",
    unit="1",
    in_force={SINCE: 1.0},
    within=(0.6, 1.5),
    reference="share of sealed land, over the model file's; re-estimated from past storms",
)
LEAKAGE = Param(
    "water.leakage",
    unit="m3/s",
    in_force={SINCE: 0.0},
    within=(0.0, 20.0),
    reference="flow seeping into the whole network; re-estimated from past storms",
)
PARAMS = (
    SURE, STEP, SPREAD, DRY, WARNED, RUNOFF, SIGMA, STUCK, LEAP, STARTS, ROUGHNESS, IMPERVIOUS,
    LEAKAGE,
)  # fmt: skip
