"""The verbs of `mindu hotline`, and the one place where they are read."""

import argparse
import importlib
import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from mindu.cli.say import Trouble, Voice, language

PORT = 8345
ROOMS = {"serve": "serve", "import": "bring", "key": "grant", "officer": "grant", "duty": "grant",
      "night": "night", "month": "month", "learn": "learn", "feel": "feel", "table": "tables",
      "dissolve": "tables"}  # fmt: skip
READS = frozenset({"train", "classify", "merge", "address"})  # what understands text
FILES = (
    "Of files of messages: `train FILE --out MODEL`, `classify FILE`, `merge FILE`, `address FILE`;"
    " `mindu hotline train --help` tells more. 对留言文件:训练、分类、归并、地址解析。"
)
READING = "mindu.cli.hotline.verbs"
Verb = Callable[[argparse.Namespace, Voice], int]


def run(args: Sequence[str]) -> int:
    """Run `mindu hotline ...`; return its exit code."""
    if args and args[0] in READS and find_spec("mindu.cli.hotline") is not None:
        reads: Callable[[Sequence[str]], int] = importlib.import_module(READING).run
        return reads(args)
    asked = parser().parse_args(args)
    voice = Voice(lang=language(asked.lang, os.environ), json=asked.json)
    room = importlib.import_module(f"mindu.cli.counter.{ROOMS[asked.verb]}")
    verb: Verb = getattr(room, asked.verb if asked.verb != "import" else "bring")
    try:
        return verb(asked, voice)
    except Trouble as trouble:
        voice.trouble(trouble)
        return trouble.code


def parser() -> argparse.ArgumentParser:
    """Build the parser of `mindu hotline`."""
    told = "The 12345 hotline by itself."
    top = argparse.ArgumentParser(prog="mindu hotline", description=told, epilog=FILES)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = _plain(verbs, "serve", "web form, agents' desk and Open311 on one port 受理")
    add.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    add.add_argument("--host", default="127.0.0.1")
    _letting_in(verbs)
    add = _plain(verbs, "month", "dossiers of the weightiest topics of a month 每月一题")
    add.add_argument("month", metavar="YYYY-MM")
    add = _plain(verbs, "learn", "train the reader from answered cases; run it nightly 夜间训练")
    add.add_argument("--file", type=Path, help="labelled messages of before, as for `train`")
    add.add_argument("--seed", action="store_true", help="our own seed set, for a new city")
    add = _plain(verbs, "feel", "learn how people feel from the line's own history 学习民意")
    add.add_argument("--file", type=Path, help="messages of before, with nature or telling titles")
    add = _plain(verbs, "night", "a storm night of calls, with its morning score 暴雨夜")
    add.add_argument("--seed", type=int, default=1)
    add.add_argument("--hours", type=float, default=12.0)
    return top


def _letting_in(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = _plain(verbs, "import", "take old tickets in from CSV, .mbox or .eml 导入")
    add.add_argument("file", type=Path)
    add.add_argument("--mapping", type=Path, metavar="FILE.toml", help="which column is what")
    add.add_argument("--quarantine", type=Path, metavar="FILE.csv", help="rows that were refused")
    add = _plain(verbs, "key", "make an Open311 API key; it is shown once 密钥")
    add.add_argument("client", help="whose key it is")
    add.add_argument("--area", default="", help="jurisdiction code, e.g. 350102; all when empty")
    add.add_argument("--until", default="", metavar="YYYY-MM-DD")
    add.add_argument("--may", default="report update", help="what it may do")
    add = _plain(verbs, "officer", "put somebody on the roster; the secret is shown once 名册")
    add.add_argument("id")
    add.add_argument("--name", default="")
    add.add_argument("--unit", default="")
    add.add_argument("--roles", required=True, help="e.g. 'operator dispatcher'")
    add.add_argument("--areas", default="3501", help="codes, parted by blanks")
    add.add_argument("--until", default="", metavar="YYYY-MM-DD")
    add = _plain(verbs, "duty", "check a duty table, or lay it down 职责清单")
    add.add_argument("file", type=Path, nargs="?", help="CSV; without one the table that holds")
    add.add_argument("--lay", action="store_true", help="let it hold from now on")
    add.add_argument("--by", default="", help="who lays it down")
    add = _plain(verbs, "table", "show, check or lay down a table, e.g. holidays, knowledge 规则表")
    add.add_argument("name")
    add.add_argument("file", type=Path, nargs="?", help="CSV; without one the table that holds")
    add.add_argument("--lay", action="store_true", help="let it hold from now on")
    add.add_argument("--by", default="", help="who lays it down")
    add = _plain(verbs, "dissolve", "hand the open cases of a unit that is no more on 单位撤并")
    add.add_argument("unit")
    add.add_argument("--into", default="", help="the unit that takes them; else dispatch does")
    add.add_argument("--by", default="", help="who says so")


def _plain(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, told: str
) -> argparse.ArgumentParser:
    add = verbs.add_parser(name, help=told, description=told)
    add.add_argument("--data", type=Path, help="folder of the log (default: the user's state)")
    add.add_argument("--json", action="store_true", help="print JSON on standard output")
    add.add_argument("--lang", choices=["zh", "en"])
    return add
