"""Inner-river dispatch 城区水系科学调度: see the water, look ahead, set gates and pumps, learn."""

from mindu.apps.water import twin, world
from mindu.apps.water.ahead.projections import AHEAD, SCHOOL, WEIGH
from mindu.apps.water.kinds import KINDS
from mindu.apps.water.loops.dispatch import DISPATCH
from mindu.apps.water.loops.drawdown import DRAWDOWN
from mindu.apps.water.loops.flood import FLOOD, LAKES
from mindu.apps.water.loops.flush import FLUSH
from mindu.apps.water.loops.gauges import GAUGES, LAKE_GAUGES
from mindu.apps.water.loops.works import GATES, PUMPS
from mindu.apps.water.params import PARAMS
from mindu.city import App

APP = App(
    name="water",
    entities=KINDS,
    loops=(FLOOD, LAKES, DISPATCH, DRAWDOWN, FLUSH, GAUGES, LAKE_GAUGES, PUMPS, GATES),
    params=PARAMS,
    projections=(AHEAD, WEIGH, SCHOOL),
    world=world.Town,
    things=world.things,
    engines=twin.engines,
)
