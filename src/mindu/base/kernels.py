"""Kernels: functions over columns that numba turns into machine code, where numba is installed.

Only rooms called `quick` import this one, and only a node that wants speed imports those: without
them nothing of numba is loaded. A kernel makes no object and raises nothing. What was compiled is
kept on disk, in a folder that is named after
the text of all kernels: numba by itself does not see that a kernel changed which another one calls.
"""

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
_MADE: list[Any] = []
KEPT = 4  # versions of the kernels whose machine code is kept
_PACKAGE = Path(__file__).parents[1]


def home() -> Path:
    """Return where machine code is kept: `NUMBA_CACHE_DIR`, or `mindu` among the user's caches."""
    told = os.environ.get("NUMBA_CACHE_DIR", "")
    caches = os.environ.get("XDG_CACHE_HOME", "") or str(Path.home() / ".cache")
    return Path(told) if told else Path(caches) / "mindu"


def version() -> str:
    """Return a name that changes with the text of any kernel."""
    rooms = sorted([Path(__file__), *_PACKAGE.rglob("quick/*.py")])
    return sha256(b"".join(room.read_bytes() for room in rooms)).hexdigest()[:16]


def _folder() -> Path | None:
    """Return the folder of these kernels, making it; None where nothing can be written."""
    try:
        folder = home() / f"kernels-{version()}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        old = sorted(home().glob("kernels-*"), key=lambda it: it.stat().st_mtime)
        for gone in old[:-KEPT]:
            shutil.rmtree(gone, ignore_errors=True)
    except (OSError, RuntimeError):  # there is no home
        return None
    return folder if os.access(folder, os.W_OK) else None


FOLDER = _folder()
_CONFIG: Any = numba.config  # its types name no setting
_NJIT: Any = numba.njit  # nor `_nrt`
_CONFIG.CACHE_DIR = str(FOLDER or "")


def kernel(function: F) -> F:
    """Return a function as machine code; without a folder it is compiled anew in each process.

    It keeps Python's lock: to give it up and ask for it again costs more than a short kernel.
    """
    return _compiled(function, nogil=False)


def long(function: F) -> F:
    """Return a function as machine code that lets others have Python's lock while it runs."""
    return _compiled(function, nogil=True)


def _compiled(function: F, *, nogil: bool) -> F:
    told = _NJIT(nogil=nogil, cache=FOLDER is not None, error_model="numpy", _nrt=False)
    found = told(function)
    _MADE.append(found)
    return cast("F", found)


def forms() -> int:
    """Count the forms of columns for which kernels were compiled or loaded in this process."""
    return sum(len(it.signatures) for it in _MADE)
