"""`mindu data uses`: who used what is about one person or firm, in plain words."""

import argparse

from mindu.brain.sharing import objections
from mindu.cli.data.use.lake import opened
from mindu.cli.say import GOOD, Voice
from mindu.console.words import pick
from mindu.data.gateway.mine import uses


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("subject", help="the person or firm, as the datasets write them")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Print the uses, newest first, and the objections with their answers."""
    with opened(asked) as lake:
        found = uses(lake.gateway, asked.subject)
        held = objections.of(lake.office, lake.vault.subject(asked.subject))
    lines = [f"#{use.receipt} {pick(use.says, voice.lang)}" for use in found]
    lines += [
        f"⚠ {one.case} {one.dataset} {pick(one.state, voice.lang)} {one.answer}" for one in held
    ]
    none = {"en": "no use was recorded", "zh": "没有使用记录"}[voice.lang]
    voice.data({"uses": found, "objections": held}, "\n".join(lines) or none)
    return GOOD
