"""What is counted of the cases so that loops may judge it: calls by road and by concern, depth."""

from collections.abc import Iterable
from datetime import timedelta

from mindu.apps.hotline.storm.grammar import FLOOD
from mindu.apps.hotline.storm.hear import WORTH
from mindu.apps.hotline.things import Concern, Road
from mindu.data.twin import Entity
from mindu.edge.counter.pulse import Beat

HALF, QUARTER = timedelta(minutes=30), timedelta(minutes=15)  # how deep it is ages sooner


def beats(stood: Iterable[Entity]) -> list[Beat]:
    """Return the beats of whatever stands in the city for the hotline."""
    found = []
    for thing in stood:
        if isinstance(thing, Concern):
            beat = Beat(about=thing.id, prop="calls", topic=thing.topic, area=thing.area)
            found.append(beat)
        elif isinstance(thing, Road):
            place = thing.name_zh
            found += [
                Beat(about=thing.id, prop="calls", span=HALF, topic=FLOOD, place=place),
                Beat(about=thing.id, prop="said", span=QUARTER, topic=FLOOD, place=place,
                     fact="depth", worth=WORTH),
            ]  # fmt: skip
    return found
