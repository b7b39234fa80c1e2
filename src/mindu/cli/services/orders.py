"""Orders: a verb is done by the process that serves the hall, or by one that opens its log."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mindu.base.records import Words
from mindu.cli.counter.beside import Done, Spoken, ask, taking
from mindu.cli.say import Trouble
from mindu.cli.services.hall import Hall, opened

SOCKET = "services.sock"
BASE = "http://localhost:8024"  # no address is served by a verb
PATIENCE_S = 30.0  # that an order waits for its turn between two requests
SERVED = Words("Stop the server: one process writes a log.", "请先停止服务:日志仅由一个进程写入。")
BUSY = Words("The hall is busy.", "大厅正忙。")
STRANGE = Words("The hall that serves does not know this order.", "正在运行的大厅不支持该操作。")
AGAIN = Words("Try again.", "请重试。")
UPDATE = Words("Start it anew with this version.", "请用本版本重新启动。")


Do = Callable[[Hall, Mapping[str, Any]], Done]


def give(folder: Path, order: Spoken, do: Do) -> Done:
    """See to an order and return what came of it; durable when this returns.

    Raises:
        Trouble: it was refused, or the log is held by somebody who takes no orders.
    """
    told = ask(folder, order, SOCKET)
    if told is not None:
        return Done.heard(told)
    try:
        hall = opened(folder, BASE)
    except (RuntimeError, ValueError, OSError) as wrong:
        raise Trouble(Words(str(wrong), str(wrong)), SERVED) from None
    try:
        return do(hall, order.said)
    finally:
        hall.site.counter.processes.memory.log.close()


@contextmanager
def taken(
    hall: Hall, folder: Path, loop: asyncio.AbstractEventLoop, does: Mapping[str, Do]
) -> Iterator[None]:
    """Take orders for a hall that serves on a loop, between its requests, until the block ends."""

    async def inside(do: Do, said: Mapping[str, Any]) -> Done:
        return do(hall, said)

    def carry_out(order: Spoken) -> dict[str, str]:
        do = does.get(order.verb)
        if do is None:
            raise Trouble(STRANGE, UPDATE)
        future = asyncio.run_coroutine_threadsafe(inside(do, order.said), loop)
        try:
            done = future.result(PATIENCE_S)
        except TimeoutError:
            future.cancel()
            raise Trouble(BUSY, AGAIN) from None
        except (LookupError, TypeError, RuntimeError, OSError) as wrong:
            raise Trouble(Words(str(wrong), f"未能执行:{wrong}"), AGAIN) from wrong
        return done.told()

    with taking(folder, carry_out, Spoken, SOCKET):
        yield
