"""The archive beside a line that serves: read in its own thread, kept in a file beside the log.

The file only spares reading: missing, cut or of another log, the archive is read anew, and intake
goes on meanwhile.
"""

import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

from mindu.base.records import Entry
from mindu.cli.counter.behind.again import again
from mindu.cli.counter.behind.watch import places
from mindu.cli.hotline.model import written
from mindu.cli.say import Trouble
from mindu.edge.counter.counter import Counter
from mindu.edge.together.archive import Archive
from mindu.edge.together.repeats import Repeats

FILE = "cases.archive"
LARGEST = 4 << 30  # bytes of the file
EVERY_S = 5.0  # s between two looks for new cases
KEPT = 50_000  # new cases after which the file is written again; and when the line closes
ENDS_S = 60.0  # s that the last writing may take


@contextmanager
def archiving(folder: Path, counter: Counter, every: float = EVERY_S) -> Iterator[Archive]:
    """Keep an archive up to date until the block ends."""
    archive = Archive(counter.office, counter.lock)
    fresh: int | None = None  # cases when the file was written last

    def read(stop: Event) -> None:
        nonlocal fresh
        if fresh is None:
            taken_up(archive, folder / FILE)
            fresh = len(archive)
        archive.renew(stop.is_set)
        if len(archive) - fresh >= KEPT:
            keep(archive, folder / FILE)
            fresh = len(archive)

    with ExitStack() as held:
        held.callback(lambda: None if reading.is_alive() else keep(archive, folder / FILE))
        reading = held.enter_context(again(read, every=every, ends=ENDS_S))  # it ends first
        yield archive


def asking(counter: Counter, archive: Archive) -> Repeats:
    """Let intake ask the archive what each new case may repeat, after what it does already."""
    repeats, before = Repeats(archive, places), counter.seen
    with counter.lock:
        repeats.take_up()

    def seen(entry: Entry) -> None:
        if before is not None:
            before(entry)
        try:
            repeats.ask(entry.seq, entry.at)
        except Exception:  # noqa: BLE001 - told; a suggestion must not cost a caller the case
            traceback.print_exc()

    counter.seen = seen
    return repeats


def taken_up(archive: Archive, path: Path) -> bool:
    """Take up the file if it is whole and of this log; say whether it was."""
    try:
        if not 0 < path.stat().st_size <= LARGEST:
            return False
        archive.load(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def keep(archive: Archive, path: Path) -> None:
    """Write the file, whole or not at all; a full disk costs reading again, no more."""
    try:
        written(path, archive.dump())
    except (OSError, Trouble):
        traceback.print_exc()
