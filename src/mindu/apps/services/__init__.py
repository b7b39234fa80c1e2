"""One-stop services 一网好办: items, packages, applications, materials, licences and ratings."""

from mindu.apps.services.behind import BEHIND
from mindu.apps.services.kind import KIND
from mindu.apps.services.things import LATE, Department, things
from mindu.apps.services.world import Offices
from mindu.city import App

__all__ = ["APP"]

APP = App(
    name="services",
    entities=(Department,),
    params=(LATE,),
    loops=(BEHIND,),
    world=Offices,
    things=things,
    cases=(KIND,),
)
