"""Places: where a message happens, from a gazetteer, and addresses cut into their parts."""

from mindu.engines.text.places.gazetteer import Entry, Gazetteer, entries, fuzhou
from mindu.engines.text.places.place import Place

__all__ = ["Entry", "Gazetteer", "Place", "entries", "fuzhou"]
