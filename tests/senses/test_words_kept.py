"""Words in series are kept: through tables, restarts and corrections, for others and upstream."""

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from open_doors import Node, clock, node
from town import T0, town
from words_house import city, doors, one, send, window

from mindu.data.senses.beside.words import LONGEST, LOWEST, Fresh, Words, encode
from mindu.data.senses.intake import Offer
from mindu.data.senses.memory import reads
from mindu.data.senses.memory.corrected import add_words
from mindu.data.senses.senses import Senses
from mindu.edge import settings
from mindu.edge.above.upstream import Upstream
from mindu.perceive.declare import Form, Model, Prop
from mindu.perceive.wire.rows import from_json

__all__ = ["city"]


def test_words_stand_through_tables_and_restarts_and_are_known_as_of_then(tmp_path: Path) -> None:
    senses = town(tmp_path)
    doors(senses, "d0")
    series = senses.registry.one("d0", "state")

    def tell(store: Senses, word: str, at: int) -> None:
        said = from_json(json.dumps([one("state", word, at)]).encode())
        store.take([Offer("x", said)], at)

    def told(store: Senses, known: int | None = None) -> list[Any]:
        rows = reads.window(store, series, 0, 1 << 50, known=known)
        return [store.words.of(it) for it in rows.value.tolist()]

    tell(senses, "open", T0)
    tell(senses, "shut", T0 + 60_000)
    senses.flush(T0 + 60_000)
    tell(senses, "open", T0 + 120_000)
    senses.close()
    again = Senses(tmp_path / "senses")
    tell(again, "stuck", T0 + 180_000)
    assert told(again) == ["open", "shut", "open", "stuck"]
    assert told(again, known=T0 + 60_000) == ["open", "shut"]
    again.journal.close()  # as if killed: nothing was kept since
    third = Senses(tmp_path / "senses")
    assert told(third) == ["open", "shut", "open", "stuck"]
    assert len(third.words.told) == 3, "each word stands once"
    third.close()


def test_there_is_no_mean_of_words_and_they_spoil_no_other(city: Node) -> None:
    now = clock()
    rows = [one("level", 2.0, now - 1, "c0"), one("state", "x", now - 1, "c0")]
    assert send(city, json.dumps(rows))["stored"] == 2
    city.senses.flush(now)
    span = f"since={now - 600_000}&until={now + 1}"
    for path in ("grid", "odd", "ahead"):
        status, told = city.asked(f"/v1/{path}/c0/state?{span}")
        assert (status, "tells words" in told["error"]) == (422, True), path
    assert city.asked(f"/v1/means?prop=state&{span}")[1]["rows"] == []
    assert city.asked(f"/v1/means?prop=level&{span}")[1]["mean"] == [2.0]
    assert min(city.asked(f"/v1/means?how=min&{span}")[1]["min"]) > LOWEST
    day = now // 86_400_000 * 86_400_000
    rolls = f"/v1/rolls?level=86400&since={day}&until={day + 1}&prop="
    assert city.asked(rolls + "state")[1]["count"] == []
    assert sum(city.asked(rolls + "level")[1]["count"]) >= 1


def test_a_word_is_corrected_and_taken_back(city: Node) -> None:
    now = clock()
    send(city, json.dumps([one("state", "open", now, "c1"), one("state", "shut", now + 1, "c1")]))
    told = [{"device": "c1", "prop": "state", "at": now, "value": "ajar", "why": "seen"},
            {"device": "c1", "prop": "state", "at": now + 1, "value": None}]  # fmt: skip
    assert city.asked("/v1/corrections", json.dumps(told).encode())[1] == {"corrected": 2}
    assert window(city, "c1", "state") == ["ajar"]
    first, second = city.asked("/v1/corrections?device=c1")[1]["corrections"]
    assert (first["value"], first["was"], second["was"]) == ("ajar", "open", "shut")
    number = [{"device": "c1", "prop": "state", "at": now, "value": 4}]
    status, said = city.asked("/v1/corrections", json.dumps(number).encode())
    assert (status, "not a word" in said["error"]) == (422, True)
    wrong = [{"device": "c0", "prop": "level", "at": 1, "value": "high"}]
    assert city.asked("/v1/corrections", json.dumps(wrong).encode())[0] == 404


def test_other_engines_join_the_words_to_the_readings(tmp_path: Path) -> None:
    senses = town(tmp_path)
    doors(senses, "d0")
    for i, word in enumerate(["open", "shut", "open", "ajar"]):
        said = from_json(json.dumps([one("state", word, T0 + i)]).encode())
        senses.take([Offer("x", said)], T0 + i)
        if i != 1:
            senses.flush(T0 + i)
    at = str(senses.folder)
    with duckdb.connect() as line:
        told = line.execute(
            "SELECT w.word FROM read_parquet($1 || '/readings/day=*/*.parquet') r "
            "JOIN read_parquet($1 || '/words/*.parquet') w ON w.value = r.exact ORDER BY r.at",
            [at],
        ).fetchall()
    assert [json.loads(word) for (word,) in told] == ["open", "shut", "open", "ajar"]
    assert not add_words(senses.folder, senses.words, T0), "nothing is written twice"
    senses.close()


def test_upstream_has_the_same_words_by_numbers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node(tmp_path / "city") as above:
        monkeypatch.setenv("MINDU_KEY", above.key)
        doors(above.senses, "d0", "d9")
        send(above, json.dumps([one("state", "other", clock(), "d9")]))
        senses = town(tmp_path / "edge")
        doors(senses, "d0")
        now = clock() - 5000
        rows = [one("state", "open", now), one("state", "关", now + 1), one("level", 1.5, now),
                one("seen", {"a": 1}, now), one("open", value=True, at=now)]  # fmt: skip
        senses.take([Offer("x", from_json(json.dumps(rows).encode()))], now)
        line = Upstream(senses, settings.Upstream(url=above.url), clock)
        while line.hand_over():
            pass
        assert window(above, "d0", "state") == ["open", "关"]
        assert (window(above, "d0", "level"), window(above, "d0", "seen")) == ([1.5], [{"a": 1}])
        assert window(above, "d0", "open") == [True]
        senses.close()


def test_a_dictionary_that_is_full_takes_no_more_and_knows_what_it_has() -> None:
    words = Words()
    words.count(encode(['"a"', '"b"']))
    fresh = Fresh()
    assert words.number('"b"', fresh) == LOWEST - 1
    assert [words.number(it, fresh) for it in ('"c"', '"c"', '"d"')] == [
        LOWEST - 2, LOWEST - 2, LOWEST - 3,
    ]  # fmt: skip
    assert list(fresh.places) == ['"c"', '"d"']
    assert np.isnan(words.number("x" * (LONGEST + 1), fresh))
    assert words.of(LOWEST - 5) == LOWEST - 5, "a number that no word has is one"


def test_what_is_no_number_has_no_bounds_and_no_detector() -> None:
    with pytest.raises(ValueError, match="no range"):
        Prop(name="state", form=Form.WORDS, low=0)
    with pytest.raises(ValueError, match="no number"):
        Model(name="door", props=(Prop(name="state", form=Form.WORDS),), detect=("state",))
