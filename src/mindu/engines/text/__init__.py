"""Text: what citizens write is cleaned, masked, understood, placed, compared and answered.

The whole of it for one message::

    reader = Reader(load(model_bytes), fuzhou())  # on the first day: Reader(seeded(made=...), ...)
    told = reader.understand("五四路井盖坏了,我姓王,电话138…", title="井盖破损")
    told.text          # cleaned and masked: the only form to store, search or learn from
    told.suggestions   # at most three: topic, probability, the words that decided
    told.auto          # True: certified to be forwarded alone (never for an emergency)
    shipped().find(told.suggestions[0].topic)  # our code of a label, three levels
    told.nature, told.urgency, told.emergency, told.places, told.thing, told.feeling

Nothing here knows the city, reads a clock, throws a die or opens a file: values in, values out.
"""

from mindu.engines.text.axes import Emergency, Feeling, Held
from mindu.engines.text.clean import Clean, clean
from mindu.engines.text.mask import Masked, mask
from mindu.engines.text.places import Gazetteer, Place, fuzhou
from mindu.engines.text.topics import (
    Card,
    Codes,
    Guess,
    ModelError,
    TopicModel,
    load,
    save,
    seeded,
    shipped,
    train,
)
from mindu.engines.text.understand import Reader, Understanding
from mindu.engines.text.words import words

__all__ = [
    "Card",
    "Clean",
    "Codes",
    "Emergency",
    "Feeling",
    "Gazetteer",
    "Guess",
    "Held",
    "Masked",
    "ModelError",
    "Place",
    "Reader",
    "TopicModel",
    "Understanding",
    "clean",
    "fuzhou",
    "load",
    "mask",
    "save",
    "seeded",
    "shipped",
    "train",
    "words",
]
