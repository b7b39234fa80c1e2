"""The diary of a night: which night a log holds, and how a night that was cut short goes on."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from mindu.base.records import Event, Words
from mindu.base.wrong import said
from mindu.brain.world import World
from mindu.cli.live.store import LOG
from mindu.cli.say import Trouble
from mindu.data.keeping.home import CITY, home
from mindu.data.log import Log
from mindu.sim.past import relived

FIRST = "night"  # the event that opens a night
ROOM = Words("Mend the disk, or give another --data.", "请修复磁盘或腾出空间,或换 --data。")
OTHER = Words("Stop the other mindu, or give another --data.", "停止另一个 mindu,或换 --data。")


class Title(msgspec.Struct, frozen=True):
    """Which night: what must be the same for it to go on."""

    city: str
    storm: str
    seed: int
    since: float = 0.0  # h into the night at which the brain took over


def title_of(log: Log) -> Title | None:
    """Return which night a log holds; None where it holds none."""
    for seq in range(min(len(log), 8)):
        record = log[seq].record
        if isinstance(record, Event) and record.name == FIRST:
            return msgspec.convert(record.args, Title, strict=False)  # a seed is kept as text
    return None


def open_for(title: Title, folder: Path) -> Log:
    """Open the folder's log; one of another night is put aside, never overwritten.

    Raises:
        Trouble: another process holds it, or it cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        where = home(folder).log()
        log = Log.open(where)
        if len(log) and title_of(log) != title:
            log.close()
            put_aside(folder)
            log = Log.open(where)
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(f"The log cannot be opened: {wrong}", f"日志打不开:{said(wrong).zh}"),
            ROOM if isinstance(wrong, OSError) else OTHER,
        ) from wrong
    return log


def put_aside(folder: Path) -> None:
    """Give the folder's log, and all that lies beside it, the next free number."""
    there = home(folder)
    if there.server is not None:
        aside = [name for name in there.logs() if name.startswith(f"{CITY}.")]
        there.rename(CITY, f"{CITY}.{len(aside) + 1}")
        return
    path = folder / LOG
    number = len(list(folder.glob(f"{path.stem}.*{path.suffix}"))) + 1
    for kept in sorted(folder.glob(f"{LOG}*")):
        tail = kept.name.removeprefix(LOG)
        kept.rename(folder / f"{path.stem}.{number}{path.suffix}{tail}")


def begin(log: Log, title: Title, world: World, *, start: datetime, step: timedelta) -> datetime:
    """Open a new night, or bring the world to where the log ends; return the hour it is.

    A pretend city is the same for the same seed and the same commands, so it is lived again.
    """
    if not len(log):
        args = {name: str(value) for name, value in msgspec.structs.asdict(title).items()}
        log.append(Event(FIRST, dict(args)), at=start, about=title.city, by="mindu")
        log.commit()
        return start
    until = max(log[seq].at for seq in range(max(len(log) - 50, 0), len(log)))
    relived(world, log, until, start=start, step=step)
    return until
