"""`mindu register mine`: what is held of one person or firm, from where, and why it was taken."""

import argparse

from mindu.cli.register import held
from mindu.cli.say import GOOD, Voice, state
from mindu.console.words import pick
from mindu.data.registers.own import own


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""
    add.add_argument("code", help="identity number or credit code")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Tell it in plain words, with what changed."""
    folder = state(asked.data)
    with held.city(folder) as town:
        found = own(town.folder / held.FOLDER, town.vault, town.vault.subject(asked.code))
    lines = []
    for one in found:
        lines.append(f"{pick(one.title, voice.lang)}  {one.subject}")
        lines += [
            f"  {pick(t.meaning, voice.lang)}: {t.value}  — {pick(t.says, voice.lang)}"
            for t in one.held
        ]
        lines += [f"  ↺ {pick(c, voice.lang)}" for c in one.changes]
    none = {"en": "nothing is held under this code", "zh": "未持有该代码的档案"}[voice.lang]
    voice.data(found, "\n".join(lines) or none)
    return GOOD
