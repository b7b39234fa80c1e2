"""Where Node's packages are installed, a rebuild gives the committed bytes."""

import os
import shutil
import subprocess
from pathlib import Path

from made import STATIC, WEB, built, digest, node


def packages() -> None:
    """Install the pinned packages where nobody has yet."""
    if not (WEB / "node_modules").is_dir():
        npm = shutil.which("npm")
        assert npm, "a rebuild needs npm: install nodejs and npm, or leave web/ as it is"
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=WEB, check=True, timeout=300)


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    packages()
    again = tmp_path / "static"
    vite = [node(), "node_modules/vite/bin/vite.js", "build", "--logLevel", "error"]
    here = {**os.environ, "MINDU_STATIC": str(again)}
    done = subprocess.run(vite, cwd=WEB, env=here, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    assert digest(again, built(again)) == digest(STATIC, built())
