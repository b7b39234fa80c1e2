"""`mindu data dispute`: a rule that does not hold goes to its owner as a case, and again."""

import argparse

from mindu.brain.stewards.quality import Objection, dispute, evaluate
from mindu.cli.data import held
from mindu.cli.data.use.lake import opened
from mindu.cli.say import GOOD, Voice, state
from mindu.data.collect.listed import listed
from mindu.data.quality.score import kept
from mindu.engines.text import mask


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the source")
    add.add_argument("rule", help="that does not hold in the last audit")
    add.add_argument("text", help="what is wrong; with --evaluate, nothing is read of it")
    add.add_argument("--by", default="steward", help="who disputes")
    add.add_argument("--evaluate", type=int, default=-1, metavar="CASE", help="hold it again")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Open the case, or write down what came of one; its owner answers by `mindu data settle`."""
    folder = state(asked.data)
    dataset = listed(held.source(folder, asked.name))
    reports = kept(held.folder(folder, asked.name) / "quality")
    if not reports:
        raise KeyError(f"{asked.name} was never audited: mindu data quality {asked.name}")
    with opened(asked) as lake:
        now = lake.clock.now()
        if asked.evaluate >= 0:
            entry = evaluate(lake.office, asked.evaluate, reports[-1], by=asked.by, now=now)
        else:
            said = Objection(asked.rule, mask(asked.text).text, asked.by)
            entry = dispute(lake.office, dataset, reports[-1], said, now=now)
        lake.memory.log.commit()
    voice.data({"entry": entry.seq, "owner": dataset.department}, f"#{entry.seq}")
    return GOOD
