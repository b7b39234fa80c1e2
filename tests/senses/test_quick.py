"""What kernels say is what the ordinary way says, bit for bit, whatever comes in."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mindu.base import kernels
from mindu.data.senses import frame as frames
from mindu.data.senses import sift
from mindu.data.senses.account import Account
from mindu.data.senses.beside.words import Words
from mindu.data.senses.intake import Intake, settled
from mindu.data.senses.journal import Journal
from mindu.data.senses.now import Now
from mindu.data.senses.quick.begin import away, put, warm
from mindu.data.senses.quick.beside import begin
from mindu.data.senses.quick.order import order as quick_order
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import by_keys
from mindu.edge.mqtt.wire import PUBLISH, packet
from mindu.edge.parcel import Allowed, Bundle, Parcel, bundled, delivered
from mindu.perceive.declare import Device, Form, Model, Prop, Stage
from mindu.perceive.said import Said
from mindu.perceive.wire.burst import cut, read
from mindu.perceive.wire.quick.bodies import read as bodies_read
from mindu.perceive.wire.quick.packets import Packets

T0 = 1_780_272_000_000  # epoch ms
KINDS = (
    Model(name="gauge", props=(
        Prop(name="level", unit="m", low=-2, high=10, rate=6, jump=1, still=3600, silence=1800,
             decimals=2, datum="yellow-sea-1985"),
        Prop(name="battery", unit="V", low=3),
    )),
    Model(name="free", props=(Prop(name="level"), Prop(name="a property of more than 32 letters"),
                              Prop(name="said", form=Form.WORDS))),
)  # fmt: skip
DEVICES = [
    Device(id="g0", kind="gauge", stage=Stage.ACTIVE),
    Device(id="g1", kind="gauge"),
    Device(id="lifted", kind="gauge", zero=1.5, stage=Stage.ACTIVE),
    Device(id="gone", kind="gauge", stage=Stage.RETIRED),
    Device(id="a device with a name of more than 32 letters", kind="free", stage=Stage.ACTIVE),
    Device(id="闽江", kind="free", stage=Stage.ACTIVE),
    Device(id="g", kind="free"),
]
NAMES = st.sampled_from([*(it.id for it in DEVICES), "nobody", "", "g\\", 'g"', "g\u0000", "g0 "])
LONG = "a property of more than 32 letters"
PROPS = st.sampled_from(["level", "battery", LONG, "said", "none", ""])
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([0, 3, -0.0, 3.07, 3.08, 5.5, 11, 1e5, 1e300, -5e-324, 2**53 + 1, 10**25]),
    st.sampled_from([None, True, False, "3", [], 0.1234567890123456789, 12345678901234567890]),
    st.floats(allow_nan=False, allow_infinity=False),
)
TIMES = st.one_of(
    st.integers(-3, 3).map(lambda n: T0 + n * 1000),
    st.sampled_from([T0 + 59_000, T0 + 61_000, T0 - 500 * 86_400_000, T0 + 7_200_000, 0, -1]),
    st.sampled_from([None, T0 + 0.5, "2026-06-01T00:00:00Z", "soon", 10**17, 2**70, True]),
)
SEQS = st.sampled_from([0, 1, 2, 3, 5, 64, 70, 200, -1, 2**53, 1.0, None, "1"])
ROW = st.fixed_dictionaries(
    {"device": NAMES, "prop": PROPS, "value": VALUES},
    optional={"at": TIMES, "seq": SEQS, "unit": st.sampled_from(["", "m", "cm", "K"]),
              "datum": st.just("yellow-sea-1985"), "quality": st.just(128), "more": st.just(1)},
)  # fmt: skip
PLAIN = st.fixed_dictionaries({
    "device": st.sampled_from(["g0", "g1", "lifted", "gone", "g", "nobody"]),
    "prop": st.sampled_from(["level", "battery"]),
    "value": st.sampled_from([3, 3.5, 3.07, 3.0, 11.5, -9, 1e2]),
    "at": st.integers(-5, 5).map(lambda n: T0 + n * 1000),
    "seq": st.integers(0, 90),
})  # fmt: skip
GAPS = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n\t", " :\r ")])


def spaced(told: bytes, gaps: tuple[str, str]) -> bytes:
    """Put blanks between what is told."""
    return told.replace(b',"', gaps[0].encode() + b'"').replace(b'":', b'"' + gaps[1].encode())


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    kind = draw(st.sampled_from(["plain", "plain", "plain", "odd", "cut", "other"]))
    if kind == "other":
        return draw(st.sampled_from([b"", b"[]", b"{}", b"[[", b"null", b"[{}]", b" [ ] ", b"\xff",
                                     b'{"device":["g0"],"prop":"level","value":[1]}',
                                     b'{"device":"g0","device":"g1","prop":"level","value":1}',
                                     b'{"device":"g0","values":{"level":1,"battery":2}}',
                                     b'{"device":"g0","prop":"level","value":01}',
                                     b'{"device":"g0","prop":"level","value":-}',
                                     b'{"device":"g0","prop":"level","value":1e999}',
                                     b'{"device":"g0","prop":"level","value":-0}',
                                     b'{"device":"g0","prop":"level","value":1.}',
                                     b'[{"device":"g0","prop":"level","value":1},]']))  # fmt: skip
    rows = draw(st.lists(PLAIN if kind == "plain" else ROW, min_size=1, max_size=5))
    told = msgspec.json.encode(rows if len(rows) > 1 or draw(st.booleans()) else rows[0])
    told = spaced(told, draw(GAPS)) if kind != "plain" else told
    if kind == "cut":
        place = draw(st.integers(0, len(told) - 1))
        told = told[:place] + draw(st.sampled_from([b"", b'"', b"}", b"\\", b" ", b"9", b"\x01"]))
    return told


GROUP = st.tuples(
    st.lists(st.tuples(bodies(), st.sampled_from(["a", "b"])), min_size=1, max_size=5),
    st.sampled_from([0, 1, 5_000, 3_600_000, -3_600_000]),
)


class Side:
    """An intake that notes what became of everything."""

    def __init__(self, journal: Journal) -> None:
        self.registry, self.now, self.account = Registry(), Now(), Account()
        for kind in KINDS:
            self.registry.declare(kind)
        self.registry.enrol(DEVICES)
        self.intake = Intake(journal, self.registry, self.now, self.account, Words())
        self.clock = T0

    def allowed(self, source: str) -> Allowed:
        return None if source == "a" else lambda device: device != 0

    def offers(self, parcels: list[Parcel]) -> list[Bundle]:
        return [it for it in bundled(parcels) if isinstance(it, Bundle)]

    def take(self, told: list[tuple[bytes, str]], later: int) -> list[Any]:
        self.clock += later
        allowed = {source: self.allowed(source) for source in "ab"}
        parcels = [
            Parcel(source, allowed[source], None, "", body, 1, lambda _: None)
            for body, source in told
        ]
        bundles = self.offers(parcels)
        offers = [it.offer for it in bundles]
        found = self.intake.sift(offers, self.clock)
        self.intake.apply(found.frame, 0)
        outcomes = settled(offers, found)
        receipts = [
            (parcels.index(parcel), one.receipt, one.codes.tolist())
            for bundle, outcome in zip(bundles, outcomes, strict=True)
            for parcel, one in delivered(bundle, outcome)
        ]
        state = (self.now.columns.dump(), self.account.dump(), self.registry.dump().devices)
        return [frames.encode(found.frame), receipts, msgspec.msgpack.encode(state)]


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    held = Journal(tmp_path_factory.mktemp("journal"))
    warm()
    yield held
    held.close()


def both(do: Callable[[], Any]) -> tuple[Any, Any]:
    """Do the same the ordinary way, then the quick way."""
    ordinary = do()
    put()
    try:
        return ordinary, do()
    finally:
        away()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(GROUP, min_size=1, max_size=5))
def test_kernels_make_of_any_bodies_what_the_ordinary_way_makes_of_them(
    journal: Journal, groups: list[tuple[list[tuple[bytes, str]], int]]
) -> None:
    def run() -> list[Any]:
        side = Side(journal)
        return [side.take(*group) for group in groups]

    before = kernels.forms()
    ordinary, quick = both(run)
    assert quick == ordinary
    assert kernels.forms() == before, "a form of columns came that warming up had not met"


TOPICS = st.sampled_from([
    b"city/g0/level", b"g0/level", b"level", b"/level", b"//", b"g0/", b"g0/readings", b"readings",
    b"x/g0/values", "闽江/level".encode(), b"\xff/level", b"v1.1/Datastreams(1)/Observations",
    b"v1.1/level", b"g0/receipts", b"g0/receipt", b"g0/a\\b", b'g"0/level', b"",
])  # fmt: skip
PAYLOADS = st.sampled_from([
    b"7", b"-7.25", b"1e5", b"01", b"", b"null", b"true", b" 7", b"7 ", b'{"value":1.5}',
    b'{"value":2,"at":1780272000000,"seq":1}', b'{ "seq" : 3 }', b"{}", b"[1]", b'{"value":1},{}',
    b'{"value":1,"device":"g1"}', b'{"value":1,"x":"', b'"}', b'{"values":{"level":1}}',
    b'{"value":3,"unit":"cm"}', b'{"value":null}', b'{"value":1e999}', b'{"value":1.5} ',
    b'{"value":0.12345678901234567890123}', b'{"at":"2026-06-01T00:00:00Z","value":1}', b"\xff",
])  # fmt: skip


def columns(told: Said) -> list[Any]:
    seq = None if told.seq is None else told.seq.tolist()
    names = list(told.device), list(told.prop)
    return [*names, told.at.tolist(), told.value.tobytes(), seq, told.unit, told.lost,
            list(told.wrongs)]  # fmt: skip


@example([([(b"city/g0/level", b"7"), (b"", b"")], 4, b"", 0)])
@example([([(b"", b"")] * 50, 4, b"\x00", 0)])
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.lists(st.tuples(TOPICS, PAYLOADS), max_size=6), st.sampled_from([4, 5]),
                       st.binary(max_size=4), st.integers(0, 3)), min_size=1, max_size=4),
)  # fmt: skip
def test_kernels_cut_and_read_bursts_of_mqtt_as_the_ordinary_way_does(
    journal: Journal, told: list[tuple[list[tuple[bytes, bytes]], int, bytes, int]]
) -> None:
    assert journal is not None, "kernels are warm"
    sent = []
    for messages, version, more, short in told:
        data = b"".join(
            packet(PUBLISH, len(topic).to_bytes(2) + topic + number.to_bytes(2)
                   + bytes(version == 5) + payload, 2)
            for number, (topic, payload) in enumerate(messages, 1)
        ) + more  # fmt: skip
        sent.append((data[: len(data) - short], version))

    def run() -> list[Any]:
        bursts = [burst for it in sent if (burst := cut(*it)).size]
        parts = [(it.data, it.size, it.acknowledged, it.plain, it.told()) for it in bursts]
        return [parts, [columns(it) for it in read(bursts)] if bursts else []]

    before = kernels.forms()
    ordinary, quick = both(run)
    assert quick == ordinary
    assert kernels.forms() == before


def test_what_devices_send_is_read_by_kernels() -> None:
    row = {"device": "g0", "prop": "level", "at": T0, "value": -3.25, "seq": 7}
    one, two = msgspec.json.encode(row), msgspec.json.encode([row, {**row, "value": 2**60}])
    found = bodies_read([one, spaced(two, (" ,\n", ":\t"))])
    assert found is not None
    assert found[0].value.tolist() == [-3.25, -3.25, 2.0**60]
    assert found[1] == [1, 3]
    burst = Packets().cut(packet(PUBLISH, b'\x00\x08g0/level\x00\x01{"value":1.5}', 2), 4)
    read_ = Packets().read([burst, burst])
    assert read_ is not None
    assert (list(read_.device), list(read_.prop)) == (["g0", "g0"], ["level", "level"])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2**31), st.integers(-(2**40), 2**60)), max_size=120),
    st.sampled_from([1, 100]),
)
def test_kernels_put_rows_in_the_same_order(told: list[tuple[int, int]], times: int) -> None:
    series = np.array([s % 7 if times > 1 else s for s, _ in told] * times, np.int64)
    at = np.array([t % 1000 if times > 1 else t for _, t in told] * times, np.int64)
    assert quick_order(series, at).tolist() == by_keys(series, at).tolist()


def test_a_node_begins_the_quick_way_beside_what_it_does() -> None:
    troubles: list[str] = []
    thread = begin(troubles.append, 0)
    assert thread is not None, "numba is among what `make test` installs"
    try:
        thread.join()
        assert not troubles
        assert sift.QUICK.held is not None
    finally:
        away()


def test_words_go_the_ordinary_way_beside_the_kernels(journal: Journal) -> None:
    lock = Model(name="lock", props=(Prop(name="state", form=Form.WORDS), Prop(name="level")))
    first = b'{"device":"l","prop":"state","value":"open","at":%d}'
    body = b"[%s,%s]" % (first, first.replace(b'"open"', b"2").replace(b"state", b"level"))

    def run() -> list[Any]:
        side = Side(journal)
        side.registry.declare(lock)
        side.registry.enrol([Device(id="l", kind="lock", stage=Stage.ACTIVE)])
        told = [(body % (T0 + i, T0 + i), "a") for i in range(3)]
        return side.take(told, 1000)

    ordinary, quick = both(run)
    assert ordinary == quick
    assert sum(receipt.stored for _, receipt, _ in ordinary[1]) == 6
