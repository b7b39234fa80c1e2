"""`mindu data quality`: hold rules against a source's rows, score departments, judge, profile."""

import argparse
from datetime import datetime
from pathlib import Path

import msgspec

from mindu.base.records import Event, Value
from mindu.base.time import SystemClock
from mindu.brain.stewards.quality import judgements
from mindu.cli.data import held
from mindu.cli.data.own import tables
from mindu.cli.say import FOUND, GOOD, Voice, state
from mindu.data.collect.store import files
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.quality import rules
from mindu.data.quality.audit import Look, audit, profile
from mindu.data.quality.rules import Report, Rule
from mindu.data.quality.score import keep, kept, scores
from mindu.data.senses.memory.delta import whole

PULLED = "pulled"


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", nargs="?", default="", help="a source, a table of ours; none: all")
    add.add_argument("--rules", type=Path, metavar="FILE.toml", help="declare more rules for it")
    add.add_argument("--scores", action="store_true", help="how departments stand, and the trend")
    add.add_argument("--profile", action="store_true", help="what each field is like")
    add.add_argument("--log", action="store_true", help="write judgements into the city's log")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Do what was asked; 1 where a rule does not hold."""
    folder = state(asked.data)
    if asked.scores:
        return _scores(folder, voice)
    every, ours = [one.name for one in held.sources(folder)], tables.names(folder)
    names = [name for name in every if asked.name in {"", name}]
    mine = [name for name in ours if asked.name in {"", name}]
    if asked.name and not names and not mine:
        raise KeyError(f"no source and no table is called {asked.name!r}: mindu data catalog")
    if asked.profile:
        told = {name: [f._asdict() for f in profile(files(held.folder(folder, name)))]
                for name in names}  # fmt: skip
        told |= {name: [f._asdict() for f in profile(paths)] for name in mine
                 if (paths := tables.files(folder, name))}  # fmt: skip
        lines = [f"{name}.{f['name']}  {f}" for name, fields in told.items() for f in fields]
        voice.data(told, "\n".join(lines))
        return GOOD
    if asked.rules and asked.name:
        _declare(folder, asked.name, asked.rules)
    reports = [*(_audit(folder, name) for name in names), *tables.audited(folder, mine)]
    if asked.log:
        _judge(folder, reports)
    voice.data([_plain(one) for one in reports], "\n".join(map(_line, reports)))
    return GOOD if all(one.held for report in reports for one in report.results) else FOUND


def _declare(folder: Path, name: str, file: Path) -> None:
    told = rules.read(file.read_bytes())
    if not (held.folder(folder, name) / "source.json").exists():
        tables.declare(folder, name, told)
        return
    told = rules.fitting(held.source(folder, name), told)
    whole(held.folder(folder, name) / "rules.json", msgspec.json.encode(told))


def _declared(folder: Path, name: str) -> tuple[Rule, ...]:
    path = held.folder(folder, name) / "rules.json"
    own = msgspec.json.decode(path.read_bytes(), type=tuple[Rule, ...]) if path.exists() else ()
    return (*rules.implied(held.source(folder, name)), *own)


def _audit(folder: Path, name: str) -> Report:
    there = held.folder(folder, name) / "quality"
    done = held.last(folder, name)
    look = Look(held.now_ms(), done.number if done else 0, done.ended if done else 0)
    told = _declared(folder, name)
    report = audit(name, files(held.folder(folder, name)), told, kept(there), look)
    keep(there, report)
    return report


def _judge(folder: Path, reports: list[Report]) -> None:
    """Write judgements down, because of the pull that brought the rows: so `mindu why` goes on."""
    now = SystemClock().now()
    with Log.open(home(folder).log()) as log:
        for report in reports:
            about = f"dataset:{report.dataset}"
            for told in judgements(report):
                because = () if not report.pull else (_pulled(log, folder, report, now),)
                log.append(told, at=now, about=about, by="quality", because=because)
        log.commit()


def _pulled(log: Log, folder: Path, report: Report, now: datetime) -> int:
    """Return the entry of a pull, written down if it is not yet."""
    about = f"dataset:{report.dataset}"
    for entry in log:
        told = entry.record
        mine = entry.about == about and isinstance(told, Event) and told.name == PULLED
        if mine and isinstance(told, Event) and told.args["pull"] == report.pull:
            return entry.seq
    done = held.last(folder, report.dataset)
    assert done is not None, "a report of a pull has a pull"
    args: dict[str, Value] = {
        "pull": report.pull, "received": done.account.received, "stored": done.account.stored,
        "quarantined": done.account.quarantined,
        "source": type(held.source(folder, report.dataset).read).__name__.lower(),
    }  # fmt: skip
    return log.append(Event(PULLED, args), at=now, about=about, by="collect").seq


def _scores(folder: Path, voice: Voice) -> int:
    every = held.sources(folder)
    audits = {one.name: kept(held.folder(folder, one.name) / "quality") for one in every}
    whose = {one.name: one.department or one.owner for one in every}
    found = scores(tables.reports(folder) | audits, tables.whose(folder) | whose)
    lines = [
        f"{s.score:6.2f}  {s.trend:+.2f}  {s.department or '—'}  {s.datasets}  ✗{s.broken}  "
        f"{s.worst[0]} {s.worst[1]:.2f}"
        for s in found
    ]
    voice.data([one._asdict() for one in found], "\n".join(lines))
    return GOOD


def _plain(report: Report) -> dict[str, object]:
    return {"score": report.score, **msgspec.to_builtins(report)}


def _line(report: Report) -> str:
    bad = [f"  ✗ {r.rule}  {r.broken}/{r.checked}  #{', #'.join(map(str, r.rows))}"
           for r in report.results if not r.held]  # fmt: skip
    return "\n".join([f"{report.dataset}  {report.score:.2f}", *bad])
