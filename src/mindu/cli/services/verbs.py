"""`mindu process FILE.bpmn` checks a drawing; `mindu services` serves the pages of 一网好办."""

import argparse
import asyncio
import os
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mindu.base.records import Words
from mindu.base.time import SystemClock
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state

if TYPE_CHECKING:
    from mindu.apps.services.web.site import Site

LOOK_S = 20.0  # between two looks at the clock
LOG, SECRET = "services.mindu", "services.secret"
VAULT = "services.vault"  # a folder of its own: another app may keep a vault beside it
BYTES = 32  # of the secret


def process(asked: argparse.Namespace, voice: Voice) -> int:
    """Say whether a BPMN file runs here, and what keeps it from running, element by element."""
    from mindu.engines.process import check, read  # noqa: PLC0415 - verbs load what they need
    from mindu.engines.rules import ModelError  # noqa: PLC0415

    try:
        definition = read(asked.file.read_bytes())
        problems = check(definition)
    except OSError as wrong:
        mend = Words("Give the path of a .bpmn file.", "请给出 .bpmn 文件的路径。")
        raise Trouble(Words(str(wrong), str(wrong)), mend) from None
    except ModelError as wrong:
        problems, definition = (wrong.problem,), None
    told = {
        "runs": not problems,
        "nodes": 0 if definition is None else len(definition.nodes),
        "problems": [{"where": p.where, "en": p.en, "zh": p.zh} for p in problems],
    }
    lines = [f"{p.where}: {p.zh if voice.lang == 'zh' else p.en}" for p in problems]
    good = "可以运行" if voice.lang == "zh" else "it runs"
    voice.data(told, "\n".join(lines) or good)
    return FOUND if problems else GOOD


def services(asked: argparse.Namespace, voice: Voice) -> int:
    """Serve the pages until they are stopped."""
    import uvicorn  # noqa: PLC0415 - verbs load what they need

    from mindu.apps.services.web import apply  # noqa: PLC0415
    from mindu.apps.services.web.site import application  # noqa: PLC0415

    try:
        site = opened(state(asked.data))
    except (RuntimeError, ValueError, OSError) as wrong:
        mend = Words("Stop the other one, or give another --data.", "请先停止另一个,或换 --data。")
        raise Trouble(Words(str(wrong), str(wrong)), mend) from None
    voice.note(Words(f"http://{asked.host}:{asked.port}/", f"http://{asked.host}:{asked.port}/"))
    app = application(site, apply.routes(site))
    how = uvicorn.Config(app, host=asked.host, port=asked.port, log_level="warning")
    asyncio.run(_with_a_clock(uvicorn.Server(how).serve, site))
    return GOOD


async def _with_a_clock(serve: Callable[[], Awaitable[None]], site: "Site") -> None:
    """Serve, and let timers ring between two requests."""

    async def clock() -> None:
        while True:
            try:
                site.counter.processes.ring(site.now())
            except Exception:  # noqa: BLE001 - told; the next look tries again
                traceback.print_exc()
            await asyncio.sleep(LOOK_S)

    ticking = asyncio.create_task(clock())
    try:
        await serve()
    finally:
        ticking.cancel()


def opened(folder: Path) -> "Site":
    """Return the site over the log and the vault of a folder."""
    from mindu.apps.services import items  # noqa: PLC0415
    from mindu.apps.services.counter import Counter  # noqa: PLC0415
    from mindu.apps.services.package import SHIPPED, shipped  # noqa: PLC0415
    from mindu.apps.services.rating import Ratings  # noqa: PLC0415
    from mindu.apps.services.web.site import Site  # noqa: PLC0415
    from mindu.brain.memory import Memory  # noqa: PLC0415
    from mindu.brain.processes.runs import Processes  # noqa: PLC0415
    from mindu.data.log import Log  # noqa: PLC0415
    from mindu.data.vault import Vault  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    secret = _secret(folder / SECRET)
    processes = Processes(Memory(Log.open(str(folder / LOG)), {}, seed=0))
    packages = {name: shipped(name) for name in SHIPPED}
    counter = Counter(
        processes, Vault(folder / VAULT), items.shipped(), packages, salt=secret.hex()
    )
    clock = SystemClock()
    counter.open(clock.now())
    ratings = Ratings(counter)
    ratings.open(clock.now())
    return Site(counter, ratings, clock.now, lambda: os.urandom(16).hex(), secret)


def _secret(path: Path) -> bytes:
    """Return the secret that seals cookies, made once and readable by its owner alone."""
    if not path.exists():
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_bytes(os.urandom(BYTES))
        part.replace(path)
    secret = path.read_bytes()
    if len(secret) != BYTES:
        raise Trouble(
            Words(f"{path} holds no secret of {BYTES} bytes.", f"{path} 内容不完整。"),
            Words("Take a copy back, or remove it: open forms must be loaded again.",
                  "请恢复备份,或删除它(已打开的表单需重新加载)。"),
        )  # fmt: skip
    return secret


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both verbs to the command line."""
    told = "does this BPMN drawing run, and what keeps it from running 流程检查"
    add = verbs.add_parser("process", help=told, description=told)
    add.add_argument("file", type=Path, metavar="FILE.bpmn")
    _common(add)
    told = "the pages of one-stop services 一网好办"
    add = verbs.add_parser("services", help=told, description=told)
    add.add_argument("--port", type=int, default=8024)
    add.add_argument("--host", default="127.0.0.1", help="put a door with TLS in front of others")
    _common(add)


def _common(add: argparse.ArgumentParser) -> None:
    add.add_argument("--data", type=Path, help="folder of the log (default: the user's state)")
    add.add_argument("--json", action="store_true", help="print JSON on standard output")
    add.add_argument("--lang", choices=["zh", "en"])
