"""`mindu register correct`: ask the source of a value to put it right, as a case."""

import argparse

from mindu.brain.sharing import objections
from mindu.cli.data import held as sources
from mindu.cli.data.use.lake import opened
from mindu.cli.register import held
from mindu.cli.say import GOOD, Voice, state
from mindu.data.collect.listed import listed
from mindu.data.registers.own import own
from mindu.engines.text import mask


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""
    add.add_argument("code", help="identity number or credit code of whom it is about")
    add.add_argument("name", help="of the register")
    add.add_argument("trait", help="the value that is wrong")
    add.add_argument("text", help="what it should say, and how that is known")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Open a case at the department that the value came from."""
    folder, register = state(asked.data), held.register(asked.name)
    register.trait(asked.trait)
    with opened(asked) as lake:
        who = lake.vault.subject(asked.code)
        found = [
            one
            for one in own(folder / held.FOLDER, lake.vault, who)
            if one.register == register.name
        ]
        traits = [t for one in found for t in one.held if t.name == asked.trait]
        if not traits:
            raise KeyError(f"no {asked.trait} is held of this subject in {asked.name}")
        dataset = listed(sources.source(folder, traits[0].source))
        text = mask(f"{register.name}.{asked.trait}: {asked.text}").text
        entry = objections.put(lake.office, dataset, who, text, receipt=-1, now=lake.clock.now())
        lake.memory.log.commit()
    told = {"case": entry.seq, "source": dataset.name, "owner": dataset.department}
    voice.data(told, f"case 事项 {entry.seq}  → {dataset.name}  {dataset.department}")
    return GOOD
