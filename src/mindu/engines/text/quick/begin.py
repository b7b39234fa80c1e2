"""Kernels are put in place: from then on messages take the quick way, until they are taken away."""

import numpy as np

from mindu.engines.text.quick.letters import counted
from mindu.engines.text.quick.pairs import Pairs
from mindu.engines.text.quick.sift import sift
from mindu.engines.text.same import Rarity, Stock, features, stock, told, vector
from mindu.engines.text.topics import terms

_WORDS, _TITLE, _BODY = ["路灯", "不亮"], "路灯不亮", "五四路的路灯不亮"


def put() -> None:
    """Let messages take the quick way."""
    terms.QUICK.held = Pairs
    features.QUICK.held = counted
    stock.QUICK.held = sift


def away() -> None:
    """Let messages take the ordinary way again."""
    for slot in (terms, features, stock):
        slot.QUICK.held = None


def warm() -> None:
    """Run every kernel once, as a message does: it is compiled, or loaded, by that."""
    put()
    try:
        terms.Terms(_WORDS, ["路", "路灯"], np.ones(4, np.float32)).count(_WORDS)
        seen = vector(told(_TITLE, _BODY, _WORDS, _WORDS), Rarity())
        held = Stock()
        held.add(seen)
        held.settle()
        held.find(seen)
    finally:
        away()
