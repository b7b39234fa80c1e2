"""The house checks its own floors, types and lint with public tools."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "floors": ["lint-imports", "--no-cache"],
    "types": ["mypy"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_house_holds(tool: str) -> None:
    command = [str(Path(sys.executable).parent / TOOLS[tool][0]), *TOOLS[tool][1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-6000:]}{done.stderr[-2000:]}"


def test_the_floors_have_no_exceptions_list() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "ignore_imports" not in text, "mend the floor instead"


BREACHES = {
    "floors": ("data/log.py", "import mindu.brain.brain"),
    "apps-apart": ("apps/water/__init__.py", "import mindu.apps.planted"),
    "one-door": ("apps/water/__init__.py", "import mindu.data.log"),
    "pure": ("brain/judge.py", "import pathlib"),
    "engines-alone": ("engines/hydraulics/port.py", "import mindu.data.log"),
    "no-circles": ("base/units.py", "import mindu.base.records\nimport mindu.brain.app"),
    "blind-face": ("sim/faults.py", "import mindu.apps.water"),
}


@pytest.mark.parametrize("contract", BREACHES)
def test_a_planted_breach_is_seen(contract: str, tmp_path: Path) -> None:
    where, line = BREACHES[contract]
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "src/mindu/apps/planted").mkdir()
    (tmp_path / "src/mindu/apps/planted/__init__.py").write_text('"""Planted."""\n')
    room = tmp_path / "src/mindu" / where
    room.write_text(f"{room.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(
        [*command, "--contract", contract],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, f"{contract} let {line!r} pass in {where}:\n{done.stdout[-2000:]}"
    assert "BROKEN" in done.stdout
