"""`mindu data VERB ...`: each verb has a room of its own, loaded only when it is asked for."""

import argparse
import importlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mindu.cli.say import Voice, carried_out, language

VERBS = {
    "source": "declare where rows come from, and look at them 数据源",
    "pull": "bring rows in: full, incremental, or what is due 归集",
    "quarantine": "which rows were set aside, and why 隔离区",
    "catalog": "what data there is, what changed, who owes what 目录",
    "search": "which datasets hold these words 检索",
    "grade": "how delicate a source's rows are, and why 分级",
    "quality": "hold rules against rows, score departments, profile 质量审计",
    "dispute": "send a rule that does not hold to the owner; hold it again 质量异议",
    "lineage": "which field was made from which, and OpenLineage events 血缘",
    "derive": "run the queries of derived tables and store what they come to 派生",
    "erase": "destroy the key of a person's values, with a certificate 删除",
}
USE = {  # who may use what, and who did; their rooms lie in `use`
    "ask": "ask the owner of a dataset for its use 申请共享",
    "grant": "answer a request for data: yes, or no with a reason 答复申请",
    "renew": "let an agreement run on 续期",
    "revoke": "end an agreement; the next request is refused 撤销",
    "policy": "lay down a text of Cedar policies, or list what holds 策略",
    "sql": "ask SQL through the gateway 查询",
    "uses": "who used what is about one person or firm 谁用过我的数据",
    "object": "object to a use or a value, for its subject 异议与更正",
    "settle": "answer an objection 答复异议",
    "key": "give somebody a key to the data doors 密钥",
    "admit": "let somebody who was erased in again, for a reason 恢复收录",
    "proof": "sign the log's head; prove one receipt 存证",
    "serve": "the data doors on one port 数据服务",
}

OPEN = {  # the open portal; their rooms lie in `open`
    "open": "open a table to the public, if nobody in it can be told apart 开放",
    "close": "close it again, and say why 关闭",
    "plan": "the year's opening plan 开放计划",
    "wishes": "what the public asks for: list, answer, send on 开放申请",
    "void": "void a key of the open doors 撤销开放密钥",
    "portal": "the open portal on one port 开放平台",
}


def run(args: Sequence[str]) -> int:
    """Run one verb of the family; return its exit code."""
    asked = parser(args[0] if args else "").parse_args(args)
    voice = Voice(lang=language(asked.lang, os.environ), json=asked.json)
    return carried_out(lambda: _room(asked.verb).run(asked, voice), voice)


def parser(only: str = "") -> argparse.ArgumentParser:
    """Build the parser; with `only`, the words of one verb, so that no other is loaded."""
    top = argparse.ArgumentParser(prog="mindu data", description="Governed data 数据治理.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, told in {**VERBS, **USE, **OPEN}.items():
        add = verbs.add_parser(name, help=told, description=told)
        if only in {"", name}:
            _room(name).words(add)
        add.add_argument("--data", type=Path, help="folder of the city (default: the user's state)")
        add.add_argument("--json", action="store_true", help="print JSON on standard output")
        add.add_argument("--lang", choices=["zh", "en"])
    return top


def _room(verb: str) -> Any:  # noqa: ANN401 - a module with `words` and `run`
    inside = "use." if verb in USE else "open." if verb in OPEN else ""
    return importlib.import_module(f"mindu.cli.data.{inside}{verb}")
