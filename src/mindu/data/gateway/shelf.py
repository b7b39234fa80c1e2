"""The shelf: in which files the rows of a dataset lie, in two folders and nowhere outside them."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from mindu.data.catalog.dataset import Dataset
from mindu.data.collect.store import files
from mindu.data.gateway.allow import refused

COLLECTED = "collect:"  # rows that a source brought in; moments stand there in epoch ms


def shelved(dataset: Dataset, lake: Path, collected: Path | None) -> tuple[Path, ...]:
    """Return the files of a dataset: `file:NAME` in the lake, `collect:SOURCE` as collected.

    Raises:
        Refused: it has no file there.
    """
    kind, _, name = dataset.stored.partition(":")
    if kind == "file":
        found, home = [lake / name], lake
    elif kind == "collect" and collected is not None:
        home = collected
        inside = (collected / name).resolve().parent == collected
        found = [Path(told) for told in files(collected / name)] if inside else []
    else:
        found, home = [], lake
    paths = tuple(path.resolve() for path in found)
    if not paths or not all(path.is_relative_to(home) and path.is_file() for path in paths):
        raise refused(f"{dataset.name} has no rows here yet", f"{dataset.name} 暂无数据文件")
    return paths


def stamp(files: Iterable[Path]) -> str:
    """Return a digest of which files lie there, how long they are, and when they were written."""
    told = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return sha256(repr(sorted(told)).encode()).hexdigest()[:32]
