"""Stored: a model as bytes that can be checked, and can never run anything when read."""

import zlib
from hashlib import sha256

import msgspec
import numpy as np

from mindu.engines.text.topics.model import Blend, Card, TopicModel
from mindu.engines.text.topics.panel import Panel
from mindu.engines.text.topics.terms import Floats, Terms
from mindu.engines.text.topics.trust import Trust

MAGIC = b"mindu topics 1\n"
LARGEST = 1 << 30  # bytes unpacked; beyond it a file is a bomb, not a model


class ModelError(ValueError):
    """The file is no model, or was changed or cut since it was written."""


class _Stored(msgspec.Struct, frozen=True):
    card: Card
    words: list[str]
    pairs: list[str]
    rarity: bytes
    weights: bytes
    base: list[float]
    mix: list[list[float]]
    mix_base: list[float]
    trust: list[float] = []  # none in a model of before
    trust_base: float = 0.0
    panel: Panel = Panel()


def save(model: TopicModel) -> bytes:
    """Return the model as a line of kind, its SHA-256 and packed MessagePack; weights float16."""
    terms = model.terms
    stored = _Stored(
        card=model.card,
        words=list(terms.words),
        pairs=list(terms.pairs),
        rarity=terms.rarity.astype("<f4").tobytes(),
        weights=model.weights.astype("<f2").tobytes(),
        base=model.base.tolist(),
        mix=model.blend.mix.tolist(),
        mix_base=model.blend.base.tolist(),
        trust=[] if model.trust is None else model.trust.weights.tolist(),
        trust_base=0.0 if model.trust is None else model.trust.base,
        panel=model.panel,
    )
    packed = zlib.compress(msgspec.msgpack.encode(stored), 6)
    return MAGIC + sha256(packed).digest() + packed


def load(stored: bytes) -> TopicModel:
    """Return the model that `save` wrote.

    Raises ModelError when the bytes are no model, cut, changed or too large: intake goes on and
    persons classify by hand.
    """
    if not stored.startswith(MAGIC):
        raise ModelError(
            "this is no topic model; make one with `mindu hotline train FILE --out MODEL`"
        )
    digest, packed = stored[len(MAGIC) : len(MAGIC) + 32], stored[len(MAGIC) + 32 :]
    if sha256(packed).digest() != digest:
        raise ModelError("the topic model is cut or was changed; copy it again or train it again")
    try:
        return _built(msgspec.msgpack.decode(_unpacked(packed), type=_Stored))
    except (msgspec.MsgspecError, zlib.error, ValueError, AssertionError) as wrong:
        raise ModelError(
            f"the topic model does not fit together ({wrong}); train it again"
        ) from wrong


def _unpacked(packed: bytes) -> bytes:
    unpack = zlib.decompressobj()
    opened = unpack.decompress(packed, LARGEST)
    if unpack.unconsumed_tail or not unpack.eof:
        raise ValueError("it is larger than any model")
    return opened


def _built(stored: _Stored) -> TopicModel:
    rarity = np.frombuffer(stored.rarity, "<f4")
    terms = Terms(stored.words, stored.pairs, rarity)
    members = len(stored.base)
    weights: Floats = np.frombuffer(stored.weights, "<f2").astype(np.float32)
    return TopicModel(
        stored.card,
        terms,
        weights.reshape(len(terms), members),
        np.asarray(stored.base, np.float32),
        Blend(
            np.asarray(stored.mix, np.float32),
            np.asarray(stored.mix_base, np.float32),
            stored.panel,
        ),
        _trust(stored),
    )


def _trust(stored: _Stored) -> Trust | None:
    if not stored.trust:
        return None
    topics = len(stored.mix_base)
    more = topics + 2 if stored.panel.bags else 0
    count = 3 + 2 * stored.panel.seats + more + 2 * topics
    if len(stored.trust) != count:
        raise ValueError(f"trust has {len(stored.trust)} weights, not {count}")
    return Trust(np.asarray(stored.trust, np.float32), stored.trust_base)
