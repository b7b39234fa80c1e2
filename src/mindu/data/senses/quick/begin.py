"""Kernels are put in place: from then on readings take the quick way, until they are taken away."""

import numpy as np

from mindu.data.arrays import Ints, Truths
from mindu.data.senses import account, directory, intake, sift, tail
from mindu.data.senses.account import Account
from mindu.data.senses.beside.words import Words
from mindu.data.senses.now import Now
from mindu.data.senses.quick.counted import count, tally
from mindu.data.senses.quick.find import Lookup
from mindu.data.senses.quick.order import SMALL, order
from mindu.data.senses.quick.sifted import sift as sifted
from mindu.data.senses.registry import Registry
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.wire import burst, sheaf
from mindu.perceive.wire.quick.bodies import LONG, read
from mindu.perceive.wire.quick.packets import Packets

_BODY = b'{"device":"a","prop":"b","value":1.5,"at":%d,"seq":%d}'


def put() -> None:
    """Let readings take the quick way."""
    sheaf.QUICK.held = read
    burst.QUICK.held = Packets()
    directory.QUICK.held = Lookup
    tail.QUICK.held = order
    sift.QUICK.held = sifted
    intake.QUICK.held = count
    account.QUICK.held = tally


def away() -> None:
    """Let readings take the ordinary way again."""
    for slot in (sheaf, burst, directory, tail, sift, intake, account):
        slot.QUICK.held = None


def warm() -> None:
    """Run every kernel once on what every group looks like: it is compiled, or loaded, by that."""
    put()
    try:
        registry, heard, counts = Registry(), Now(), Account()
        registry.declare(Model(name="k", props=(Prop(name="b", low=0, high=9),)))
        registry.enrol([Device(id="a", kind="k", stage=Stage.ACTIVE)])
        heard.reach(1)
        for turn, more in enumerate((b"", b" " * LONG)):
            rows = [_BODY % (at + turn, at + turn) for at in (20, 10, 30)]
            _take(registry, heard, counts, [b"[%s]" % b",".join(rows[:2]), rows[2] + more])
        _publish()
    finally:
        away()


def _take(registry: Registry, heard: Now, counts: Account, bodies: list[bytes]) -> None:
    """Take bodies in as an intake does, but write nothing."""
    found = read(bodies)
    assert found is not None
    nowhere = sift.Before(_nowhere, _nowhere, Words())
    frame = sift.sift([sift.Offer("a", found[0])], registry, heard, nowhere, 40, 40).frame
    told = count(frame, registry, heard)
    assert told is not None
    counts.book("a", len(frame), *told, None)
    many = np.arange(2 * SMALL)[::-1].copy()
    tail.order(many, many)
    tail.order(many[:SMALL], many[:SMALL])


def _publish() -> None:
    """Cut and read bursts of MQTT, a short and a long one."""
    for many in (1, LONG):
        told = burst.cut(b"\x32\x08\x00\x03a/b\x00\x011" * many, 4)
        assert burst.read([told, told])[0].value[-1] == 1.0


def _nowhere(_: Ints, at: Ints) -> Truths:
    return np.zeros(len(at), bool)
