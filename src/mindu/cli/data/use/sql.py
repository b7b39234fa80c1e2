"""`mindu data sql`: ask SQL through the gateway, for a purpose, on a law, for a matter."""

import argparse

from mindu.cli.data.use.lake import opened
from mindu.cli.say import GOOD, Voice
from mindu.data.gateway.forms import as_csv
from mindu.data.grants.ask import Ask, User


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("sql")
    add.add_argument("--by", required=True, help="who asks")
    add.add_argument("--department", default="", help="code of their department")
    add.add_argument("--purpose", default="")
    add.add_argument("--basis", default="", help="the law or order")
    add.add_argument("--reference", default="", help="case:12, consent:34 or agreement:56")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Print the rows, and the number of the receipt."""
    ask = Ask(
        who=User(asked.by, asked.department), action="query", datasets=(), purpose=asked.purpose,
        basis=asked.basis, reference=asked.reference, says=asked.sql,
    )  # fmt: skip
    with opened(asked) as lake:
        got = lake.gateway.query(ask)
    told = {"receipt": got.receipt, "more": got.more, "duties": got.duties,
            "rows": got.rows.to_pylist()}  # fmt: skip
    head = f"# receipt {got.receipt}{' (more rows)' if got.more else ''} {'; '.join(got.duties)}"
    voice.data(told, f"{head}\n{as_csv(got.rows).decode('utf-8-sig').rstrip()}")
    return GOOD
