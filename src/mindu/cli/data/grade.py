"""`mindu data grade`: how delicate a source's rows are, and the policy that this calls for."""

import argparse

from mindu.brain.stewards.grading import graded, kept, policy
from mindu.cli.data import held
from mindu.cli.say import GOOD, Voice, state
from mindu.data.collect.listed import listed


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the source")
    add.add_argument("--policy", action="store_true", help="print the Cedar policy to be laid")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Grade by declared rules and some of the rows; the grades are kept, none is ever lowered."""
    folder = state(asked.data)
    found = graded(listed(held.source(folder, asked.name)), held.values(folder, asked.name))
    held.keep_grades(folder, asked.name, kept(found.dataset))
    if asked.policy:
        voice.data({"policy": policy(found.dataset)}, policy(found.dataset).rstrip())
        return GOOD
    lines = [f"{found.dataset.name}  {found.dataset.grade.name}"]
    lines += [f"  {one.field}  {one.grade.name}  {one.kind or one.rule}  {one.share:.0%}"
              for one in found.findings]  # fmt: skip
    told = {"name": found.dataset.name, "grade": found.dataset.grade,
            "findings": [one._asdict() for one in found.findings]}  # fmt: skip
    voice.data(told, "\n".join(lines))
    return GOOD
