"""What `mindu hotline` takes on the command line."""

import argparse
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """Build the parser of `mindu hotline`."""
    top = argparse.ArgumentParser(
        prog="mindu hotline",
        description="What citizens write: learned from, sorted, merged, placed.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = _verb(verbs, "train", "learn topics (or tagged addresses) from a file 训练")
    add.add_argument("--out", type=Path, required=True, metavar="MODEL")
    add = _verb(verbs, "classify", "topic, nature, urgency, places of each message 分类")
    add.add_argument("--model", type=Path, metavar="MODEL", help="default: our own seed set")
    add = _verb(verbs, "merge", "messages that say the same thing 归并")
    add.add_argument("--online", action="store_true", help="one by one, as they came")
    add.add_argument("--gold", type=Path, metavar="FILE", help="labelled issues, for a score")
    add = _verb(verbs, "address", "the parts of each address 地址解析")
    add.add_argument("--model", type=Path, metavar="MODEL", help="default: tagged ones beside FILE")
    return top


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, told: str
) -> argparse.ArgumentParser:
    add = verbs.add_parser(name, help=told, description=told)
    add.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV or JSON lines")
    add.add_argument("--json", action="store_true", help="print JSON on standard output")
    add.add_argument("--lang", choices=["zh", "en"])
    return add
