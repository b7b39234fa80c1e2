"""Nights: what was lived before and lies beside the log, opened at rest; the first is recorded."""

import os
import shutil
import subprocess
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock, Thread

from mindu.base.records import Words
from mindu.base.time import HOUR, monotonic
from mindu.cli.live.diary import title_of
from mindu.cli.live.ending import BOUND
from mindu.cli.live.night import NAMES
from mindu.cli.live.store import LOG, Stored
from mindu.console.contract.learning import NightInfo
from mindu.console.declared import City
from mindu.data.keeping.home import SETTING
from mindu.data.log import Log

STORM = Words("A night of the same storm", "同一场暴雨之夜")
FOLDER, MAKING = "nights", "making"
OPENED = 2  # nights held open; the one opened longest ago is closed
LISTED = 50
PATIENCE = 10.0  # s for the recording to end after it was told to
STALE = 2.0  # s that what is told of a recording may be old
KIND = 15  # niceness of a recording: the living city comes first


class Nights:
    """The nights in one folder: logs put aside by later nights, and nights recorded as a whole."""

    def __init__(self, data: Path, *, city: City) -> None:
        """Know the folder; `city` declares what its apps call things."""
        self._data, self._city = data, City(apps=city.apps, maps=city.maps)
        self._lock = Lock()
        self._told: dict[tuple[str, float], NightInfo] = {}
        self._opened: OrderedDict[str, tuple[Log, Stored]] = OrderedDict()
        self._child: subprocess.Popen[bytes] | None = None
        self._hours, self._began = 0.0, 0.0  # of the night that is recorded; when that began
        self._making: tuple[float, NightInfo] | None = None
        self._closed = False

    def listed(self) -> Sequence[NightInfo]:
        """Return all, the newest first; one that is being recorded comes last."""
        with self._lock:
            found = sorted(self._files().values(), key=lambda file: -file.stat().st_mtime)
            told = [info for file in found[:LISTED] if (info := self._info(file))]
            child = self._child
        if child is not None and child.poll() is None:
            told.append(self._recording())
        return told

    def open(self, name: str) -> Stored:
        """Return one as a feed at rest.

        Raises:
            KeyError: there is none of that name.
        """
        with self._lock:
            if name not in self._opened:
                file = self._files()[name]
                info = self._info(file)
                if info is None:
                    raise KeyError(name)
                log = Log.read(str(file))
                self._opened[name] = (log, Stored(log, name=info.title, city=self._city))
            self._opened.move_to_end(name)
            if len(self._opened) > OPENED:
                self._opened.popitem(last=False)[1][0].close()
            return self._opened[name][1]

    def record(
        self, command: Sequence[str], *, hours: float, done: Callable[[], None] = lambda: None
    ) -> None:
        """Record a night of so many hours in a process of its own, if there is none yet.

        `command` is a program that is given `--data FOLDER`. Its night is called ready only when
        it ended well; one that was cut short is made anew.
        """
        making = self._data / FOLDER / MAKING
        if self._files() or self._closed:
            return
        making.mkdir(parents=True, exist_ok=True)
        for old in making.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        self._hours, self._began = hours, monotonic()
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--data", str(making)],
            stdin=subprocess.PIPE,  # closes when we die, also by kill -9: a recording ends with us
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
            env={k: told for k, told in os.environ.items() if k != SETTING} | {BOUND: "1"},
        )
        os.setpriority(os.PRIO_PROCESS, self._child.pid, KIND)
        Thread(target=self._kept, args=(making, done), name="recording", daemon=True).start()

    def close(self) -> None:
        """End a recording, and close what was opened."""
        self._closed = True
        child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        with self._lock:
            for log, _ in self._opened.values():
                log.close()
            self._opened.clear()

    def _kept(self, making: Path, done: Callable[[], None]) -> None:
        """Wait for the recording, and give it its name."""
        assert self._child is not None
        assert self._child.stdin is not None
        well = self._child.wait() == 0
        self._child.stdin.close()
        if well and not self._closed and (making / LOG).exists():
            for file in sorted(making.glob(f"{LOG}*")):
                file.rename(making.parent / f"recorded{file.name.removeprefix('city')}")
            done()

    def _files(self) -> dict[str, Path]:
        stem, suffix = Path(LOG).stem, Path(LOG).suffix
        found = [*self._data.glob(f"{stem}.*{suffix}"), *(self._data / FOLDER).glob(f"*{suffix}")]
        return {file.stem: file for file in found if file.is_file()}

    def _info(self, file: Path) -> NightInfo | None:
        """Return what is told of one; None where it is no night that can be read."""
        key = (file.stem, file.stat().st_mtime)
        if key not in self._told:
            try:
                with Log.read(str(file)) as log:
                    title = title_of(log)
                    if title is None:
                        return None
                    of = NAMES.get(title.city, Words(title.city, title.city))
                    tail = f"· {title.storm} · {title.seed}"
                    self._told[key] = NightInfo(
                        name=file.stem,
                        title=Words(f"{of.en} {tail}", f"{of.zh} {tail}"),
                        first=log[0].at,
                        last=log[-1].at,
                        entries=len(log),
                    )
            except (ValueError, OSError, RuntimeError):
                return None
        return self._told[key]

    def _recording(self) -> NightInfo:
        """Tell how far the recording has come, and how long it takes if it goes on as it went."""
        now = monotonic()
        if self._making is None or now - self._making[0] > STALE:
            share, entries = self._lived()
            left = (now - self._began) * (1.0 / share - 1.0) if share > 0.0 else None
            told = NightInfo(name=MAKING, title=STORM, first=None, last=None, entries=entries,
                             ready=False, share=share, left_s=left)  # fmt: skip
            self._making = (now, told)
        return self._making[1]

    def _lived(self) -> tuple[float, int]:
        """Return the share of the night that is in the recording's log, and its entries."""
        file = self._data / FOLDER / MAKING / LOG
        try:
            with Log.read(str(file)) as log:
                if not len(log):
                    return 0.0, 0
                lived = (log[-1].at - log[0].at) / (self._hours * HOUR)
                return min(max(lived, 0.0), 1.0), len(log)
        except (ValueError, OSError, RuntimeError):
            return 0.0, 0  # it is not there yet
