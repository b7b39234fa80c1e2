"""`mindu data erase`: destroy the key of a person's values; the log keeps a certificate."""

import argparse
from contextlib import closing

from mindu.base.time import SystemClock
from mindu.cli.say import GOOD, Voice, state
from mindu.data.erasure import erase
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.vault import Vault


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("subject", help="as the vault and the log call the person")
    add.add_argument("--why", required=True, help="the request or the law")
    add.add_argument("--by", default="steward", help="who does it")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Erase, and print the certificate."""
    folder = state(asked.data)
    with closing(Vault(folder / "vault")) as vault, Log.open(home(folder).log()) as log:
        told = erase(vault, log, asked.subject, now=SystemClock().now(), by=asked.by, why=asked.why)
        voice.data({**told.args, "head": log.head}, f"{told.args['key']}  {log.head}")
    return GOOD
