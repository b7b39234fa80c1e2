"""`mindu process FILE.bpmn` checks a drawing; `mindu services` serves the pages of 一网好办."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mindu.base.records import Words
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state

if TYPE_CHECKING:
    from mindu.cli.services.hall import Hall
    from mindu.cli.services.notices import Notices

HERE = {"127.0.0.1", "localhost", "::1"}


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

    from mindu.cli.services.clock import Beats, with_a_clock  # noqa: PLC0415
    from mindu.cli.services.hall import application, opened  # noqa: PLC0415
    from mindu.cli.services.notices import Notices  # noqa: PLC0415
    from mindu.edge.callback.settings import settings  # noqa: PLC0415

    base = (
        asked.public or f"http://{'localhost' if asked.host in HERE else asked.host}:{asked.port}"
    )
    try:
        _, doors = settings(state(asked.data))
        hall = opened(state(asked.data), base.rstrip("/"))
    except (RuntimeError, ValueError, OSError) as wrong:
        mend = Words("Stop the other one, or give another --data.", "请先停止另一个,或换 --data。")
        raise Trouble(Words(str(wrong), str(wrong)), mend) from None
    notices = Notices(hall, doors)
    voice.note(Words(f"{base}/ (identity: {base}/id/; desk of the staff: {base}/desk/)",
                     f"{base}/(身份:{base}/id/;工作人员办件台:{base}/desk/)"))  # fmt: skip
    how = uvicorn.Config(application(hall), host=asked.host, port=asked.port, log_level="warning")
    serve = uvicorn.Server(how).serve
    beside = _with_a_desk(serve, hall, notices, asked, voice) if asked.staff else None
    served = beside or with_a_clock(serve, Beats(hall, notices))
    asyncio.run(_with_orders(served, hall, state(asked.data)))
    return GOOD


async def _with_orders(serves: Coroutine[Any, Any, None], hall: "Hall", folder: Path) -> None:
    """Serve, and take the orders of verbs between two requests."""
    from mindu.cli.services import identity, licence, worker  # noqa: PLC0415 - verbs load what they need
    from mindu.cli.services.orders import taken  # noqa: PLC0415

    held, does = ExitStack(), {
        "identity": identity.do, "licence": licence.do, "worker": worker.do,
    }  # fmt: skip
    held.enter_context(taken(hall, folder, asyncio.get_running_loop(), does))
    try:
        await serves
    finally:
        await asyncio.to_thread(held.close)  # an order under way is carried out on this loop


async def _with_a_desk(
    serve: Callable[[], Awaitable[None]], hall: "Hall", notices: "Notices",
    asked: argparse.Namespace, voice: Voice,
) -> None:  # fmt: skip
    """Serve, with the staff's console beside it."""
    from mindu.cli.services.clock import Beats, with_a_clock  # noqa: PLC0415 - as above
    from mindu.cli.services.staff import desk  # noqa: PLC0415

    site, loop = hall.site, asyncio.get_running_loop()
    told = {"host": asked.host, "port": asked.staff, "loop": loop}
    with desk(site.counter.processes, hall.people, state(asked.data), site.now, **told) as beside:
        house, served = beside
        enter = served.enter or served.url
        voice.note(Words(f"staff: {enter}", f"工作人员:{enter}"))
        await with_a_clock(serve, Beats(hall, notices, house.catch_up))


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
    add.add_argument("--staff", type=int, default=0, metavar="PORT", help="staff's console")
    add.add_argument("--public", metavar="https://…", help="the address that people use")
    _common(add)
    _licence(verbs)
    _worker(verbs)
    told = "who may ask who somebody is, signing keys, staff 统一身份认证"
    add = verbs.add_parser("identity", help=told, description=told)
    _identity(add)
    _common(add)


def _licence(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    told = "check a shown licence without a network; suspend, revoke, restore one 电子证照"
    add = verbs.add_parser("licence", help=told, description=told)
    add.add_argument("what", choices=["check", "set"])
    add.add_argument("name", metavar="FILE|NUMBER", help="the code as text (- reads it); a number")
    add.add_argument("--keys", type=Path, default=Path("keys.json"), help="of /licences/keys")
    add.add_argument("--list", type=Path, action="append", default=[], metavar="FILE")
    add.add_argument("--status", choices=["revoked", "suspended", "valid"], default="suspended")
    add.add_argument("--why", default="", help="the holder reads it")
    add.add_argument("--by", default="operator", help="the office that says so")
    _common(add)


def _worker(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    told = "programs that work on jobs of processes or tell them messages 作业程序"
    add = verbs.add_parser("worker", help=told, description=told)
    add.add_argument("what", choices=["add", "list", "drop"])
    add.add_argument("name", nargs="?", default="")
    add.add_argument("--scope", action="append", default=[], choices=["jobs", "messages"])
    add.add_argument("--topic", action="append", default=[], help="of jobs; * for all")
    add.add_argument("--days", type=int, default=365, help="that its token is good for")
    _common(add)


def _identity(add: argparse.ArgumentParser) -> None:
    what = ["client", "list", "drop", "rotate", "staff", "reset"]
    told = "client NAME, list, drop ID, rotate, staff NAME, reset NAME (a link for a new password)"
    add.add_argument("what", choices=what, help=told)
    add.add_argument("name", nargs="?", default="")
    add.add_argument("--redirect", action="append", default=[], metavar="URL")
    add.add_argument("--logout", action="append", default=[], metavar="URL")
    add.add_argument("--hears", default="", metavar="URL", help="is told who signed out")
    add.add_argument("--scope", action="append", default=[], help="beside openid")
    add.add_argument("--sector", default="", help="clients of one sector share a person's name")
    add.add_argument("--role", default="operator", help="of staff")
    add.add_argument("--office", action="append", default=[], help="a department or window")
    add.add_argument("--phone", default="", help="of staff: warned of deadlines there")
    add.add_argument("--mail", default="", help="the same, where there is no phone")


def _common(add: argparse.ArgumentParser) -> None:
    add.add_argument("--data", type=Path, help="folder of the log (default: the user's state)")
    add.add_argument("--json", action="store_true", help="print JSON on standard output")
    add.add_argument("--lang", choices=["zh", "en"])
