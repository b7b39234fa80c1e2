"""Any .inp is read into SI, or refused with section, line and a way to mend it."""

import ast
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import TIDAL, american, filed, tidal

from mindu.engines.hydraulics.inp import Changes, InpError, read_network
from mindu.engines.hydraulics.reading import fields
from mindu.engines.hydraulics.reading.network import build
from mindu.engines.hydraulics.reading.sections import MOST, decoded, split, taken_apart

FOOT = 0.3048
GALLON_A_MINUTE = 6.30901964e-5
TOWN_LINES = TIDAL.replace("{rain}", "RAIN 0:00 1").replace("{tide}", "TIDE 0 1").splitlines()


def test_a_tidal_town_is_read_in_si(tmp_path: Path) -> None:
    net = read_network(tidal(tmp_path))
    assert net.nodes == ("R0", "R1", "SEA", "TOP", "LAKE")
    assert net.node_kind == ("junction", "junction", "outfall", "outfall", "storage")
    assert net.outfall_kind == ("TIMESERIES", "FREE")
    assert net.hours == 6.0
    assert net.start == 1690416000.0
    assert net.subcatchment_node == ("R0", "R0", "LAKE"), "S1 drains onto S0, which drains to R0"
    assert net.subcatchment_area.tolist() == [600000.0, 50000.0, 300000.0]
    assert net.volume[4] == pytest.approx(60000.0)
    assert net.area[4] == pytest.approx(20000.0)
    assert math.isnan(net.area[1])
    assert net.xy["LAKE"] == (0.0, 2.0)
    assert net.own_rules


def test_each_machine_says_what_it_can_do(tmp_path: Path) -> None:
    pump, gate, sluice = read_network(tidal(tmp_path)).machines
    assert (pump.id, pump.kind, pump.capacity) == ("P", "pump", 3.0)
    assert pump.steps
    assert pump.to_tide
    assert pump.lift == pytest.approx(3.0 - 0.2 - 1.0)
    assert (gate.up, gate.down, gate.steps, gate.lift) == ("LAKE", "R0", False, 0.0)
    assert sluice.capacity == pytest.approx(0.65 * 6.0 * math.sqrt(2 * 9.81 * (3.0 - 1.0)))


def test_feet_gallons_quotes_small_letters_and_elevations(tmp_path: Path) -> None:
    net = read_network(american(tmp_path))
    assert net.nodes == ("J-1", "J2", "J3", "out", "pond")
    assert net.units == "GPM"
    assert net.hours == 2.5
    assert net.invert.tolist() == pytest.approx([k * FOOT for k in (100, 98, 99, 97, 99)])
    assert net.full_depth[0] == pytest.approx(10 * FOOT)
    assert net.link_up[0] == "J-1", "names are the same in any case"
    by_name = {m.id: m for m in net.machines}
    assert by_name["lift"].capacity == pytest.approx(600 * GALLON_A_MINUTE)
    assert by_name["lift"].lift == pytest.approx(20 * FOOT)
    assert math.isnan(by_name["away"].capacity), "an ideal pump takes what comes"
    assert by_name["spill"].capacity == pytest.approx(3.33 * 5 * 2**1.5 * FOOT**3)
    assert by_name["drain"].capacity == pytest.approx(20 * 6**0.5 * GALLON_A_MINUTE)
    assert net.area[4] == pytest.approx(2500 * FOOT**2)
    assert net.volume[4] == pytest.approx(15000 * FOOT**3, rel=1e-3)


STORAGES = {
    "FUNCTIONAL 100 1 50": 50 * 2 + 100 * 2,
    "CYLINDRICAL 10 20 0": math.pi * 50 * 2,
    "CONICAL 10 10 1": math.pi * 25 * 2 + math.pi * 5 * 1 * 4 + math.pi / 3 * 8,
    "PARABOLOID 10 20 4": math.pi * 50 / 4 * 2,
    "PYRAMIDAL 10 20 1": 200 * 2 + 60 / 2 * 4 + 4 / 3 * 8,
}


@pytest.mark.parametrize("shape", STORAGES)
def test_a_storage_of_any_shape_has_its_volume(shape: str) -> None:
    net = build(taken_apart(BARE + f"[STORAGE]\nPOND 0 2 0 {shape}\n", "pond.inp"))
    assert net.volume[0] == pytest.approx(STORAGES[shape], rel=2e-3)


BARE = "[OPTIONS]\nFLOW_UNITS CMS\nSTART_DATE 1/1/2020\nEND_DATE 1/2/2020\n"


@pytest.mark.parametrize(
    ("units", "factor"),
    [
        ("CFS", 0.0283168), ("GPM", 6.309e-5), ("MGD", 0.0438126),
        ("CMS", 1.0), ("LPS", 0.001), ("MLD", 0.0115741),
    ],
)  # fmt: skip
def test_every_unit_of_flow_comes_out_in_cubic_metres(units: str, factor: float) -> None:
    text = BARE.replace("CMS", units) + (
        "[JUNCTIONS]\nA 1 2\n[OUTFALLS]\nB 0 FREE\n"
        "[PUMPS]\nP A B PC\n[CURVES]\nPC PUMP1 10 2 20 3\n"
    )
    (pump,) = build(taken_apart(text, "pump.inp")).machines
    assert pump.capacity == pytest.approx(3 * factor, rel=1e-4)


def test_a_divider_and_a_v_notch_are_read() -> None:
    text = BARE + (
        "[DIVIDERS]\nD 5 PIPE WEIR 0.1 1 1.2 3 0.5\n[OUTFALLS]\nB 0 TIDAL CURVE\n"
        "[WEIRS]\nV D B V-NOTCH 0 1.4 NO\n[XSECTIONS]\nV TRIANGULAR 1 2 0 0\n"
    )
    net = build(taken_apart(text, "divider.inp"))
    assert (net.node_kind[0], net.full_depth[0], net.initial_depth[0]) == ("divider", 3.0, 0.5)
    assert net.machines[0].capacity == pytest.approx(1.4 * 1.0)


def test_an_open_river_section_raises_the_brim() -> None:
    text = BARE + (
        "[JUNCTIONS]\nA 1 0\n[OUTFALLS]\nB 0 NORMAL\n[CONDUITS]\nC A B 100 0.03 0.5 0\n"
        "[TRANSECTS]\nNC 0.05 0.05 0.03\nX1 RIVER 3 0 20 0 0 0 0 0\nGR 12 0 8 10 12 20\n"
        "[XSECTIONS]\nC IRREGULAR RIVER\n"
    )
    assert build(taken_apart(text, "river.inp")).full_depth[0] == pytest.approx(4.5)


ASKING = {"word", "number_at"}
WRONGS = {
    "FLOW_UNITS CMS": ("FLOW_UNITS QUARTS", r"\[OPTIONS\] line 4: flow units 'QUARTS'.*CFS"),
    "C R0 R1 300": ("C R0 R9 300", r"\[CONDUITS\] line \d+: .*'R9'.*mend the name"),
    "P R1 TOP PC": ("P R1 TOP PX", r"\[PUMPS\] line \d+: curve 'PX' is not in \[CURVES\]"),
    "R1 0.2 3.0": ("R1 low 3.0", r"\[JUNCTIONS\] line \d+: the invert is 'low'; write a number"),
    "R1 0.2": ("R0 0.2", r"\[JUNCTIONS\] line \d+: node 'R0' stands twice"),
    "SEA 0.0 TIMESERIES": ("SEA 0.0 MAGIC", r"\[OUTFALLS\] line \d+: .*'MAGIC'.*TIDAL"),
    "END_DATE 07/27/2023": ("END_DATE 07/26/2023", r"\[OPTIONS\] line 9: the run ends .* before"),
    "START_DATE 07/27/2023": (
        "START_DATE yesterday",
        r"\[OPTIONS\] line 7: 'yesterday' is no date",
    ),
    "[STORAGE]": ("[STOORAGE]", r"\[STOORAGE\] line \d+: no such section"),
    "FUNCTIONAL": ("SPHERICAL", r"\[STORAGE\] line \d+: storage shape 'SPHERICAL'"),
    "G RECT_CLOSED 1.0 1.5 0 0": (";", r"\[XSECTIONS\] has no line for orifice 'G'"),
}


@pytest.mark.parametrize("right", WRONGS)
def test_what_is_wrong_is_named_with_section_and_line(tmp_path: Path, right: str) -> None:
    wrong, told = WRONGS[right]
    path = tidal(tmp_path, changes={right: wrong})
    with pytest.raises(InpError, match=told):
        read_network(path)


def test_what_is_wrong_is_told_in_chinese_too(tmp_path: Path) -> None:
    right = "R1 0.2 3.0"
    path = tidal(tmp_path, changes={right: WRONGS[right][0]})
    with pytest.raises(InpError) as told:
        read_network(path)
    assert re.search(r"\[JUNCTIONS\] 第 \d+ 行：底高程为 'low'，应为数字", told.value.zh)


def test_every_word_that_a_reader_asks_for_has_a_name_in_both_tongues() -> None:
    asked = set()
    for room in Path(fields.__file__).parent.parent.rglob("*.py"):
        for call in ast.walk(ast.parse(room.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ASKING:
                asked |= {a.value for a in call.args[1:2] if isinstance(a, ast.Constant)}
    assert len(asked) > 30
    assert asked <= set(fields.FIELDS)


def test_no_file_and_no_model_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InpError, match=r"absent\.inp: cannot be read"):
        read_network(tmp_path / "absent.inp")
    with pytest.raises(InpError, match="cannot be read"):
        read_network(tmp_path)
    for raw, told in (
        (b"", "no sections"),
        (b"\x00\x01", "no text"),
        (BARE.encode(), "nothing to run"),
    ):
        (tmp_path / "odd.inp").write_bytes(raw)
        with pytest.raises(InpError, match=told):
            read_network(tmp_path / "odd.inp")


def test_more_nodes_than_can_be_run_are_refused_at_the_line_where_it_is_too_much() -> None:
    rows = "".join(f"H{k} 0 5\n" for k in range(MOST + 2))
    told = rf"\[JUNCTIONS\] line {MOST + 2}: more than 200,000 lines"
    with pytest.raises(InpError, match=told):
        taken_apart(f"[JUNCTIONS]\n{rows}", "huge.inp")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.inp").open("wb") as file:
        file.truncate(2**31)
    with pytest.raises(InpError, match="2048 MiB; the limit is 64 MiB"):
        read_network(tmp_path / "huge.inp")


def test_names_in_chinese_are_read_from_any_encoding(tmp_path: Path) -> None:
    path = tidal(tmp_path, changes={"LAKE": "西湖"})
    text = path.read_text(encoding="utf-8")
    for encoding in ("utf-8", "gb18030"):
        path.write_bytes(text.encode(encoding))
        assert "西湖" in read_network(path).nodes
    assert decoded("Füße".encode("latin-1"))


def test_words_are_split_by_blanks_and_kept_together_by_quotes() -> None:
    assert split('a "b c"\td ; e') == ("a", "b c", "d")
    assert split('"unclosed quote') == ("unclosed quote",)
    assert split("; only a remark") == ()


def test_a_model_with_files_beside_it_is_read(tmp_path: Path) -> None:
    assert read_network(filed(tmp_path)).warnings


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        build(taken_apart(decoded(raw), "garbage.inp"))
    except InpError:
        return


@settings(deadline=None)
@given(st.data())
def test_a_town_with_any_line_spoilt_is_read_or_refused(data: st.DataObject) -> None:
    lines = TOWN_LINES.copy()
    place = data.draw(st.integers(0, len(lines) - 1))
    words = st.sampled_from(["*", "-1", "1e300", "nan", "inf", "X", '"', ";", "[CURVES]", "1e-300"])
    spoilt = data.draw(st.lists(words | st.text(max_size=8), max_size=8))
    keep = data.draw(st.integers(0, 3))
    lines[place] = " ".join(lines[place].split()[:keep] + spoilt)
    try:
        net = build(taken_apart("\n".join(lines), "spoilt.inp"))
    except InpError:
        return
    assert np.isfinite(net.invert).all()


@pytest.mark.parametrize(
    "wrong", [{"roughness": 0.0}, {"imperviousness": -1.0}, {"leakage": -0.1}, {"hours": 0.0}]
)
def test_changes_that_mean_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"above 0|from 0"):
        Changes(**wrong)
