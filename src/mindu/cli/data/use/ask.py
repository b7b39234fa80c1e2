"""`mindu data ask`: ask the owner of a dataset for its use."""

import argparse
from datetime import date

from mindu.base.records import Words
from mindu.cli.data.use.lake import opened, signs
from mindu.cli.say import GOOD, Trouble, Voice
from mindu.data.grants import duties
from mindu.data.grants.terms import Terms

NOTES = ("mask", "fields", "rows", "aggregate", "quota")


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("dataset")
    add.add_argument("--purpose", required=True)
    add.add_argument("--basis", required=True, help="the law or order")
    add.add_argument("--until", required=True, metavar="YYYY-MM-DD", help="last day")
    add.add_argument("--actions", default="read query", help="of read, query, download")
    add.add_argument("--mask", default="", help='"phone:middle, caller:token"')
    add.add_argument("--fields", default="", help="the only fields that are needed")
    add.add_argument("--rows", default="", help="the only rows, as a condition")
    add.add_argument("--aggregate", default="", help='"10 by district, topic"')
    add.add_argument("--quota", default="", help='"100/day"')
    signs(add)


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Open the case; the owner's term starts."""
    told = {note: getattr(asked, note) for note in NOTES if getattr(asked, note)}
    with opened(asked) as lake:
        dataset = lake.gateway.catalogue.get(asked.dataset)
        if dataset is None:
            known = ", ".join(lake.gateway.catalogue) or "-"
            raise Trouble(
                Words(f"There is no dataset {asked.dataset}.", f"没有数据集 {asked.dataset}。"),
                Words(f"There are: {known}", f"现有:{known}"),
            )
        terms = Terms(
            dataset=dataset.name, owner=dataset.department, to=asked.department,
            purpose=asked.purpose, basis=asked.basis, until=date.fromisoformat(asked.until),
            actions=tuple(asked.actions.split()), duties=duties.read(told),
        )  # fmt: skip
        case = lake.sharing.ask(terms, by=asked.by, now=lake.clock.now()).seq
        lake.memory.log.commit()
        due = lake.office.cases.dial(case, "step").due
    said = {"en": f"case {case} lies with {dataset.department}",
            "zh": f"事项 {case} 已送 {dataset.department}"}  # fmt: skip
    voice.data({"case": case, "owner": dataset.department, "due": due}, said[voice.lang])
    return GOOD
