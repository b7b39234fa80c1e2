"""`mindu data VERB ...`: each verb has a room of its own, loaded only when it is asked for."""

import argparse
import importlib
import os
from collections.abc import Sequence
from pathlib import Path

from mindu.base.records import Words
from mindu.cli.say import GOOD, USAGE, Trouble, Voice, language

VERBS = {
    "source": "declare where rows come from, and look at them 数据源",
    "pull": "bring rows in: full, incremental, or what is due 归集",
    "quarantine": "which rows were set aside, and why 隔离区",
}


def run(args: Sequence[str]) -> int:
    """Run one verb of the family; return its exit code."""
    asked = parser(args[0] if args else "").parse_args(args)
    voice = Voice(lang=language(asked.lang, os.environ), json=asked.json)
    try:
        code: int = importlib.import_module(f"mindu.cli.data.{asked.verb}").run(asked, voice)
    except Trouble as trouble:
        voice.trouble(trouble)
        code = trouble.code
    except BrokenPipeError:
        code = GOOD
    except (ValueError, KeyError, OSError, RuntimeError) as wrong:
        why = str(wrong.args[0]) if isinstance(wrong, KeyError) else str(wrong)
        mend = Words("Mend it and run this again.", "请改正后重试。")
        voice.trouble(Trouble(Words(why, why), mend))
        code = USAGE
    return code


def parser(only: str = "") -> argparse.ArgumentParser:
    """Build the parser; with `only`, the words of one verb, so that no other is loaded."""
    top = argparse.ArgumentParser(prog="mindu data", description="Governed data 数据治理.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, told in VERBS.items():
        add = verbs.add_parser(name, help=told, description=told)
        if only in {"", name}:
            importlib.import_module(f"mindu.cli.data.{name}").words(add)
        add.add_argument("--data", type=Path, help="folder of the city (default: the user's state)")
        add.add_argument("--json", action="store_true", help="print JSON on standard output")
        add.add_argument("--lang", choices=["zh", "en"])
    return top
