"""What the wiring declares of a city to its face: apps with their manifests, levers, maps."""

from collections.abc import Sequence

from mindu.base.records import Words
from mindu.brain.app import App
from mindu.brain.manifest import beside
from mindu.console.declared import City, Declared, Lever, Map

# What the pretend city lets a look ahead change, as its world names it; more than these bounds
# would be no weather of this coast.
LEVERS = (
    Lever(
        name="rain",
        title=Words("Rain, times", "雨量倍数"),
        unit="×",
        low=0.0,
        high=5.0,
        neutral=1.0,
        step=0.1,
    ),
    Lever(
        name="tide_m",
        title=Words("Tide, higher by", "潮位抬高"),
        unit="m",
        low=-1.5,
        high=1.5,
        neutral=0.0,
        step=0.1,
    ),
)


def declared(apps: Sequence[App], maps: Sequence[Map] = ()) -> City:
    """Return the city as its apps declare it, on these maps."""
    told = [Declared(app=app, said=beside(app.entities[0].__module__)) for app in apps]
    return City(apps=told, levers=LEVERS, maps=maps)
