"""The doctor: is this machine fit to run a city, and how to mend what is not."""

import argparse
import importlib
import os
import shutil
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile

from mindu.base.records import Words
from mindu.base.time import SystemClock, monotonic
from mindu.cli.keeping.backup import newest
from mindu.cli.live.kept import Found, store
from mindu.cli.live.maps import maps_in
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.console.words import pick

LIBRARIES = ("apsw", "cryptography", "highspy", "matplotlib", "msgspec", "numpy", "pyarrow",
             "rich", "scipy", "swmm.toolkit", "tzdata")  # fmt: skip
AMISS = timedelta(minutes=2)  # that a clock may run behind its own files
DISK_GB, MEMORY_GB, SLOW_SYNC_MS = 1.0, 1.0, 50.0


def doctor(asked: argparse.Namespace, voice: Voice) -> int:
    """Look at everything; 1 if something needs mending."""
    folder = state(asked.data)
    lang = voice.lang
    found = [_python(), _libraries(lang), _swmm(), _disk(folder), _sync(folder), _memory(),
             _clock(folder, lang), _datum(folder, lang), _port(asked.port), store(folder, lang),
             newest(folder, SystemClock().now(), lang)]  # fmt: skip
    lines = []
    for it in found:
        lines.append(f"{'✓' if it.good else '✗'} {it.name:<10} {it.value}")
        if not it.good:
            lines.append(f"    → {pick(it.mend, voice.lang)}")
    voice.data(found, "\n".join(lines))
    return GOOD if all(it.good for it in found) else FOUND


def _python() -> Found:
    told = ".".join(map(str, sys.version_info[:3]))
    mend = Words("Install Python 3.11 or newer.", "请安装 Python 3.11 或更新版本。")
    return Found("python", sys.version_info >= (3, 11), told, mend)


def _libraries(lang: str) -> Found:
    missing = [name for name in LIBRARIES if not _imports(name)]
    mend = Words("Run `make up` again, or `pip install mindu`.", "请重新运行 make up。")
    gone = ", ".join(missing)
    told = pick(Words(f"missing: {gone}", f"缺少:{gone}"), lang) if gone else f"{len(LIBRARIES)}"
    return Found("libraries", not missing, told, mend)


def _swmm() -> Found:
    mend = Words("Reinstall swmm-toolkit for this machine.", "请为本机重装 swmm-toolkit。")

    def version() -> str:
        solver = importlib.import_module("swmm.toolkit.solver")
        return str(solver.swmm_version_info())

    return _tried("swmm", version, mend)


def _disk(folder: Path) -> Found:
    spot = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(spot).free / 1e9
    mend = Words(f"Free {DISK_GB} GB, or give --data elsewhere.", "请腾出空间或换 --data。")
    return Found("disk", free >= DISK_GB, f"{free:.1f} GB", mend)


def _sync(folder: Path) -> Found:
    mend = Words("The disk syncs slowly: use a local one.", "磁盘同步慢:请用本地磁盘。")
    spot = next(p for p in (folder, *folder.parents) if p.exists())
    try:
        with TemporaryFile(dir=spot) as file:
            began = monotonic()
            for _ in range(5):
                file.write(b"x" * 4096)
                file.flush()
                os.fsync(file.fileno())
            spent = (monotonic() - began) / 5 * 1e3
    except OSError as wrong:
        return Found("fsync", False, str(wrong), mend)  # noqa: FBT003
    return Found("fsync", spent < SLOW_SYNC_MS, f"{spent:.1f} ms", mend)


def _memory() -> Found:
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    mend = Words("Close other programs: a city wants 1 GB.", "请关闭其他程序:需 1 GB 内存。")
    return Found("memory", free >= MEMORY_GB, f"{free:.1f} GB", mend)


def _clock(folder: Path, lang: str) -> Found:
    """Say whether the clock is behind what was written by it: then it was set back, or is dead."""
    mend = Words("Set the clock, by NTP for instance: what is written would lie in the past.",
                 "请校准时钟(如启用 NTP):否则新写入的时间将早于已有记录。")  # fmt: skip
    now = SystemClock().now()
    files = [Path(__file__), *(folder.glob("*") if folder.is_dir() else ())]
    newest = datetime.fromtimestamp(max(file.stat().st_mtime for file in files), UTC)
    behind = newest - now
    told = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if behind > AMISS:
        late = pick(Words(f"{behind} behind its files", f"比文件时间慢 {behind}"), lang)
        return Found("clock", good=False, value=f"{told}, {late}", mend=mend)
    return Found("clock", good=True, value=told, mend=mend)


def _datum(folder: Path, lang: str) -> Found:
    """Say whether every base map lies in the one datum that is used inside."""
    mend = Words("Mend maps/maps.toml.", "请改正 maps/maps.toml。")
    try:
        maps = maps_in(folder)
    except Trouble as wrong:
        return Found("datum", good=False, value=pick(wrong.wrong, lang), mend=wrong.mend)
    count = pick(Words(f"{len(maps)} maps", f"{len(maps)} 幅底图"), lang)
    return Found("datum", good=True, value=f"WGS-84, {count}", mend=mend)


def _port(port: int) -> Found:
    mend = Words("Something listens there: give --port 0.", "端口被占用:请用 --port 0。")

    def bind() -> str:
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(("127.0.0.1", port))
        return str(port)

    return _tried("port", bind, mend)


def _tried(name: str, look: Callable[[], str], mend: Words) -> Found:
    try:
        return Found(name, True, look(), mend)  # noqa: FBT003
    except (ImportError, OSError, AttributeError, RuntimeError) as wrong:
        return Found(name, False, str(wrong), mend)  # noqa: FBT003


def _imports(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True
