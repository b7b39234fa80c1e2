"""What was corrected stands beside the readings as a table, for whoever reads the files."""

from pathlib import Path
from typing import Any

import deltalake
import duckdb
import pytest
from open_doors import node
from test_spread import Here
from town import DAY, FIVE, T0, levels, town

from mindu.data.senses.memory import across
from mindu.data.senses.memory.across import Asked
from mindu.data.senses.memory.amending import Wish, amend
from mindu.data.senses.memory.corrected import FOLDER
from mindu.data.senses.senses import Senses
from mindu.data.senses.spread.beside import Beside

LATER = T0 + DAY
LAID = """
SELECT coalesce(c.value, r.exact, r.scaled / pow(10, r.decimals)) AS value
FROM read_parquet($readings) r
LEFT JOIN (SELECT * FROM read_parquet($corrected) WHERE newest) c USING (series, "at")
WHERE (c.was IS NULL OR c.value IS NOT NULL) AND series = $series ORDER BY "at"
"""


@pytest.fixture
def senses(tmp_path: Path) -> Senses:
    """Gauges in the tables, of whose readings some were corrected, one twice."""
    senses = town(tmp_path)
    told = [levels(f"g{k}", [3.0, 3.1, 3.2, 3.3]) for k in range(4)]
    senses.take(told, T0 + 4 * FIVE)
    senses.tidy(T0 + 4 * FIVE)
    series = [senses.registry.one(f"g{k}", "level") for k in range(4)]
    amend(senses, [Wish(series[0], T0, 9.0, "dirty"), Wish(series[0], T0 + FIVE, None)], "a", LATER)
    amend(senses, [Wish(series[0], T0, 2.0), Wish(series[1], T0 + FIVE, 1.005)], "b", LATER + 1)
    senses.keep()
    return senses


def files(folder: Path) -> list[str]:
    table: Any = deltalake.DeltaTable(folder)
    told: list[str] = table.file_uris()
    return told


def test_other_engines_lay_corrections_over_the_files(senses: Senses) -> None:
    series = senses.registry.one("g0", "level")
    asked = {"readings": files(senses.folder / "readings"), "series": series,
             "corrected": files(senses.folder / FOLDER)}  # fmt: skip
    assert [row[0] for row in duckdb.execute(LAID, asked).fetchall()] == [2.0, 3.2, 3.3]
    told = duckdb.execute(
        'SELECT "at", was, who, why, newest FROM read_parquet(?) WHERE series = ? '
        'ORDER BY arrived, "at", newest',
        [asked["corrected"], series],
    ).fetchall()
    assert told[0] == (T0, 3.0, "a", "dirty", False)
    assert sum(row[4] for row in told) == 2


@pytest.mark.parametrize("how", ["mean", "sum", "min", "max", "count"])
def test_many_machines_count_what_holds_now(senses: Senses, how: str) -> None:
    asked = Asked(senses.registry.props["level"], None, T0, T0 + 4 * FIVE, FIVE, how)
    one = across.means(senses, asked, across.here(senses)).means
    many = Beside(senses.folder).means(asked, Here()).means
    assert many.rows.tolist() == one.rows.tolist() == [4, 3, 4, 4]
    assert many.value.tolist() == pytest.approx(one.value.tolist(), rel=1e-12)


def test_the_table_comes_after_where_the_disk_refused_it(senses: Senses) -> None:
    held = senses.folder / FOLDER
    held.rename(held.with_name("away"))
    held.write_text("in the way")
    amend(senses, [Wish(senses.registry.one("g2", "level"), T0, 7.0)], "c", LATER + 2)
    held.unlink()
    held.with_name("away").rename(held)
    assert len(deltalake.DeltaTable(held).to_pyarrow_table()) == 4
    senses.take([levels("g3", [3.0], start=T0 + 9 * FIVE)], T0 + 9 * FIVE)
    senses.flush(LATER + 3)
    told = deltalake.DeltaTable(held).to_pyarrow_table()
    assert sorted(told["value"].to_pylist(), key=str) == [1.005, 2.0, 7.0, 9.0, None]


def test_rollups_say_of_how_many_readings_they_tell_what_was_first_said(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        city.senses.take([levels("g0", [3.0, 4.0])], T0 + FIVE)
        city.senses.flush(T0 + FIVE)
        asked = f"/v1/rolls?prop=level&level=300&since={T0}&until={T0 + DAY}"
        assert "amended" not in city.asked(asked)[1]
        amend(city.senses, [Wish(city.senses.registry.one("g0", "level"), T0, 1.0)], "a", LATER)
        told = city.asked(asked)[1]
        assert (told["amended"], told["sum"]) == (1, [3.0, 4.0])
        means = f"/v1/means?prop=level&every=300000&since={T0}&until={T0 + DAY}"
        assert city.asked(means)[1]["mean"] == [1.0, 4.0]
        city.senses.flush(LATER)
        told = city.asked(asked)[1]
        assert ("amended" in told, told["sum"]) == (False, [1.0, 4.0]), "until they follow"
