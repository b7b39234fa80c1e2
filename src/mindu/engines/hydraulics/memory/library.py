"""SWMM as the toolkit brings it, in a box where the system can hold one; a model opened in it."""

import ctypes
import importlib.util
from pathlib import Path

from mindu.engines.hydraulics.memory.box import ROOM, Box, NoBoxError, boxed
from mindu.engines.hydraulics.reading.fields import InpError

KNOWN = 52004  # the SWMM version whose records layout.py holds
ROOM_A_BYTE = 64  # bytes of heap reserved a byte of the file; models of ours use about a tenth


class AbsentError(RuntimeError):
    """SWMM is not installed, or is another version than we know."""


def library(model: Path) -> tuple[ctypes.PyDLL, Box | None]:
    """Return the library that will run a model, and its box where there is one."""
    spec = importlib.util.find_spec("swmm.toolkit")  # not entered: it would load SWMM twice
    folders = [Path(p) for p in spec.submodule_search_locations or ()] if spec else []
    found = [p for f in folders for kind in ("libswmm5*", "swmm5*") for p in sorted(f.glob(kind))]
    if not found:
        raise AbsentError("no libswmm5 is found; install swmm-toolkit 0.16 or later")
    try:
        box = boxed(found[0], ROOM + ROOM_A_BYTE * model.stat().st_size)
    except NoBoxError:
        box = None
    # One thread has nobody to let in: a call that gave the interpreter away would cost more.
    lib = ctypes.PyDLL(str(found[0])) if box is None else box.lib
    version = int(lib.swmm_getVersion())
    if version != KNOWN:
        raise AbsentError(
            f"SWMM {version} is installed, {KNOWN} is known; install swmm-toolkit 0.17"
        )
    lib.massbal_getFlowError.restype = ctypes.c_double
    lib.massbal_getFlowError.argtypes = [ctypes.c_char]
    lib.swmm_setLinkSetting.argtypes = [ctypes.c_int, ctypes.c_double]
    lib.swmm_setGagePrecip.argtypes = [ctypes.c_int, ctypes.c_double]
    lib.swmm_getGagePrecip.argtypes = [
        ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_double),
    ]  # fmt: skip
    return lib, box


def started(lib: ctypes.PyDLL, path: Path, of: str) -> None:
    """Open and start the model at `path`, our copy of the file `of`; InpError in SWMM's words."""
    report = path.with_suffix(".rpt")
    names = (str(p).encode() for p in (path, report, path.with_suffix(".out")))
    if lib.swmm_open(*names):
        raise _wrong(lib, report, (f"{of} cannot be read by SWMM", f"SWMM 无法读取 {of}"))
    if lib.swmm_start(0):
        raise _wrong(lib, report, (f"{of} cannot be started by SWMM", f"SWMM 无法启动 {of}"))


def _wrong(lib: ctypes.PyDLL, report: Path, what: tuple[str, str]) -> InpError:
    """Return SWMM's own words, which it writes down only when it closes, with section and line."""
    lib.swmm_close()
    try:
        lines = report.read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    found: list[str] = []
    for k, line in enumerate(lines):
        if "ERROR" in line:
            found.append(" ".join(" ".join(lines[k : k + 2]).split()))
    en, zh = what
    told = "; ".join(found[:5])
    return InpError(
        f"{en}: {told or 'it gives no reason'}; mend the line that it names",
        f"{zh}：{told or '未说明原因'}；请修改所指的那一行",
    )
