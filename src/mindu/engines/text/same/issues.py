"""Issues: the messages of some months, sorted into what is one and the same matter."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from scipy.sparse import csr_matrix

from mindu.engines.text.same.features import SEEN, Rarity, told, vector
from mindu.engines.text.same.linkage import Edge, average_link
from mindu.engines.text.same.sense import LEAST, learn_sense
from mindu.engines.text.words import words

CUT = 0.085  # mean likeness within an issue of free letters
NOTES_CUT = 0.3  # the same for short notes of one mould, as operators take them down
NOTE = 80  # characters: where half of the messages are shorter, they are notes
FAINT = 0.02  # likeness below which two messages count as unlike
BATCH = 256
USUAL = 0.03  # mean likeness of any two messages of a whole city
ELSEWHERE = 0.1  # factor for two messages that both name places, and none in common
MOST = 30_000  # messages that are clustered at once: some minutes; beyond it take a shorter window


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A message to compare: cleaned and masked."""

    name: str
    title: str = ""
    body: str = ""
    places: tuple[str, ...] = ()  # names of places, where a gazetteer knew them


def issues(notes: Sequence[Note], *, cut: float = CUT) -> list[int]:
    """Return each message's issue: the place of the issue's first message.

    Likeness is the fused cosine of words and letters of title and body times the root of the
    agreement in sense; issues grow by average linkage, so that neither one shared place nor a chain
    of half-alike messages makes them one. It suggests: persons confirm.
    """
    if len(notes) > MOST:
        raise ValueError(f"{len(notes)} messages are too many at once; give at most {MOST}")
    if len(notes) < 2:
        return list(range(len(notes)))
    return average_link(len(notes), _alike(notes), cut=cut)


def cut_for(notes: Sequence[Note]) -> float:
    """Return the likeness that fits how long messages are here."""
    lengths = sorted(len(note.title) + len(note.body) for note in notes)
    return NOTES_CUT if lengths and lengths[len(lengths) // 2] < NOTE else CUT


def _alike(notes: Sequence[Note]) -> Iterator[Edge]:
    cut = [(words(note.title), words(note.body)) for note in notes]
    families = [told(n.title, n.body, *w) for n, w in zip(notes, cut, strict=True)]
    rarity = Rarity(seen=SEEN)
    for family in families:
        rarity.learn(family)
    vectors = [vector(family, rarity) for family in families]
    ends = np.cumsum([0, *(len(one.at) for one in vectors)])
    at = np.concatenate([one.at for one in vectors])
    used, column = np.unique(at, return_inverse=True)
    much = np.concatenate([one.much for one in vectors])
    table = csr_matrix((much, column, ends), shape=(len(notes), max(1, len(used))))
    sense = learn_sense(cut)
    senses = np.stack([sense.of(*one) for one in cut])
    turned = table.T.tocsr()
    narrow = _narrow(table)
    for start in range(0, len(notes), BATCH):
        near = (table[start : start + BATCH] @ turned).tocoo()
        row, col, alike = near.row + start, near.col, near.data
        alike = (alike - 2 * narrow) / (1 - narrow)
        keep = (alike >= FAINT) & (row < col)
        row, col, alike = row[keep], col[keep], alike[keep]
        about = np.einsum("ij,ij->i", senses[row], senses[col])
        alike = alike * np.sqrt(np.clip(about, LEAST, 1.0))
        strong = alike >= FAINT
        for one, other, likeness in zip(
            row[strong].tolist(), col[strong].tolist(), alike[strong].tolist(), strict=True
        ):
            yield one, other, likeness * _where(notes[one].places, notes[other].places)


def _narrow(table: csr_matrix) -> float:
    """Return how much more alike any two messages are than in a whole city.

    A small or one-sided lot shares its phrases, and what all share likens nothing.
    """
    whole = np.asarray(table.sum(axis=0)).ravel()
    count = table.shape[0]
    mean = float(whole @ whole - table.multiply(table).sum()) / (count * (count - 1))
    return float(min(0.4, max(0.0, mean - USUAL)))


def _where(one: Sequence[str], other: Sequence[str]) -> float:
    return ELSEWHERE if one and other and not set(one) & set(other) else 1.0
