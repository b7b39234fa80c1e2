"""What a city's folder knows of a dataset beside its declaration: audits, pulls, lineage."""

from pathlib import Path

import msgspec

from mindu.cli.data import held
from mindu.data.catalog.dataset import Dataset
from mindu.data.lineage.trace import Derived
from mindu.data.quality.facts import Facts, facts
from mindu.data.quality.rules import Report

DERIVED = "derived"


def derived(folder: Path) -> list[Derived]:
    """Return every derived table that was declared."""
    found = sorted((folder / DERIVED).glob("*.json"))
    return [msgspec.json.decode(path.read_bytes(), type=Derived) for path in found]


def known(folder: Path, dataset: Dataset) -> Facts:
    """Return what is known of one dataset."""
    kind, _, name = dataset.stored.partition(":")
    source = name if kind == "collect" else ""
    done = held.last(folder, source) if source else None
    report = _audited(folder, source or dataset.name, collected=bool(source))
    return facts(
        dataset, report=report, delivered=0 if done is None else done.ended,
        derived=derived(folder),
    )  # fmt: skip


def _audited(folder: Path, name: str, *, collected: bool) -> Report | None:
    """Return the last audit of a source, or of a table of ours."""
    own = folder / "quality" / name / "audits"
    place = held.folder(folder, name) / "quality" if collected else own
    last = max(place.glob("*.json"), default=None)
    return None if last is None else msgspec.json.decode(last.read_bytes(), type=Report)
