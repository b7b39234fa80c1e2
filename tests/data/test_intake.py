"""The intake: what is said is stored or refused with a reason, and the sum is right."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest
from gauges import KINDS, START, Told, Watched, level, placed
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.base.records import Event, Segment
from mindu.base.time import HOUR, MINUTE
from mindu.data.block import Block
from mindu.data.intake import draw
from mindu.data.log import Log
from mindu.data.series import Series
from mindu.data.twin import Twins
from mindu.perceive.quality import Quality
from mindu.perceive.source import Happening, Reading, Readings

NOW = START + HOUR


class City:
    """A log, its twins and its series, fed by what the test says."""

    def __init__(self, kind: str = "Gauge", names: tuple[str, ...] = ("a", "b", "c")) -> None:
        self.log, self.twins, self.series = Log.open(":memory:"), Twins(KINDS), Series()
        placed(self.twins, self.log, names, kind)
        self.placed = len(self.log)

    def hear(self, *said: Reading | Happening | Readings, now: datetime = NOW) -> list[Block]:
        blocks = []
        for entry, block in draw([Told(said)], self.log, self.twins, now, self.series):
            self.twins.fold(entry, block)
            self.series.fold(entry, block)
            if block is not None:
                blocks.append(block)
        return blocks

    def account(self) -> tuple[int, Counter[str]]:
        """Return (stored, refused by reason) as the log alone tells it."""
        stored, refused = 0, Counter[str]()
        for entry in self.log.since(self.placed):
            if isinstance(entry.record, Segment):
                stored += entry.record.count
                refused.update(entry.record.refused)
            elif isinstance(entry.record, Event) and entry.record.name != "source_failed":
                stored += 1
        return stored, refused


reading = st.builds(
    Reading,
    at=st.integers(-30, 63).map(lambda m: START + m * MINUTE),
    about=st.sampled_from(["a", "b", "nobody"]),
    prop=st.sampled_from(["level", "rain", "colour"]),
    value=st.floats(),
    unit=st.sampled_from(["", "m", "mm/h"]),
)
happening = st.builds(
    Happening,
    at=st.integers(-30, 63).map(lambda m: START + m * MINUTE),
    about=st.sampled_from(["a", "nobody"]),
    event=st.just(Event("opened")),
)


@given(st.lists(st.lists(reading | happening, max_size=25), max_size=4))
@settings(max_examples=80, deadline=None)
def test_received_is_stored_plus_refused(said: list[list[Reading | Happening]]) -> None:
    city = City()
    for turn in said:
        city.hear(*turn)
    stored, refused = city.account()
    assert stored + refused.total() == sum(map(len, said))
    held = [row for e in city.log if (block := city.log.block(e.seq)) for row in block.rows()]
    assert len({row[:3] for row in held}) == len(held), "a reading stands twice"
    assert all(np.isfinite(row[3]) and row[0] <= NOW.timestamp() for row in held)
    city.log.verify()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (level("a", float("nan")), "not a number"),
        (level("a", float("inf")), "not a number"),
        (level("a", None), "not a number"),  # type: ignore[arg-type]
        (level("a", "high"), "not a number"),  # type: ignore[arg-type]
        (level("a", 1.0, minutes=62), "from the future"),
        (level("nobody", 1.0), "no such thing"),
        (Reading(at=START, about="a", prop="colour", value=1.0), "no such property"),
        (Reading(at=START, about="a", prop="state", value=1.0), "no such property"),
        (level("a", 1.0, unit="ft"), "another unit"),
        (
            Reading(at=START.replace(tzinfo=None), about="a", prop="level", value=1.0),
            "no time zone",
        ),
        (Happening(at=START, about="nobody", event=Event("x")), "no such thing"),
        (Happening(at=START + 2 * HOUR, about="a", event=Event("x")), "from the future"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(
    said: Reading | Happening, reason: str
) -> None:
    city = City()
    city.hear(said, level("b", 1.0))
    assert city.account() == (1, Counter({reason: 1}))


def test_the_same_reading_is_taken_once_however_often_it_is_said() -> None:
    city = City()
    city.hear(level("a", 1.0), level("a", 1.0), level("a", 1.0, unit=""))
    city.hear(level("a", 1.0), level("a", 2.0, minutes=5))
    city.hear(level("a", 1.0), level("a", 2.0, minutes=5))
    assert city.account() == (2, Counter({"twice": 5}))


def test_a_clock_a_little_ahead_is_set_back_and_marked() -> None:
    city = City()
    (block,) = city.hear(
        Reading(at=NOW + timedelta(seconds=60), about="a", prop="level", value=1.0)
    )
    assert block.at.tolist() == [NOW.timestamp()]
    assert Quality(int(block.quality[0])) == Quality.SKEW


def test_late_news_is_stored_and_marked_and_the_twin_stays() -> None:
    city = City()
    city.hear(level("a", 2.0, minutes=10))
    (block,) = city.hear(level("a", 1.0, minutes=5))
    assert Quality(int(block.quality[0])) == Quality.LATE
    assert city.twins.last("a", "level") == (START + 10 * MINUTE, 2.0)
    assert city.series.window("a", "level", NOW, HOUR)[1].tolist() == [1.0, 2.0]


def test_a_source_that_breaks_is_an_entry_and_what_it_said_before_counts() -> None:
    class Broken:
        name = "broken"

        def read(self, now: datetime) -> Iterator[Reading]:
            yield level("a", 1.0)
            raise ConnectionError(f"the line is cut since {now:%H:%M}")

    city = City()
    drawn = list(draw([Broken(), Told([level("b", 2.0)])], city.log, city.twins, NOW))
    events = [entry.record for entry, block in drawn if block is None]
    assert events == [
        Event("source_failed", {"why": "ConnectionError: the line is cut since 01:00"})
    ]
    assert city.account() == (2, Counter())


def test_readings_that_come_as_columns_are_taken_like_any_others() -> None:
    one, other = City(), City()
    names, values = ["a", "b", "nobody", "a"], [1.0, 2.0, 3.0, 4.0]
    at = START.timestamp() + np.array([0.0, 0.0, 0.0, 60.0])
    units, quality = ["m"] * 4, np.zeros(4, np.uint8)
    one.hear(Readings(at, names, ["level"] * 4, np.array(values), units, quality))
    minutes = [0.0, 0.0, 0.0, 1.0]
    other.hear(*(level(n, v, m) for n, v, m in zip(names, values, minutes, strict=True)))
    assert one.log.head == other.log.head
    assert one.account() == (3, Counter({"no such thing": 1}))


def test_nothing_said_writes_nothing() -> None:
    city = City()
    assert city.hear() == []
    assert len(city.log) == city.placed


def marks(*values: float, every: float = 5.0) -> list[Quality]:
    """Return how good each reading of a watched gauge was held to be."""
    city = City("Watched", ("w",))
    found = []
    for i, value in enumerate(values):
        now = START + timedelta(minutes=every * i)
        (block,) = city.hear(level("w", value, minutes=every * i), now=now)
        assert city.twins.quality("w", "level") == block.quality[0]
        found.append(Quality(int(block.quality[0])))
    assert city.twins.of(Watched)[0].level == values[-1], "a doubtful reading is still news"
    return found


def test_a_value_that_cannot_be_is_marked() -> None:
    assert marks(9.9, 10.1)[1] == Quality.RANGE
    assert Quality.RANGE in marks(-0.1)[0]


def test_a_value_that_moves_too_fast_is_marked() -> None:
    assert marks(1.0, 1.4, 2.0) == [Quality.GOOD, Quality.GOOD, Quality.RATE]


def test_a_lonely_spike_is_marked_and_the_return_is_not_a_spike() -> None:
    found = marks(1.0, 1.1, 4.0, 1.1)
    assert [Quality.SPIKE in mark for mark in found] == [False, False, True, False]


def test_a_gauge_that_is_stuck_is_marked_after_an_hour() -> None:
    found = marks(*[2.0] * 15, 2.1)
    assert [Quality.STUCK in mark for mark in found] == [False] * 13 + [True] * 2 + [False]


def test_the_first_word_after_a_silence_is_marked() -> None:
    assert marks(1.0, 1.1, 1.2, every=31.0) == [Quality.GOOD, Quality.GAP, Quality.GAP]


def test_two_channels_of_one_name_in_other_units_are_one_property() -> None:
    city = City()
    city.hear(level("a", 1.0, unit=""))
    city.hear(level("a", 2.0, minutes=5, unit="m"))
    assert city.series.window("a", "level", NOW, HOUR)[1].tolist() == [1.0, 2.0]
    assert len(city.log.channels) == 2
