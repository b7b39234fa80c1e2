"""Same: what was said twice is told once, and what only looks the same is kept apart.

`issues` sorts some months at once (by night); `Stream` joins each message as it comes; `Stock`
searches a million closed and open cases for the one that a message repeats. Give cleaned and masked
text. All of it suggests: an officer confirms, and a split undoes.
"""

from mindu.engines.text.same.features import Rarity, Vector, told, vector
from mindu.engines.text.same.issues import Note, cut_for, issues
from mindu.engines.text.same.linkage import average_link
from mindu.engines.text.same.stock import Alike, Stock
from mindu.engines.text.same.stream import Joined, Stream

__all__ = [
    "Alike",
    "Joined",
    "Note",
    "Rarity",
    "Stock",
    "Stream",
    "Vector",
    "average_link",
    "cut_for",
    "issues",
    "told",
    "vector",
]
