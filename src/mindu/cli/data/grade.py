"""`mindu data grade`: how delicate a source's rows are, and the policy that this calls for."""

import argparse
from contextlib import closing
from pathlib import Path

from mindu.base.records import Words
from mindu.brain.stewards.grading import MASKS, graded, kept, policy
from mindu.cli.data import held
from mindu.cli.say import GOOD, Voice, state
from mindu.data.collect.declare import Source
from mindu.data.collect.listed import listed
from mindu.data.vault import Vault


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the source")
    add.add_argument("--policy", action="store_true", help="print the Cedar policy to be laid")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Grade by declared rules and some of the rows; the grades are kept, none is ever lowered."""
    folder = state(asked.data)
    source = held.source(folder, asked.name)
    found = graded(listed(source), _values(folder, source))
    held.keep_grades(folder, asked.name, kept(found.dataset))
    if asked.policy:
        voice.data({"policy": policy(found.dataset)}, policy(found.dataset).rstrip())
        return GOOD
    lines = [f"{found.dataset.name}  {found.dataset.grade.name}"]
    lines += [f"  {one.field}  {one.grade.name}  {one.kind or one.rule}  {one.share:.0%}"
              for one in found.findings]  # fmt: skip
    told = {"name": found.dataset.name, "grade": found.dataset.grade,
            "findings": [one._asdict() for one in found.findings]}  # fmt: skip
    open_ones = [one.name for one in found.dataset.fields if one.kind in MASKS and not one.sealed]
    if open_ones:
        names = ", ".join(open_ones)
        voice.note(
            Words(
                f"{names}: declare them `personal = true` and pull --full, and they lie sealed",
                f"{names}:请声明 personal = true 并全量归集,即可封存",
            )
        )
    voice.data(told, "\n".join(lines))
    return GOOD


def _values(folder: Path, source: Source) -> dict[str, list[str]]:
    """Return some values of each column, the personal ones opened."""
    told = held.values(folder, source.name)
    if source.sealed:
        with closing(Vault(folder / "vault")) as vault:
            for name in source.sealed:
                cells = vault.unseal(told.get(name, []))
                told[name] = [value for value in cells if value is not None]
    return told
