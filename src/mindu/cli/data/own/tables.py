"""Auditing what no source brought in: kinds of things and cases of apps, and tables of the lake."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mindu.base.records import Case, Entry
from mindu.brain.stewards.datasets import datasets
from mindu.brain.stewards.owned import cases, implied, things
from mindu.cli.apps import found as apps
from mindu.cli.data import held
from mindu.cli.data.use.lake import LAKE, catalogue
from mindu.data.catalog.dataset import Dataset
from mindu.data.fold import Folds
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.shelf import shelved
from mindu.data.keeping.home import home
from mindu.data.kinds import Entity
from mindu.data.log import Log
from mindu.data.quality.audit import Look, audit
from mindu.data.quality.rules import Report, Rule
from mindu.data.quality.score import keep, kept
from mindu.data.senses.memory.delta import whole
from mindu.data.twin import Twins

FOLDER = "quality"  # where audits and declared rules of our own tables lie, by dataset


class Apps:
    """What the apps of this house hold in a folder, read beside whoever writes it."""

    def __init__(self, folder: Path) -> None:
        """Look at every kind that an app declares."""
        self._folder = folder
        self.of: dict[str, tuple[Dataset, type[Entity] | str]] = {}
        for app, said in apps():
            kinds: list[type[Entity] | str] = [*app.entities, *(kind.name for kind in app.cases)]
            for told, kind in zip(datasets(app, said), kinds, strict=True):
                self.of[told.name] = (told, kind)

    def rows(self, names: Sequence[str]) -> dict[str, pa.Table]:
        """Return the rows of those tables, without those that are empty."""
        kinds = {n: k for n in names if isinstance(k := self.of[n][1], type)}
        matters: dict[str, list[Entry]] = {
            k: [] for n in names if isinstance(k := self.of[n][1], str)
        }
        found: dict[str, pa.Table] = {}
        for log in self._logs():
            found |= _things(log, kinds) if kinds else {}
            for entry in log if matters else ():
                if isinstance(entry.record, Case) and entry.record.kind in matters:
                    matters[entry.record.kind].append(entry)
        for name in names:
            of = self.of[name][1]
            if isinstance(of, str) and matters[of]:
                found[name] = cases(matters[of])
        return found

    def _logs(self) -> Iterator[Log]:
        there = home(self._folder)
        for name in there.logs():
            with Log.read(there.log(name)) as log:
                yield log


def _things(log: Log, kinds: Mapping[str, type[Entity]]) -> dict[str, pa.Table]:
    twins = Twins({kind.__name__: kind for kind in kinds.values()})
    Folds(log, [twins])
    told = {name: things(twins, kind) for name, kind in kinds.items()}
    return {name: table for name, table in told.items() if table.num_rows}


def names(folder: Path) -> list[str]:
    """Return every table of ours that may be audited: of the lake, and of apps."""
    return sorted({*catalogue(folder / LAKE), *Apps(folder).of} - {*_sources(folder)})


def audited(folder: Path, wanted: Sequence[str]) -> list[Report]:
    """Audit some of our tables; those without a row are left out, but for the one asked for."""
    lake, own = catalogue(folder / LAKE), Apps(folder)
    found = [_audited(folder, lake[name], _files(folder, lake[name])) for name in wanted
             if name in lake and _files(folder, lake[name])]  # fmt: skip
    mine = [name for name in wanted if name in own.of and name not in lake]
    for name, table in own.rows(mine).items() if mine else ():
        dataset, of = own.of[name]
        with TemporaryDirectory() as away:
            path = Path(away) / "rows.parquet"
            pq.write_table(table, path)
            kind = of if isinstance(of, type) else None
            found.append(_audited(folder, dataset, [path], kind))
    return found


def files(folder: Path, name: str) -> list[str]:
    """Return the files of a table of the lake; one of an app has none."""
    told = catalogue(folder / LAKE).get(name)
    return [] if told is None else [str(path) for path in _files(folder, told)]


def declare(folder: Path, name: str, rules: tuple[Rule, ...]) -> None:
    """Keep more rules for one of our tables."""
    whole(_place(folder, name) / "rules.json", msgspec.json.encode(rules))


def reports(folder: Path) -> dict[str, list[Report]]:
    """Return the audits that were kept of our tables, oldest first."""
    return {path.name: kept(path / "audits") for path in sorted((folder / FOLDER).glob("*"))}


def whose(folder: Path) -> dict[str, str]:
    """Return which department, or owner, answers for each of our tables."""
    told = {name: one for name, (one, _) in Apps(folder).of.items()} | catalogue(folder / LAKE)
    return {name: one.department or one.owner for name, one in told.items()}


def _audited(
    folder: Path, dataset: Dataset, files: Sequence[Path], of: type[Entity] | None = None
) -> Report:
    place = _place(folder, dataset.name)
    rules = place / "rules.json"
    own = msgspec.json.decode(rules.read_bytes(), type=tuple[Rule, ...]) if rules.exists() else ()
    written = max(round(path.stat().st_mtime * 1000) for path in files)
    look = Look(held.now_ms(), 0, written)
    paths = [str(path) for path in files]
    told = (*implied(dataset, of), *own)
    report = audit(dataset.name, paths, told, kept(place / "audits"), look)
    keep(place / "audits", report)
    return report


def _files(folder: Path, dataset: Dataset) -> tuple[Path, ...]:
    try:
        return shelved(dataset, (folder / LAKE).resolve(), None)
    except Refused:
        return ()


def _place(folder: Path, name: str) -> Path:
    place = folder / FOLDER / name
    place.mkdir(parents=True, exist_ok=True)
    return place


def _sources(folder: Path) -> list[str]:
    return [source.name for source in held.sources(folder)]
