"""The wheel holds all that a user needs: every room, every asset, every table of figures."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
LEFT_OUT = {".pyc"}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build the wheel from a copy of what is kept, and list what it holds."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_every_file_of_the_package_ships_in_the_wheel(held: set[str]) -> None:
    kept = {
        path.relative_to(SRC).as_posix()
        for path in (SRC / "mindu").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in LEFT_OUT
    }
    assert kept <= held, f"not in the wheel: {sorted(kept - held)}"


def test_the_wheel_brings_its_licence_and_its_command(held: set[str]) -> None:
    assert any(name.endswith("LICENSE") for name in held)
    assert any(name.endswith("entry_points.txt") for name in held)
