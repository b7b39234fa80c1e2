"""Rain and tide from files of others: read as meant, or refused with line and column."""

from pathlib import Path

import numpy as np
import pytest

from mindu.cli.water_csv import UseError, read_table, spread

START = 1_690_416_000.0  # 2023-07-27T00:00Z


def written(folder: Path, text: str) -> Path:
    path = folder / "rain.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("time,rain\n2023-07-27T01:00,1\n2023-07-27T02:00,2\n", [3600, 7200]),
        ("time,rain\n2023/07/27 01:00:00,1\n2023/07/27 02:00:00,2\n", [3600, 7200]),
        ("time,rain\n01:00,1\n02:30,2\n", [3600, 9000]),
        ("time,rain\n23:30,1\n00:30,2\n", [84600, 88200]),
        ("time,rain\n0.5,1\n1.5,2\n", [1800, 5400]),
        ("time,rain\n0,1\n5,2\n", [0, 300]),
        ("minutes,rain\n0,1\n1,2\n", [0, 60]),
        ("hours,rain\n0,1\n6,2\n", [0, 21600]),
    ],
)
def test_a_time_is_read_as_it_is_meant(tmp_path: Path, text: str, seconds: list[float]) -> None:
    table = read_table(written(tmp_path, text), start=START, hours=12.0)
    assert table.t.tolist() == seconds
    assert table.values.ravel().tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,rain\n0,1\n5,wet\n", "line 3, column 'rain': 'wet' is not a number"),
        ("time,rain\nnoon:x,1\n", "line 2, column 'time'"),
        ("time,rain\n0,1\n5,2\n5,3\n", "line 4, column 'time': time does not go forward"),
        ("time,rain\n0,1,2\n", "line 2: 3 values for 2 columns"),
        ("time\n0\n", "needs a header"),
        ("", "needs a header"),
    ],
)
def test_a_wrong_file_is_refused_where_it_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UseError, match=said.replace("(", r"\(")):
        read_table(written(tmp_path, text), start=START, hours=12.0)


def test_one_rain_column_serves_every_gauge(tmp_path: Path) -> None:
    path = written(tmp_path, "time,rain\n0,1\n5,2\n")
    table = read_table(path, start=START, hours=12.0)
    assert spread(table, ("A", "B"), what="rain gauge", path=path).tolist() == [[1, 1], [2, 2]]


def test_named_columns_go_to_their_gauges_and_strangers_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "time,B\n0,1\n5,2\n")
    table = read_table(path, start=START, hours=12.0)
    found = spread(table, ("A", "B"), what="rain gauge", path=path)
    assert np.isnan(found[:, 0]).all()
    assert found[:, 1].tolist() == [1, 2]
    with pytest.raises(UseError, match="no such rain gauge; there are: A"):
        spread(table, ("A",), what="rain gauge", path=path)
