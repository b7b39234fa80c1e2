"""CSV as it comes: two encodings, broken lines, quotes, huge fields; nothing is lost unseen."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources import HEAD, faults, gauges, pulled, rows

from mindu.data.collect.part import Broken
from mindu.data.collect.pull import WrongSource
from mindu.edge.collect.blocks import opened
from mindu.edge.collect.lines import Form


def written(folder: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    path = folder / "gauges.csv"
    path.write_bytes(end.join([HEAD, *lines, ""]).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_in_either_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    path = written(tmp_path, "1,光明港站,352.5,2026-05-01,是", "2,㐂桥𠀋,10,2026年5月2日,否",
                   encoding=encoding, end=end)  # fmt: skip
    done = pulled(tmp_path / "held", gauges(path))
    assert rows(tmp_path / "held") == [
        (1, "光明港站", 3.525, date(2026, 5, 1), True),
        (2, "㐂桥𠀋", 0.1, date(2026, 5, 2), False),
    ]
    assert (done.account.received, done.account.quarantined) == (2, 0)


BROKEN = {
    "x,坏编号,1,2026-05-01,是": ("id", "type", "a"),
    ",无编号,1,2026-05-01,是": ("id", "required", "∅"),
    "7,站,2001,2026-05-01,是": ("level", "high", "9{4}"),
    "7,站,-900,2026-05-01,是": ("level", "low", "-9{3}"),
    "7,站,NaN,2026-05-01,是": ("level", "type", "AaA"),
    "7,站,1,2026-02-31,是": ("day", "type", "9{4}-9{2}-9{2}"),
    "7,站,1,2026-05-01,也许": ("open", "type", "字{2}"),
    "7,=HYPERLINK(x),1,2026-05-01,是": ("name", "formula", "=A{9}(a)"),
    "7,@SUM(1),1,2026-05-01,是": ("name", "formula", "@A{3}(9)"),
    f"7,{'长' * 41},1,2026-05-01,是": ("name", "too_long", "字{41}"),
    "7,站,1,2026-05-01": ("(row)", "fields", "4 of 5 fields"),
    "7,站,1,2026-05-01,是,多": ("(row)", "fields", "6 of 5 fields"),
    '7,"站,1,2026-05-01,是': ("(row)", "quote", '9,"字,9,9{4}-9{2}-9{2},字'),
    "7,站\0,1,2026-05-01,是": ("(row)", "control", "·"),
    "合计,,,,": ("id", "no_row", "字{2}"),
}


@pytest.mark.parametrize("line", BROKEN)
def test_a_broken_row_is_set_aside_with_its_reason(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, "1,站,1,2026-05-01,是", line, "2,站,1,2026-05-01,是")
    done = pulled(tmp_path / "held", gauges(path))
    (fault,) = faults(tmp_path / "held")
    assert (fault.row, (fault.column, fault.rule, fault.shape)) == (3, BROKEN[line])
    assert [row[0] for row in rows(tmp_path / "held")] == [1, 2]
    assert done.account.whole
    assert done.account.received == 3


def test_bytes_of_another_encoding_spoil_their_own_row_only(tmp_path: Path) -> None:
    path = written(tmp_path, "1,站,1,2026-05-01,是", "2,站,1,2026-05-01,是")
    body = path.read_bytes().splitlines(keepends=True)
    body.insert(2, "9,测站,1,2026-05-01,是\n".encode("gb18030"))
    path.write_bytes(b"".join(body))
    pulled(tmp_path / "held", gauges(path))
    (fault,) = faults(tmp_path / "held")
    assert (fault.row, fault.column, fault.rule) == (3, "名称", "encoding")
    assert [row[0] for row in rows(tmp_path / "held")] == [1, 2]


def test_a_line_without_end_is_one_broken_row(tmp_path: Path) -> None:
    path = written(tmp_path, "1,站,1,2026-05-01,是", "2," + "x" * (9 << 20) + ",1,2026-05-01,是",
                   "3,站,1,2026-05-01,是")  # fmt: skip
    done = pulled(tmp_path / "held", gauges(path))
    (fault,) = faults(tmp_path / "held")
    assert (fault.row, fault.rule, fault.shape) == (3, "too_long", "> 1048576 bytes")
    assert [row[0] for row in rows(tmp_path / "held")] == [1, 3]
    assert done.account.received == 3


def test_quotes_that_are_meant_otherwise_are_understood(tmp_path: Path) -> None:
    path = written(tmp_path, '1,5" 管,1,2026-05-01,是', '2,"他说""好""",1,2026-05-01,是', "",
                   '3,"甲,乙",1,2026-05-01,是')  # fmt: skip
    pulled(tmp_path / "held", gauges(path))
    assert [row[1] for row in rows(tmp_path / "held")] == ['5" 管', '他说"好"', "甲,乙"]


def test_a_field_may_hold_line_ends_where_that_is_declared(tmp_path: Path) -> None:
    path = written(tmp_path, '1,"上\n下",1,2026-05-01,是', "x,坏,1,2026-05-01,是")
    done = pulled(tmp_path / "held", gauges(path, form={"many_lines": True}))
    assert rows(tmp_path / "held")[0][1] == "上\n下"
    assert faults(tmp_path / "held")[0].row == 4  # its line in the file, not its place
    assert done.account.received == 2


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    path = written(tmp_path, '1,站,"1,234.5",2026/5/1,√', "２,站, 12 ,20260502,N", "3,站,,,")
    pulled(tmp_path / "held", gauges(path))
    assert [row[2:] for row in rows(tmp_path / "held")] == [
        (12.345, date(2026, 5, 1), True), (0.12, date(2026, 5, 2), False), (None, None, None),
    ]  # fmt: skip


def test_the_wrong_file_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path, *["x,站,1,2026-05-01,是"] * 2000)
    with pytest.raises(WrongSource, match="2000 of 2000 rows of gauges are broken"):
        pulled(tmp_path / "held", gauges(path))
    assert rows(tmp_path / "held") == []


def test_headings_that_are_not_there_are_named(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no heading is '编号'; there are 甲, 乙"):
        pulled(tmp_path / "held", gauges(path))


@pytest.mark.parametrize("body", [b"\xff\xfe1\x00,\x00", b"PK\x03\x04\x00\x00", b""])
def test_what_is_no_text_is_refused_in_words(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "g.csv"
    path.write_bytes(body)
    with pytest.raises(Broken, match=r"save it as UTF-8|no delimited text"):
        pulled(tmp_path / "held", gauges(path))


def test_a_flood_of_empty_lines_is_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "1,站,1,2026-05-01,是", "\n" * (5 << 20), "2,站,1,2026-05-01,是")
    assert pulled(tmp_path / "held", gauges(path)).account.received == 2


def test_a_large_file_adds_up(tmp_path: Path) -> None:
    dice = Random(1)
    bad = {i for i in range(60_000) if dice.random() < 0.01}
    lines = [
        f"{i},站{i % 7}号,{'坏' if i in bad else i % 900},2026-05-01,是" for i in range(60_000)
    ]
    done = pulled(tmp_path / "held", gauges(written(tmp_path, *lines)), batch=10_000)
    assert {fault.row - 2 for fault in faults(tmp_path / "held")} == bad
    assert [row[0] for row in rows(tmp_path / "held")] == [i for i in range(60_000) if i not in bad]
    assert done.account.received == 60_000


FIELD = st.text(st.sampled_from('a,"\n\r1中\0=é'), max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(FIELD, min_size=1, max_size=4), max_size=12), st.booleans())
def test_no_line_is_lost_whatever_it_holds(told: list[list[str]], many: bool) -> None:  # noqa: FBT001
    block = "\n".join(",".join(fields) for fields in told).encode() + b"\n"
    found = opened(block, Form(("a", "b", "c"), many_lines=many), 2)
    assert found.received == found.table.num_rows + len(found.broken)
    assert len(found.row) == found.table.num_rows
    assert found.lines == block.count(b"\n")
    everything = [*found.row.tolist(), *(fault.row for fault in found.broken)]
    assert len(set(everything)) == len(everything)
    assert all(2 <= row < 2 + found.lines for row in everything)
