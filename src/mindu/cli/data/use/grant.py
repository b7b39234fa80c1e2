"""`mindu data grant`: the owner's answer to a request; without a case, what is asked and agreed."""

import argparse

from mindu.base.records import Case, Words
from mindu.brain.cases import DONE
from mindu.brain.sharing.kinds import ASKED
from mindu.cli.data.use.lake import Lake, officer, opened
from mindu.cli.say import GOOD, Trouble, Voice


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("case", type=int, nargs="?", help="none: list what waits and what holds")
    add.add_argument("--refuse", default="", metavar="WHY", help="say no, with a reason")
    add.add_argument("--by", default="", help="who signs")
    add.add_argument("--department", default="", help="code of their department")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Answer, or list."""
    with opened(asked) as lake:
        if asked.case is None:
            return _list(lake, voice)
        if not asked.by or not asked.department:
            raise Trouble(
                Words("An answer is signed.", "答复须署名。"),
                Words("Give --by and --department.", "请给出 --by 与 --department。"),
            )
        now, who = lake.clock.now(), officer(asked)
        if asked.refuse:
            entry = lake.sharing.refuse(asked.case, asked.refuse, who, now=now)
        else:
            entry = lake.sharing.agree(asked.case, who, now=now)
        lake.memory.log.commit()
    key = "answer" if asked.refuse else "agreement"
    voice.data({key: entry.seq}, f"{key} {entry.seq}")
    return GOOD


def _list(lake: Lake, voice: Voice) -> int:
    held, cases = lake.memory.allowed.every(), lake.office.cases
    waiting = [
        n for n in cases if cases.said(n, "kind") == ASKED and cases.state(n) not in DONE
    ]  # fmt: skip
    asked = {
        n: record.text for n in waiting if isinstance(record := lake.memory.log[n].record, Case)
    }
    lines = [f"? case {n}  {text}" for n, text in asked.items()]
    lines += [
        f"✓ agreement {g.seq}  {g.dataset} → {g.to}  {g.purpose}  {g.until:%Y-%m-%d}" for g in held
    ]
    told = [{"agreement": g.seq, "dataset": g.dataset, "to": g.to, "purpose": g.purpose,
             "basis": g.basis, "until": g.until} for g in held]  # fmt: skip
    voice.data({"waiting": asked, "agreements": told}, "\n".join(lines))
    return GOOD
