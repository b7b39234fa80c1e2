"""Tagger: an address cut into province, town, road, number by a chain that learned."""

import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from mindu.engines.text.places.signs import signs

MAGIC = b"mindu address 1\n"
PASSES = 90  # of L-BFGS; beyond it the held-out figures no longer rise
SPARSE, SMOOTH = 0.05, 0.05  # L1 and L2 weights of the learner
FEWEST = 20  # addresses


class TaggerError(ValueError):
    """The file is no address model, or was changed or cut since it was written."""


class Part(msgspec.Struct, frozen=True):
    """One part of an address: which, its text, and its characters from `start` to before `end`."""

    tag: str
    text: str
    start: int
    end: int


class Tagger:
    """A trained conditional random field (Lafferty et al. 2001; CRFsuite)."""

    def __init__(self, stored: bytes) -> None:
        import pycrfsuite  # noqa: PLC0415 - only who reads addresses loads it

        self._stored = stored  # the library reads the bytes in place
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(stored)

    def tags(self, pieces: Sequence[str]) -> list[str]:
        """Return the tag (B-road, I-road …) of every piece; beyond 400 pieces they are outside."""
        found: list[str] = self._tagger.tag(signs(pieces)) if pieces else []
        return found + ["O"] * (len(pieces) - len(found))

    def parse(self, pieces: Sequence[str]) -> tuple[Part, ...]:
        """Return the parts of one address."""
        return tuple(parts(pieces, self.tags(pieces)))


def parts(pieces: Sequence[str], tags: Sequence[str]) -> Iterator[Part]:
    """Yield the parts that tags of the kind B-, I- (or E-, S-, M-) mark."""
    start, name, text, at = 0, "", "", 0
    for piece, tag in zip(pieces, tags, strict=True):
        mark, _, kind = tag.partition("-")
        goes_on = mark in "IEM" and kind == name and name
        if not goes_on:
            if name:
                yield Part(name, text, start, at)
            start, name, text = at, kind, ""
        text += piece
        at += len(piece)
    if name:
        yield Part(name, text, start, at)


def fit_tagger(examples: Sequence[tuple[Sequence[str], Sequence[str]]]) -> bytes:
    """Return a model (bytes of `load_tagger`) of (pieces, tags); about 1 CPU-minute for 9,000."""
    import pycrfsuite  # noqa: PLC0415

    kept = [(pieces, tags) for pieces, tags in examples if pieces and len(pieces) == len(tags)]
    if len(kept) < FEWEST:
        raise ValueError(f"an address model needs {FEWEST} tagged addresses; found {len(kept)}")
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({
        "c1": SPARSE, "c2": SMOOTH, "max_iterations": PASSES, "feature.possible_transitions": True,
    })  # fmt: skip
    for pieces, tags in kept:
        told = signs(pieces)
        trainer.append(told, list(tags[: len(told)]))
    # The learner writes files and nothing else.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


def save_tagger(stored: bytes) -> bytes:
    """Return the model with a line of kind and its SHA-256."""
    return MAGIC + sha256(stored).digest() + stored


def load_tagger(saved: bytes) -> Tagger:
    """Return the tagger that `save_tagger` wrote; raise TaggerError for anything else."""
    if not saved.startswith(MAGIC):
        raise TaggerError(
            "this is no address model; make one with `mindu hotline train FILE --out MODEL`"
        )
    digest, stored = saved[len(MAGIC) : len(MAGIC) + 32], saved[len(MAGIC) + 32 :]
    if sha256(stored).digest() != digest:
        raise TaggerError(
            "the address model is cut or was changed; copy it again or train it again"
        )
    return Tagger(stored)


def entity_f1(
    right: Sequence[Sequence[Part]], said: Sequence[Sequence[Part]]
) -> tuple[float, float, float]:
    """Return precision, recall and F1 of whole parts: same tag, same first and last character."""
    pairs = list(zip(right, said, strict=True))
    hits = sum(len(set(one) & set(other)) for one, other in pairs)
    told, there = sum(len(set(o)) for _, o in pairs), sum(len(set(r)) for r, _ in pairs)
    precision, recall = hits / max(1, told), hits / max(1, there)
    return precision, recall, 2 * hits / max(1, told + there)
