"""What the engine is asked: the coming hour, plans for the machines, what storms have taught."""

from mindu.apps.water.ahead.hour import look
from mindu.apps.water.ahead.recalibrate import recalibrate
from mindu.apps.water.ahead.weigh import decide
from mindu.city import HOUR, MINUTE, Projection, Words

AHEAD = Projection(
    name="ahead",
    engine="network",
    project=look,
    every=5 * MINUTE,
    horizon=HOUR,
    title=Words("The coming hour", "一小时推演"),
)
WEIGH = Projection(
    name="weigh",
    engine="network",
    project=decide,
    every=15 * MINUTE,
    horizon=6 * HOUR,
    title=Words("Plans weighed", "方案权衡"),
)
SCHOOL = Projection(
    name="school",
    engine="network",
    project=recalibrate,
    every=HOUR,
    horizon=HOUR,
    title=Words("Learned from storms", "降雨后率定"),
)
