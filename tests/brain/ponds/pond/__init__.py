"""Pond: two ponds kept below their brims and breathing, with every verb of the kernel used once."""

from mindu.city import App
from ponds.pond.advice import LOW_LOOP
from ponds.pond.breath import BREATH_LOOP
from ponds.pond.brim import BRIM
from ponds.pond.outlook import OUTLOOK, Line
from ponds.pond.things import BREATH, MARGIN, Pond, things
from ponds.pond.world import Ponds

__all__ = ["APP"]

APP = App(
    name="pond",
    entities=(Pond,),
    params=(MARGIN, BREATH),
    loops=(BRIM, BREATH_LOOP, LOW_LOOP),
    projections=(OUTLOOK,),
    world=Ponds,
    things=things,
    engines=lambda: {"line": Line()},
)
