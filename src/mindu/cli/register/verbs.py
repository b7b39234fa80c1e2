"""`mindu register VERB ...`: each verb has a room, loaded only when it is asked for."""

import argparse
import importlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mindu.cli.say import Voice, carried_out, language

VERBS = {
    "feed": ("feed", "declare what sources bring to a register, or list it 供数"),
    "build": ("build", "join what the sources hold into one record a subject 建库"),
    "status": ("status", "how each register stands; 1 if a file was changed 状态"),
    "review": ("review", "pairs of records that a person decides 待核"),
    "same": ("decide", "two records are of one subject 归并"),
    "apart": ("decide", "two records are not of one subject 分立"),
    "split": ("decide", "a record is not of this subject 拆分"),
    "undo": ("decide", "take a verdict back 撤销"),
    "mine": ("mine", "what is held of one person or firm, and from where 我的档案"),
    "correct": ("correct", "ask the source of a value to put it right 更正"),
    "erase": ("erase", "destroy every key of a subject, with certificates 删除"),
}


def run(args: Sequence[str]) -> int:
    """Run one verb of the family; return its exit code."""
    asked = parser(args[0] if args else "").parse_args(args)
    voice = Voice(lang=language(asked.lang, os.environ), json=asked.json)
    return carried_out(lambda: _room(asked.verb).run(asked, voice), voice)


def parser(only: str = "") -> argparse.ArgumentParser:
    """Build the parser; with `only`, the words of one verb, so that no other is loaded."""
    top = argparse.ArgumentParser(prog="mindu register", description="Base registers 基础库.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, (_, told) in VERBS.items():
        add = verbs.add_parser(name, help=told, description=told)
        if only in {"", name}:
            _room(name).words(add, name)
        add.add_argument("--data", type=Path, help="folder of the city (default: the user's state)")
        add.add_argument("--json", action="store_true", help="print JSON on standard output")
        add.add_argument("--lang", choices=["zh", "en"])
    return top


def _room(verb: str) -> Any:  # noqa: ANN401 - a module with `words` and `run`
    return importlib.import_module(f"mindu.cli.register.{VERBS[verb][0]}")
