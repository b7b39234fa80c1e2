"""Excel as a department really sends it, and what only pretends to be a workbook."""

import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sources import faults, pulled, rows
from workbooks import Day, workbook

from mindu.data.collect.declare import Column, Excel, Source
from mindu.data.collect.part import Broken

SENT: list[list[object]] = [
    ["2026年5月全市泵站运行情况汇总表", None, None, None, None, None],
    ["填报单位：市水系联排联调中心", None, None, None, "单位：万立方米", None],
    ["区县", "泵站名称", "抽排水量（万立方米）", None, "电费(万元)", "启用日期"],
    [None, None, "本月", "累计", None, None],
    ["鼓楼区", "东风站", 12.5, 60.25, 3.2, Day(45778)],
    [None, "魁岐站", "13.5", "１,０２０", "1.1", "2019年3月2日"],
    ["台江区", "光明港站", "—", 8, 2, Day(45000)],
    ["仓山区", "浦下站", 1, 2, 3, "不详"],
    [None, None, None, None, None, None],
    ["合计", None, 27, 1088.25, 9.3, None],
    ["注：数据截至5月31日", None, None, None, None, None],
]
MERGED = ["A1:F1", "A2:D2", "E2:F2", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "A5:A6"]
COLUMNS = (
    Column(name="area", heading="区县", required=True),
    Column(name="pump", heading="泵站名称", required=True),
    Column(name="month", heading="抽排水量(万立方米)/本月", of="number"),
    Column(name="total", heading="抽排水量(万立方米)/累计", of="number"),
    Column(name="cost", heading="电费", of="number", unit="元"),
    Column(name="since", heading="启用日期", of="day"),
)


def sent(folder: Path, **more: object) -> Source:
    path = workbook(folder / "月报.xlsx", SENT, MERGED)
    read = Excel(path=str(path), **more)  # type: ignore[arg-type]
    return Source(name="pumps", read=read, columns=COLUMNS)


def test_merged_headings_units_totals_and_notes_are_understood(tmp_path: Path) -> None:
    done = pulled(tmp_path / "held", sent(tmp_path))
    assert rows(tmp_path / "held", "SELECT pump, area, month, total, cost, since") == [
        ("东风站", "鼓楼区", 12.5, 60.25, 32_000.0, date(2025, 5, 1)),
        ("魁岐站", "鼓楼区", 13.5, 1020.0, 11_000.0, date(2019, 3, 2)),
    ]
    assert [(f.row, f.column, f.rule, f.shape) for f in faults(tmp_path / "held")] == [
        (7, "month", "type", "—"),
        (8, "since", "type", "字{2}"),
        (10, "area", "no_row", "字{2}"),
        (11, "area", "no_row", "字：字{4}9字9{2}字"),
    ]
    assert (done.account.received, done.account.whole) == (6, True)


def test_headings_may_be_told_where_they_are(tmp_path: Path) -> None:
    done = pulled(tmp_path / "held", sent(tmp_path, sheet="表1", skip=2, heads=2))
    assert done.account.stored == 2
    with pytest.raises(Broken, match="no sheet '表9'"):
        pulled(tmp_path / "held", sent(tmp_path, sheet="表9"))


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * (600 << 20))
    source = Source(name="bomb", read=Excel(path=str(path)), columns=COLUMNS)
    with pytest.raises(Broken, match="unfolds to 600 MB"):
        pulled(tmp_path / "held", source)


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "liar.xlsx", [["甲", "乙"], *([["x" * 99, 1]] * 3000)])
    body = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        size = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(body.replace(struct.pack("<L", size), struct.pack("<L", 2000)))
    source = Source(name="liar", read=Excel(path=str(path)), columns=COLUMNS)
    with pytest.raises(Broken, match="damaged"):
        pulled(tmp_path / "held", source)


@pytest.mark.parametrize("body", [b"no workbook", b"PK\x05\x06" + bytes(18), b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused_in_words(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(body)
    source = Source(name="x", read=Excel(path=str(path)), columns=COLUMNS)
    with pytest.raises(Broken, match="no workbook"):
        pulled(tmp_path / "held", source)
