"""The installed wheel in a network namespace with a loopback alone: the console is whole there.

What it needs besides a Chromium: `unshare` with the right to make a network namespace (root, or
user namespaces). Its libraries are those of this environment, lent by a path file; the house itself
is the wheel, freshly built and installed into an environment of its own.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from stage import found_chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PATIENCE = 600  # s


def run(*command: str | Path, **more: object) -> "subprocess.CompletedProcess[str]":
    told = [str(word) for word in command]
    done = subprocess.run(  # type: ignore[call-overload]
        told, capture_output=True, text=True, timeout=PATIENCE, check=False, **more
    )
    assert done.returncode == 0, f"{told[:4]}: {done.stdout[-2000:]}{done.stderr[-3000:]}"
    assert isinstance(done, subprocess.CompletedProcess)
    return done


@pytest.fixture(scope="module")
def apart() -> list[str]:
    """Return the command that runs another one without any network."""
    unshare = shutil.which("unshare")
    assert unshare, "a network namespace needs `unshare`: apt-get install -y util-linux"
    root = [unshare, "--net"] if os.geteuid() == 0 else [unshare, "--map-root-user", "--net"]
    tried = subprocess.run([*root, "true"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, (
        f"no network namespace may be made here ({tried.stderr.strip()}): run this as root, or "
        "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)"
    )
    return root


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment that has the wheel."""
    room = tmp_path_factory.mktemp("wheel")
    source = room / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, source / name)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", source / "src", ignore=ignored)
    quiet = ("--disable-pip-version-check", "--no-deps", "--no-index", "-q")
    build = (sys.executable, "-m", "pip", "wheel", *quiet, "--no-build-isolation")
    run(*build, "-w", room, source)
    (wheel,) = room.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", room / "venv")
    python = room / "venv" / "bin" / "python"
    bare = {name: told for name, told in os.environ.items() if name != "PYTHONPATH"}
    run(sys.executable, "-m", "pip", "--python", python, "install", *quiet, wheel, env=bare)
    (site,) = (room / "venv" / "lib").glob("python*/site-packages")
    lent = sysconfig.get_paths()["purelib"]
    (site / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return python


def test_the_installed_wheel_needs_no_network_at_all(
    apart: list[str], installed: Path, tmp_path: Path
) -> None:
    here = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    told = run(
        *apart, sys.executable, HERE / "alone.py", installed, found_chromium(), tmp_path, env=here
    )
    seen = json.loads(told.stdout.splitlines()[-1])
    assert seen["interfaces"] == ["lo"]
    assert Path(seen["mindu"]).is_relative_to(installed.parents[1]), "the wheel was not what ran"
    assert seen["left"] == []
    assert seen["broken"] == []
    assert seen["served_out"] == 0, "the city itself looked for a way out"
    assert seen["requests"] > 20
    assert seen["colours"] > 30, "the map is an empty box"
