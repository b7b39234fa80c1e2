"""A reading is corrected or taken back later: what was known then stays known of then."""

from pathlib import Path

import numpy as np
import pytest
from open_doors import node
from test_sensorthings import ask
from town import DAY, FIVE, T0, levels, town

from mindu.data.senses.beside import amended
from mindu.data.senses.memory import reads
from mindu.data.senses.memory.amending import Wish, amend
from mindu.data.senses.senses import Senses

LATER = T0 + DAY


@pytest.fixture
def senses(tmp_path: Path) -> Senses:
    """A town of which half is in the tables."""
    senses = town(tmp_path)
    senses.take([levels("g0", [3.0, 3.1, 3.2]), levels("g1", [5.0, 5.1])], T0 + 3 * FIVE)
    senses.flush(T0 + 3 * FIVE)
    senses.take([levels("g0", [3.3, 3.4], start=T0 + 3 * FIVE)], T0 + 5 * FIVE)
    return senses


def g0(senses: Senses) -> int:
    return senses.registry.one("g0", "level")


def window(senses: Senses, *, known: int | None = None) -> list[float]:
    rows = reads.window(senses, g0(senses), T0, T0 + DAY, known=known)
    return [round(it, 2) for it in rows.value.tolist()]


def test_a_correction_is_read_everywhere_and_what_was_known_before_is_not_changed(
    senses: Senses,
) -> None:
    series = g0(senses)
    amend(senses, [Wish(series, T0 + FIVE, 2.0, "the gauge was dirty"),
                   Wish(series, T0 + 3 * FIVE, None)], "tester", LATER)  # fmt: skip
    assert window(senses) == [3.0, 2.0, 3.2, 3.4]
    assert window(senses, known=LATER - 1000) == [3.0, 3.1, 3.2, 3.3, 3.4]
    assert window(senses, known=LATER + 1000) == [3.0, 2.0, 3.2, 3.4]
    assert reads.as_of(senses, series, T0 + 3 * FIVE) == (T0 + 2 * FIVE, 3.2)
    told = reads.aggregate(senses, np.ones(8, bool), T0, T0 + DAY, DAY, how="sum")
    assert told.value[0] == pytest.approx(3.0 + 2.0 + 3.2 + 3.4 + 5.0 + 5.1)
    assert told.rows[0] == 6
    alone = np.arange(8) == series
    every = reads.aggregate(senses, alone, T0, T0 + DAY, FIVE, how="count")
    assert every.bucket.tolist() == [T0, T0 + FIVE, T0 + 2 * FIVE, T0 + 4 * FIVE]
    assert reads.each(senses, T0, T0 + DAY)[series] == pytest.approx(11.6 / 4)


def test_the_last_word_on_a_reading_counts(senses: Senses) -> None:
    series = g0(senses)
    for turn, value in enumerate((9.0, None)):
        amend(senses, [Wish(series, T0, value)], "tester", LATER + turn * FIVE)
    assert window(senses) == [3.1, 3.2, 3.3, 3.4]
    assert window(senses, known=LATER)[0] == 9.0
    with pytest.raises(KeyError, match="no reading of g0 stands"):
        amend(senses, [Wish(series, T0, 1.0)], "tester", LATER + 2 * FIVE)


def test_the_newest_value_follows_its_correction_and_falls_back_when_it_is_taken_back(
    senses: Senses,
) -> None:
    series, newest = g0(senses), T0 + 4 * FIVE
    columns = senses.now.columns
    amend(senses, [Wish(series, newest, 7.0)], "tester", LATER)
    assert (columns["at"][series], columns["value"][series]) == (newest, 7.0)
    amend(senses, [Wish(series, newest, None)], "tester", LATER)
    assert (columns["at"][series], columns["value"][series]) == (T0 + 3 * FIVE, 3.3)


@pytest.mark.parametrize("kept", [False, True])
def test_corrections_stand_after_a_restart(senses: Senses, *, kept: bool) -> None:
    series = g0(senses)
    amend(senses, [Wish(series, T0, 4.0), Wish(series, T0 + 4 * FIVE, None)], "tester", LATER)
    if kept:
        senses.keep()
    senses.journal.close()
    again = town(senses.folder.parent)
    assert window(again) == [4.0, 3.1, 3.2, 3.3]
    assert again.now.columns["value"][series] == 3.3
    assert again.amended.total == 2
    again.close()


def test_nothing_is_amended_where_one_of_all_cannot_be(
    senses: Senses, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = g0(senses)
    good = Wish(series, T0, 4.0)
    for bad in (Wish(series, T0, 5.0), Wish(series, T0 + FIVE, float("nan"))):
        with pytest.raises(ValueError, match=r"twice|a number"):
            amend(senses, [good, bad], "tester", LATER)
    with pytest.raises(KeyError):
        amend(senses, [good, Wish(series, T0 + 1, 5.0)], "tester", LATER)
    monkeypatch.setattr("mindu.data.senses.memory.amending.MOST", 0)
    with pytest.raises(ValueError, match="no exception"):
        amend(senses, [good], "tester", LATER)
    assert window(senses) == [3.0, 3.1, 3.2, 3.3, 3.4]
    assert amended.MOST == 100_000


def test_corrections_over_http_say_who_and_why(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        city.senses.take([levels("g0", [3.0, 3.1])], T0 + 3 * FIVE)
        wrong = b'[{"device": "g0", "prop": "level", "at": %d, "value": %s, "why": "ice"}]'
        assert city.asked("/v1/corrections", wrong % (T0, b"2.5")) == (200, {"corrected": 1})
        assert city.asked("/v1/corrections", wrong % (T0 + 1, b"2.5"))[0] == 404
        silent = b'[{"device": "g0", "prop": "level", "at": 0}]'
        assert city.asked("/v1/corrections", silent)[0] == 422, "nothing is taken back by accident"
        assert city.asked("/v1/corrections", wrong % (T0, b'"x"'))[0] == 422
        assert city.asked("/v1/corrections", wrong % (T0 + FIVE, b"null"))[0] == 200
        _, told = city.asked("/v1/corrections?device=g0")
        first, second = told["corrections"]
        assert (first["was"], first["value"], first["why"]) == (3.0, 2.5, "ice")
        assert (second["was"], second["value"]) == (3.1, None)
        assert city.asked(f"/v1/as-of/g0/level?at={T0 + FIVE}")[1]["value"] == 2.5
        sender = city.doors.keys.device("g0")
        barred = {"Authorization": f"Bearer {sender}"}
        assert city.asked("/v1/corrections", wrong % (T0, b"1"), **barred)[0] == 403


def test_an_observation_is_told_anew_and_deleted(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        city.senses.take([levels("g0", [3.0, 3.1])], T0 + 3 * FIVE)
        first, second = f"/Observations('1-{T0}')", f"/Observations(1-{T0 + FIVE})"
        assert ask(city, first, "PATCH", {"result": 2.25})[1]["result"] == 2.25
        assert ask(city, "/Datastreams(1)/Observations")[1]["value"][0]["result"] in {2.25, 3.1}
        assert ask(city, first, "PUT", {"result": 2.5})[1]["result"] == 2.5
        assert ask(city, second, "DELETE")[0] == 200
        assert ask(city, second)[0] == 404
        assert ask(city, second, "DELETE")[0] == 404
        assert ask(city, first, "PATCH", {"phenomenonTime": "2026-06-01T00:00:00Z"})[0] == 400
        assert ask(city, first, "PATCH", {"result": "wet"})[0] == 400
        told = ask(city, "/Datastreams(1)/Observations?$count=true")[1]
        assert [it["result"] for it in told["value"]] == [2.5]
