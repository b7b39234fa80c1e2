"""Corrections and words as Delta tables beside the readings, for engines that read them in place.

A row of `words` is a word as JSON, and the `value` by which series tell it; rows are only added.
A row of `corrections` is an amendment: `newest` marks the one that holds, and its `value` is null
where the reading was taken back. Pieces are never written anew: whoever reads them lays this over.
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mindu.data.senses.beside.amended import Amended
from mindu.data.senses.beside.words import LOWEST, Words
from mindu.data.senses.memory.delta import Delta, synced
from mindu.data.senses.memory.plain import nested

FOLDER, DICTIONARY = "corrections", "words"
SCHEMA = pa.schema(
    [
        pa.field("series", pa.int32(), nullable=False),
        pa.field("at", pa.int64(), nullable=False),  # epoch ms of the reading
        pa.field("value", pa.float64()),
        pa.field("was", pa.float64(), nullable=False),
        pa.field("arrived", pa.int32(), nullable=False),  # epoch s, rounded up
        pa.field("newest", pa.bool_(), nullable=False),
        pa.field("who", pa.string(), nullable=False),
        pa.field("why", pa.string(), nullable=False),
    ]
)
WORDS = pa.schema(
    [
        pa.field("value", pa.float64(), nullable=False),
        pa.field("word", pa.string(), nullable=False),
    ]
)


def bring_up(folder: Path, amended: Amended, now: int) -> bool:
    """Write all amendments where the table lacks some (`now`: epoch ms); say whether it did.

    Raises:
        OSError: the disk refuses; the table stays as it was.
    """
    if not amended.total:
        return False
    table, told = Delta(folder / FOLDER, SCHEMA, []), list(amended.all())
    if table.position == len(told):
        return False
    name = f"{table.version:08d}-{len(told):06d}.parquet"
    after = [*((it.series, it.at) for it in told[1:]), (-1, -1)]
    newest = [(it.series, it.at) != next_ for it, next_ in zip(told, after, strict=True)]
    columns: dict[str, list[Any]] = {
        "series": [it.series for it in told], "at": [it.at for it in told],
        "value": [it.value for it in told], "was": [it.was for it in told],
        "arrived": [it.second for it in told], "newest": newest,
        "who": [it.by for it in told], "why": [it.why for it in told],
    }  # fmt: skip
    arrays = [nested(columns[it.name], it.type) for it in SCHEMA]
    pq.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA), table.folder / name)
    synced(table.folder / name)
    table.change({name: ({}, len(told))}, list(table.files), now, position=len(told))
    table.sweep(now)
    return True


def files(folder: Path) -> tuple[str, ...]:
    """Return the files of the newest commit; none where nothing was ever corrected."""
    if not (folder / FOLDER / "_delta_log").is_dir():
        return ()
    return tuple(str(folder / FOLDER / path) for path in Delta(folder / FOLDER, SCHEMA, []).files)


def add_words(folder: Path, words: Words, now: int) -> bool:
    """Add the words that the table lacks (`now`: epoch ms); say whether there were some.

    Raises:
        OSError: the disk refuses; the table stays as it was.
    """
    if not words.told:
        return False
    table, many = Delta(folder / DICTIONARY, WORDS, []), len(words.told)
    if table.position == many:
        return False
    places = range(table.position, many)
    numbers = nested([float(LOWEST - it) for it in places], WORDS.field("value").type)
    arrays = [numbers, nested([words.told[it] for it in places], WORDS.field("word").type)]
    name = f"{table.version:08d}-{many:07d}.parquet"
    pq.write_table(pa.Table.from_arrays(arrays, schema=WORDS), table.folder / name)
    synced(table.folder / name)
    table.change({name: ({}, len(places))}, [], now, position=many)
    return True
