"""The verbs of the command line, and the one place where they are read."""

import argparse
import importlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from mindu.base.records import Words
from mindu.base.wrong import said
from mindu.cli.say import Trouble, Voice, language
from mindu.cli.senses import words as senses_words
from mindu.cli.services import verbs as services_verbs

Verb = Callable[[argparse.Namespace, Voice], int]
PORT = 8023
STOPPED = 130  # as shells say of what Ctrl-C ended
STORM = "haikui-2023-wushan"
DISK = Words(
    "Make room or mend the disk and ask again; a night goes on where its log ends.",
    "请腾出空间或修复磁盘后重试;本夜将从日志末尾继续。",
)


def run(args: Sequence[str]) -> int:
    """Run one verb; return its exit code."""
    try:
        return _run(args)
    except KeyboardInterrupt:
        return STOPPED


def _run(args: Sequence[str]) -> int:
    own = _own(args)
    if own is not None:
        return own(args[1:])
    asked = parser().parse_args(args)
    voice = Voice(lang=language(asked.lang, os.environ), json=asked.json)
    try:
        return _verb(asked)(asked, voice)
    except Trouble as told:
        trouble = told
    except BrokenPipeError:
        return 0
    except OSError as wrong:
        trouble = Trouble(
            Words(f"The machine refuses: {said(wrong).en}", f"本机拒绝:{said(wrong).zh}"), DISK
        )
    voice.trouble(trouble)
    return trouble.code


def _own(args: Sequence[str]) -> Callable[[Sequence[str]], int] | None:
    """Return the verb that reads its own words, if it is one; loaded only when asked for."""
    rooms = {
        "water": "mindu.cli.water", "hotline": "mindu.cli.counter.verbs",
        "data": "mindu.cli.data.verbs", "register": "mindu.cli.register.verbs",
    }  # fmt: skip
    room = rooms.get(args[0]) if args else None
    found: Callable[[Sequence[str]], int] | None
    found = importlib.import_module(room).run if room else None
    return found


def parser() -> argparse.ArgumentParser:
    """Build the parser."""
    top = argparse.ArgumentParser(
        prog="mindu", description="Mindu 闽都: an open city brain that says why."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    _nights(verbs)
    add = _plain(verbs, "why", "what led to an entry, and what followed 追溯")
    add.add_argument("id", type=_whole, help="the entry's number")
    add = _plain(verbs, "score", "what judgements and promises came to 得分")
    add.add_argument("--plot", type=Path, metavar="FILE.svg|png")
    _plain(verbs, "verify", "check that nothing written was changed 校验")
    add = _plain(verbs, "doctor", "is this machine fit, and how to mend it 体检")
    add.add_argument("--port", type=int, default=PORT)
    add = _plain(verbs, "fork", "run a past moment ahead under other weather 假如")
    _fork(add)
    add = _plain(verbs, "new", "write a new app that already passes bronze 新应用")
    add.add_argument("what", choices=["app"])
    add.add_argument("name", help="lower-case letters, e.g. parks")
    add.add_argument("--into", type=Path, default=Path("src/mindu/apps"))
    add.add_argument("--tests", type=Path, default=Path("tests"))
    add = _plain(verbs, "apps", "every app, loop, parameter and kind 应用一览")
    add.add_argument("--write", type=Path, metavar="FILE.md")
    add = _plain(verbs, "picture", "draw the house as SVG 作图")
    add.add_argument("file", type=Path)
    senses_words.add_to(verbs)
    services_verbs.add_to(verbs)
    _families(verbs)
    return top


def _families(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = _plain(verbs, "move", "carry the city to PostgreSQL, or back into files 搬移")
    add.add_argument("--to", required=True, metavar="ADDRESS|files",
                     help="postgresql://user@host/database, or files")  # fmt: skip
    add = _plain(verbs, "backup", "a checked copy of the city, while it runs 备份")
    add.add_argument("--to", required=True, type=Path, metavar="FOLDER|FILE.tar",
                     help="a folder that holds backups, or one .tar or .tar.gz")  # fmt: skip
    add.add_argument("--keep", type=_whole, default=0, metavar="N", help="newest to keep; 0 = all")
    add = _plain(verbs, "restore", "bring a backup back, every file checked 恢复")
    add.add_argument("source", type=Path, metavar="FROM", help="a backup, or a folder of them")
    add.add_argument("--replace", default="", metavar="NAME",
                     help="the folder's own name: what stands there is put beside it")  # fmt: skip
    verbs.add_parser("hotline", help="`mindu hotline VERB`: what people tell, and what it means")
    verbs.add_parser("data", help="`mindu data VERB`: sources, pulls, catalogue, quality, use")
    verbs.add_parser("register", help="`mindu register VERB`: persons, firms, credit, papers")
    verbs.add_parser("water", help="`mindu water run FILE.inp`: all plans on any SWMM model")


def _nights(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = _night(verbs, "up", "start the demo city and its page 启动")
    add.add_argument("--storm", default=STORM)
    add.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    add.add_argument("--host", default="127.0.0.1", help="the page trusts who reaches it")
    add.add_argument("--speed", type=float, default=60.0, help="city seconds a second; 0 = fastest")
    told = "seconds that city time stands still while a new plan waits for a yes (default 40)"
    add.add_argument("--patience", type=float, default=40.0, metavar="S", help=told)
    told = "hours into the night at which the brain takes over (default: as the rain swells)"
    add.add_argument("--from", dest="since", type=float, metavar="HOURS", help=told)
    add.add_argument("--once", action="store_true", help="end with the night")
    add.add_argument("--senses", default="", metavar="URL", help="node whose edges propose")
    add = _plain(verbs, "open", "a night that is over on the page again 重开")
    add.add_argument("--night", type=_whole, default=0, help="0 is the newest; see --list")
    add.add_argument("--list", action="store_true", help="which nights lie in the folder")
    add.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    add.add_argument("--host", default="127.0.0.1", help="the page trusts who reaches it")
    add = _night(verbs, "replay", "run a recorded storm and report it 回放")
    add.add_argument("night", choices=["storm"])
    add.add_argument("--storm", default=STORM)
    add.add_argument("--speed", type=float, default=0.0, help="city seconds a second; 0 = fastest")
    add.add_argument("--from", dest="since", type=float, default=0.0, metavar="HOURS",
                     help="into the night at which the brain takes over")  # fmt: skip
    add.add_argument("--nobody", action="store_true", help="nobody says yes: plans expire")
    add.add_argument("--report", type=Path, metavar="FILE.html")
    add.add_argument("--plot", type=Path, metavar="FILE.svg")
    add = _night(verbs, "night", "one night with the brain against the stations alone 对照")
    add.add_argument("what", choices=["compare"])
    add.add_argument("--storm", default=STORM)
    add.add_argument("--nobody", action="store_true", help="nobody says yes: plans expire")


def _night(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, told: str
) -> argparse.ArgumentParser:
    add = _plain(verbs, name, told)
    add.add_argument("--city", default="fuzhou")
    add.add_argument("--seed", type=_whole, default=1)
    add.add_argument("--hours", type=float, default=12.0)
    return add


def _fork(add: argparse.ArgumentParser) -> None:
    add.add_argument("file", type=Path, nargs="?", help="a SWMM model; else the stored night")
    add.add_argument("--at", required=True, metavar="HOURS", help="when to leave, e.g. 3.5h")
    add.add_argument("--rain", default="x1", metavar="xFACTOR", help="e.g. x1.5")
    add.add_argument("--tide", type=float, default=0.0, metavar="M", help="e.g. +0.3")
    add.add_argument("--hours", type=float, default=3.0, help="how far ahead")
    add.add_argument("--set", action="append", default=[], metavar="MACHINE=0..1")
    add.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    add.add_argument("--nobody", action="store_true", help="nobody says yes: plans expire")
    add.add_argument("--plot", type=Path, metavar="FILE.svg|png")


def _plain(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, told: str
) -> argparse.ArgumentParser:
    add = verbs.add_parser(name, help=told, description=told)
    add.add_argument("--data", type=Path, help="folder of the log (default: the user's state)")
    add.add_argument("--json", action="store_true", help="print JSON on standard output")
    add.add_argument("--lang", choices=["zh", "en"])
    return add


def _verb(asked: argparse.Namespace) -> Verb:
    rooms = {
        "up": "run", "replay": "replay", "why": "ask", "score": "ask", "verify": "ask",
        "doctor": "doctor", "fork": "fork", "new": "new_app", "picture": "picture",
        "apps": "apps", "move": "live.move", "backup": "keeping.backup",
        "restore": "keeping.backup", "night": "live.compare", "open": "reopen",
        "senses": "senses.start", "edge": "senses.start",
        "process": "services.verbs", "services": "services.verbs",
        "identity": "services.identity",
        "licence": "services.licence", "worker": "services.worker",
    }  # fmt: skip
    # Each verb loads only what it needs, so that `mindu --help` answers at once.
    room = importlib.import_module(f"mindu.cli.{rooms[asked.verb]}")
    verb: Verb = getattr(room, "open_" if asked.verb == "open" else asked.verb)
    return verb


def _whole(told: str) -> int:
    if not told.removeprefix("#").isdigit():
        raise argparse.ArgumentTypeError(f"{told!r} is no whole number, 0 or more")
    return int(told.removeprefix("#"))
