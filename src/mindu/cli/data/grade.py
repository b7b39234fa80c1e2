"""`mindu data grade`: how delicate a source's rows are, why, and what a steward decides of it."""

import argparse
from contextlib import closing, nullcontext
from pathlib import Path

from mindu.base.records import Event, Words
from mindu.base.time import SystemClock
from mindu.brain.stewards.grading import MASKS, Graded, Kept, policy, regraded, settle
from mindu.cli.data import held
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.data.catalog.dataset import Grade
from mindu.data.collect.declare import Source
from mindu.data.collect.listed import listed
from mindu.data.collect.store import files
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.vault import Vault

DECIDED = "grade_decided"


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the source")
    add.add_argument("--policy", action="store_true", help="print the Cedar policy to be laid")
    add.add_argument("--decide", default="", metavar="FIELD=1..4",
                     help="a steward's word on a field that was found delicate")  # fmt: skip
    add.add_argument("--why", default="", help="the reason of a decision")
    add.add_argument("--by", default="", help="who decides")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Grade by declared rules and some of the rows; what is found is kept until one decides."""
    folder = state(asked.data)
    source = held.source(folder, asked.name)
    if asked.decide:
        return _decide(folder, source, asked, voice)
    vault = closing(Vault(folder / "vault")) if source.sealed else nullcontext()
    with vault as seal:
        found = held.look(folder, source, files(held.folder(folder, source.name)), seal)
    if asked.policy:
        voice.data({"policy": policy(found.dataset)}, policy(found.dataset).rstrip())
        return GOOD
    _said(found, voice)
    return GOOD


def _said(found: Graded, voice: Voice) -> None:
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
                f"{names}: declare them `personal = true` and pull --full, and they lie sealed; "
                "what is no personal value: --decide FIELD=2 --why … --by …",
                f"{names}:请声明 personal = true 并全量归集,即可封存;"
                "如非个人信息:--decide 字段=2 --why … --by …",
            )
        )
    voice.data(told, "\n".join(lines))


def _decide(folder: Path, source: Source, asked: argparse.Namespace, voice: Voice) -> int:
    """Write a steward's decision into the log, and let it hold until something else turns up."""
    field, _, level = asked.decide.partition("=")
    if not asked.why.strip() or not asked.by.strip() or level not in {"1", "2", "3", "4"}:
        raise Trouble(
            Words("A decision names FIELD=1..4, its reason and who decides.",
                  "裁定须写明 字段=1..4、理由与裁定人。"),
            Words("mindu data grade NAME --decide note=2 --why … --by …",
                  "mindu data grade 名称 --decide note=2 --why … --by …"),
        )  # fmt: skip
    dataset = listed(source)
    was = held.grades(folder, source.name) or Kept({})
    now = settle(dataset, was, field, Grade(int(level)))
    args = {"field": field, "grade": int(level), "found": ", ".join(was.found.get(field, ())),
            "why": asked.why.strip()[:500]}  # fmt: skip
    with Log.open(home(folder).log()) as log:
        about, at = f"dataset:{source.name}", SystemClock().now()
        entry = log.append(Event(DECIDED, args), at=at, about=about, by=asked.by)
        log.commit()
        held.keep_grades(folder, source.name, now)
    told = regraded(dataset, now)
    voice.data({"entry": entry.seq, "field": field, "grade": told.grade},
               f"#{entry.seq}  {field}  {Grade(int(level)).name}")  # fmt: skip
    return GOOD
