"""The copy that we run keeps every line in its place and says at its end what governs the run."""

from pathlib import Path

import pytest
from towns import american, filed, tidal

from mindu.engines.hydraulics.inp import Changes, InpError
from mindu.engines.hydraulics.patch import Patch
from mindu.engines.hydraulics.reading.options import read_options
from mindu.engines.hydraulics.reading.sections import read_sections


def patched(path: Path, changes: Changes | None = None, *, own_rules: bool = False) -> Patch:
    file = read_sections(path)
    folder = path.parent / "own"
    folder.mkdir(exist_ok=True)
    return Patch(file, read_options(file), changes or Changes(), folder, own_rules=own_rules)


def said(patch: Patch) -> tuple[list[str], list[str]]:
    """Return the lines of the copy, and those that it says again at the end."""
    lines, kept = patch.text().splitlines(), len(patch.file.raw)
    return lines[:kept], lines[kept:]


def test_one_thread_short_runoff_steps_and_a_later_end(tmp_path: Path) -> None:
    kept, last = said(patched(tidal(tmp_path), Changes(hours=10.0)))
    assert "THREADS 4" in kept, "the file's own words stay; the last word counts"
    for line in ("THREADS 1", "WET_STEP 00:01:00", "DRY_STEP 00:01:00", "END_TIME 10:00:00"):
        assert line in last
    assert "END_DATE 07/28/2023" in last


def test_every_line_keeps_its_number(tmp_path: Path) -> None:
    path = tidal(tmp_path)
    original = path.read_text(encoding="utf-8").split("\n")
    kept, _ = said(patched(path))
    changed = {a for a, b in zip(original, kept, strict=True) if a != b}
    assert "P R1 TOP PC OFF 1.2 0.6" in changed
    assert all(line.startswith(("P ", "RULE", "IF", "THEN", "ELSE")) for line in changed)
    assert said(patched(path, own_rules=True))[0] == original


def test_roughness_and_paving_are_multiplied(tmp_path: Path) -> None:
    kept, _ = said(patched(tidal(tmp_path), Changes(roughness=2.0, imperviousness=1.5)))
    assert "C R0 R1 300 0.05 0 0 0" in kept
    assert "S0 RG R0 60 100.0 800 1 0" in kept
    assert "S1 RG S0 5 75.0 100 1 0" in kept


def test_files_beside_the_model_are_linked_into_our_folder(tmp_path: Path) -> None:
    kept, _ = said(patched(filed(tmp_path)))
    rain = next(line for line in kept if line.startswith("RG VOLUME")).split()
    assert Path(rain[5]).resolve() == (tmp_path / "rain.dat").resolve()
    tide = next(line for line in kept if line.startswith("TIDE FILE"))
    assert Path(tide.split()[2]).read_text(encoding="utf-8").startswith("07/27/2023")


def test_what_a_model_would_save_is_not_saved(tmp_path: Path) -> None:
    path = tidal(tmp_path, extra='[FILES]\nSAVE HOTSTART "later.hsf"\n[REPORT]\nNODES ALL\n')
    kept, last = said(patched(path))
    assert not any("later.hsf" in line or "NODES ALL" in line for line in kept)
    assert "FLOWSTATS YES" in last


def test_words_of_older_versions_are_put_into_todays(tmp_path: Path) -> None:
    changes = {
        "THREADS 4": "NORMAL_FLOW_LIMITED NO",
        "INFILTRATION HORTON": "INFILTRATION GREEN_AMPT",
        "S0 60 6 4 7 0": "S0 3 0.5 4",
    }
    patch = patched(tidal(tmp_path, changes=changes))
    kept, _ = said(patch)
    assert "NORMAL_FLOW_LIMITED FROUDE" in kept
    assert "S0 3 0.5 1" in kept
    assert any("of old" in told for told in patch.told)
    assert any("Green-Ampt" in told for told in patch.told)


def test_a_quoted_first_name_loses_its_quotes_and_never_holds_a_blank(tmp_path: Path) -> None:
    kept, _ = said(patched(american(tmp_path)))
    assert any(line.startswith("J-1 100.0") for line in kept)
    spaced = tidal(tmp_path, changes={"R0 0.4 3.0": '"R 0" 0.4 3.0'})
    with pytest.raises(InpError, match=r"\[JUNCTIONS\] line \d+: SWMM takes no blank.*write _"):
        patched(spaced).text()
