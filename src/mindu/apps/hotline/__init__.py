"""12345 hotline 政务服务便民热线: heard once, sent right, on time, learned from."""

from mindu.apps.hotline.loops.burst import BURST
from mindu.apps.hotline.loops.flooded import FLOODED_ROADS
from mindu.apps.hotline.loops.lasting import ENDLESS
from mindu.apps.hotline.loops.passable import PASSABLE
from mindu.apps.hotline.loops.surge import SURGE
from mindu.apps.hotline.loops.swell import SWELL
from mindu.apps.hotline.matter import FIRM, MATTER
from mindu.apps.hotline.things import PARAMS, Concern, Line, Road, Trend, things
from mindu.apps.hotline.world import Streets
from mindu.city import App

__all__ = ["APP"]

APP = App(
    name="hotline",
    entities=(Road, Concern, Trend, Line),
    params=PARAMS,
    loops=(FLOODED_ROADS, PASSABLE, BURST, SURGE, SWELL, ENDLESS),
    cases=(MATTER, FIRM),
    world=Streets,
    things=things,
)
