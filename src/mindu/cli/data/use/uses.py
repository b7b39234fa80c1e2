"""`mindu data uses`: who used what is about one person or firm, in plain words."""

import argparse

from mindu.brain.sharing import objections
from mindu.cli.data.use.lake import opened
from mindu.cli.say import GOOD, Voice
from mindu.console.words import pick
from mindu.data.gateway.mine import page


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("subject", help="the person or firm, as the datasets write them")
    add.add_argument("--before", type=int, metavar="RECEIPT", help="older uses than this one")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Print the uses, newest first, and the objections with their answers."""
    with opened(asked) as lake:
        found, older = page(lake.gateway, asked.subject, asked.before)
        held = objections.of(lake.office, lake.vault.subject(asked.subject))
    lines = [f"#{use.receipt} {pick(use.says, voice.lang)}" for use in found]
    lines += [
        f"⚠ {one.case} {one.dataset} {pick(one.state, voice.lang)} {one.answer}" for one in held
    ]
    if older is not None:
        lines.append({"en": f"older: --before {older}", "zh": f"更早:--before {older}"}[voice.lang])
    none = {"en": "no use was recorded", "zh": "没有使用记录"}[voice.lang]
    told = {"uses": found, "objections": held, "older": older}
    voice.data(told, "\n".join(lines) or none)
    return GOOD
