"""Taking in: what is sent is stored once, in the declared unit, and counted."""

import pytest
from taking import HOUR, quality, senses
from town import DAY, FIVE, LEVEL, T0, held, levels, said, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.quality import Quality
from mindu.perceive.said import NOW

__all__ = ["senses"]


def test_what_is_sent_is_stored_and_counted(senses: Senses) -> None:
    (receipt,) = senses.take([levels("g0", [3.1, 3.2, 3.3])], T0 + HOUR)
    assert (receipt.received, receipt.stored) == (3, 3)
    assert senses.total().stored == 3
    assert senses.account.device(0)["line"].stored == 3


def test_a_reading_said_twice_is_a_duplicate_by_time(senses: Senses) -> None:
    senses.take([levels("g0", [3.1, 3.2])], T0 + HOUR)
    (receipt,) = senses.take([levels("g0", [3.1, 3.2, 3.3])], T0 + HOUR)
    assert (receipt.duplicate, receipt.stored) == (2, 1)


def test_a_reading_said_twice_is_a_duplicate_by_its_sequence_whatever_time_it_claims(
    senses: Senses,
) -> None:
    first, again = [("g0", "level", T0, 3.0)], [("g0", "level", T0 + FIVE, 3.0)]
    senses.take([Offer("line", said(first, seq=[77]))], T0 + HOUR)
    (receipt,) = senses.take([Offer("line", said(again, seq=[77]))], T0 + HOUR)
    assert receipt.duplicate == 1


def test_a_device_that_starts_again_from_zero_is_heard(senses: Senses) -> None:
    rows = [("g0", "level", T0 + i, 3.0) for i in range(100)]
    senses.take([Offer("line", said(rows, seq=range(100)))], T0 + HOUR)
    after = [("g0", "level", T0 + 1000 + i, 3.0) for i in range(3)]
    (receipt,) = senses.take([Offer("line", said(after, seq=range(3)))], T0 + HOUR)
    assert receipt.stored == 3


def test_a_device_that_starts_again_early_is_heard_where_its_time_goes_on(senses: Senses) -> None:
    numbers = [*range(20), *range(9), 7, 8, 9]
    rows = [("g0", "level", T0 + i * 1000, 3.0) for i in range(len(numbers))]
    together = town(senses.folder.parent / "together")
    (receipt,) = together.take([Offer("line", said(rows, seq=numbers))], T0 + HOUR)
    assert receipt.stored == len(numbers)
    for row, number in zip(rows, numbers, strict=True):
        senses.take([Offer("line", said([row], seq=[number]))], T0 + HOUR)
    assert senses.total().stored == len(numbers)
    for store in (senses, together):
        (again,) = store.take([Offer("line", said(rows[-3:], seq=numbers[-3:]))], T0 + HOUR)
        assert again.duplicate == 3
    untold = [("g1", "level", NOW, 3.0)]
    senses.take([Offer("line", said(untold, seq=[1]))], T0 + HOUR)
    (again,) = senses.take([Offer("line", said(untold, seq=[1]))], T0 + HOUR + 1000)
    assert again.duplicate == 1, "without a time a repeated number is a repetition"


def test_a_number_that_comes_twice_in_one_message_is_a_duplicate(senses: Senses) -> None:
    rows = [("g0", "level", T0 + i * 1000, 3.0) for i in range(3)]
    (receipt,) = senses.take([Offer("line", said(rows, seq=[1 << 61, 1 << 61, 7]))], T0 + HOUR)
    assert (receipt.stored, receipt.duplicate) == (2, 1)


def test_units_are_turned_and_strange_units_refused(senses: Senses) -> None:
    rows = [("g0", "level", T0 + i, v) for i, v in enumerate((310.0, 3.2, 1.0, 4.0))]
    message = said(rows, unit=["cm", "", "Pa", "m"])
    (receipt,) = senses.take([Offer("line", message)], T0 + HOUR)
    assert receipt.refused == {"another unit": 1}
    assert held(senses, "g0").value.tolist() == pytest.approx([3.1, 3.2, 4.0])


def test_heights_are_lifted_to_the_datum_unless_they_stand_over_it(senses: Senses) -> None:
    senses.enrol([Device(id="high", kind="gauge", zero=2.5, stage=Stage.ACTIVE)])
    rows = [("high", "level", T0 + i, 1.0) for i in range(3)]
    message = said(rows, datum=["", LEVEL.datum, "luo-zero"])
    (receipt,) = senses.take([Offer("line", message)], T0 + HOUR)
    assert receipt.refused == {"unknown datum": 1}
    assert held(senses, "high").value.tolist() == [3.5, 1.0]


def test_every_refusal_has_its_reason(senses: Senses) -> None:
    senses.stage(["g3"], Stage.RETIRED)
    rows = [
        ("nobody", "level", T0, 1.0),
        ("g0", "colour", T0, 1.0),
        ("g3", "level", T0, 1.0),
        ("g0", "level", T0, float("nan")),
        ("g0", "level", T0 - 500 * DAY, 1.0),
    ]
    (receipt,) = senses.take([Offer("line", said(rows))], T0)
    assert receipt.refused == {
        "no such device": 1, "no such property": 1, "not in service": 1, "not a number": 1,
        "too old": 1,
    }  # fmt: skip
    assert senses.total().whole


def test_a_bound_may_change_but_not_the_meaning_of_a_kind(senses: Senses) -> None:
    rain = senses.registry.kinds["gauge"].props[1]
    wider = Prop(**{**{f: getattr(LEVEL, f) for f in LEVEL.__struct_fields__}, "high": 20.0})
    senses.declare(Model(name="gauge", props=(wider, rain)))
    senses.take([levels("g0", [11.0])], T0)
    assert quality(senses) == [Quality.GOOD]
    other = Prop(name="level", unit="cm")
    with pytest.raises(ValueError, match="another name"):
        senses.declare(Model(name="gauge", props=(other, rain)))


def test_everything_comes_back_after_a_restart(senses: Senses) -> None:
    senses.attach("g1", Prop(name="battery", unit="V"))
    offer = Offer("line", said([("g1", "battery", T0, 3.6), ("g0", "level", T0, 3.1)], seq=[5, 5]))
    senses.take([offer], T0)
    before = senses.total()
    senses.journal.close()
    back = town(senses.folder.parent)
    assert back.total() == before
    assert back.intake.tail.all().value.tolist() == senses.intake.tail.all().value.tolist()
    (receipt,) = back.take([offer], T0)
    assert receipt.duplicate == 2
    back.close()
    third = town(senses.folder.parent)
    assert third.take([offer], T0)[0].duplicate == 2
    third.close()
