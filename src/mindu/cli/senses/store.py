"""The store of the senses, opened for one run of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mindu.base.records import Words
from mindu.base.time import SystemClock
from mindu.cli.say import Trouble
from mindu.data.senses import deeds
from mindu.data.senses.journal import DEED
from mindu.data.senses.senses import Senses

FOLDER = "senses"


def now_ms() -> int:
    """Return the epoch ms."""
    return round(SystemClock().now().timestamp() * 1000)


@contextmanager
def opened(folder: Path) -> Iterator[Senses]:
    """Open the store of a folder, and turn what goes wrong into words."""
    try:
        store = Senses(folder)
    except RuntimeError as wrong:
        raise Trouble(
            Words(str(wrong), f"{folder} 正被另一进程写入。"),
            Words("Ask the running node over HTTP, or stop it.", "请通过 HTTP 查询,或先停止它。"),
        ) from wrong
    except ValueError as wrong:
        raise Trouble(
            Words(str(wrong), f"{folder} 已损坏:{wrong}"),
            Words("Restore the named file from a copy.", "请从备份恢复所指文件。"),
        ) from wrong
    try:
        with told_well():
            if done := deeds.begun(store.registry, now_ms()):
                store.commit([(DEED, deeds.encode(done))])
            yield store
    finally:
        store.close()


@contextmanager
def told_well() -> Iterator[None]:
    """Turn what is wrong with what was asked into words."""
    try:
        yield
    except (ValueError, KeyError, OSError) as wrong:
        why = str(wrong.args[0]) if isinstance(wrong, KeyError) else str(wrong)
        raise Trouble(
            Words(why, why), Words("Mend it and run this again.", "请改正后重试。")
        ) from wrong
