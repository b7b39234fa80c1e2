"""What was pulled from one source: a Delta table, its quarantine, and how far a pull has come.

A pull writes files and, after each, `pull.json` as a whole: from there a killed pull goes on.
Nothing of it is seen before the one commit of the Delta table that ends the pull.
"""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mindu.data.collect.declare import Source
from mindu.data.collect.part import Account, Cursor, Fault
from mindu.data.collect.sift import WHO, Sealer, schema
from mindu.data.collect.spelling import spelling
from mindu.data.senses.journal import locked, sync_folder
from mindu.data.senses.memory.delta import Delta, synced, whole

KEPT = 30  # pulls whose quarantine is kept
_FAULTS = pa.schema(
    {"row": pa.int64(), "column": pa.string(), "rule": pa.string(), "shape": pa.string()}
)


class Pull(msgspec.Struct, frozen=True, kw_only=True):
    """One pull: what it has come to so far, or what it came to."""

    number: int
    mode: Literal["full", "incremental"]
    begun: int  # epoch ms
    shape: str  # of the declaration that it follows
    floor: str = ""  # rows up to here were known before
    mark: str = ""  # rows up to here are known now
    cursor: Cursor = {}
    account: Account = Account()
    files: dict[str, int] = {}  # name -> rows
    parts: int = 0
    resumed: int = 0
    replaced: int = 0  # older rows that gave way to news with their key
    trouble: str = ""
    ended: int = 0  # epoch ms; 0 while it runs


class Holding:
    """The table of one source. One process writes it; readers need no lock."""

    def __init__(
        self, folder: Path, source: Source, seal: Sealer | None = None,
        look: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:  # fmt: skip
        """Open it for writing, and settle what a crash has left; `seal` seals personal columns.

        `look` is given the files of each pull before anybody else sees a row of them.

        Raises:
            RuntimeError: another process pulls this source.
        """
        self.source, self.folder, self.seal, self._look = source, folder, seal, look
        for name in ("rows", "quarantine", "pulls"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = locked(folder / "lock")
        try:
            self.delta = Delta(folder / "rows", schema(source), [])
            self._settle()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the table back."""
        os.close(self._lock)

    def _settle(self) -> None:
        running = self.running()
        if running is not None and running.number <= self.delta.position:
            (self.folder / "pull.json").unlink()  # killed between the commit and this
            running = None
        live = {*self.delta.files, *self.delta.gone, *(running.files if running else ())}
        for path in (self.folder / "rows").glob("*.parquet"):
            if path.name not in live:
                path.unlink()
        least = self.delta.position - KEPT
        for path in (self.folder / "quarantine").glob("*.parquet"):
            number, part = _numbered(path.name)
            stray = number > self.delta.position and (
                running is None or number != running.number or part > running.parts
            )
            if stray or number <= least:
                path.unlink()

    # -- reading -----------------------------------------------------------------------------

    def running(self) -> Pull | None:
        """Return the pull that has not ended, if there is one."""
        return _pull(self.folder / "pull.json")

    # -- writing -----------------------------------------------------------------------------

    def begin(self, now: int, *, fresh: bool = False) -> Pull:
        """Go on with the pull that was cut off, or begin one; `fresh` drops what was begun.

        Raises:
            ValueError: the columns changed, so that only a full pull fits.
        """
        told, mode = _digest(self.source), self.source.mode
        was = self.running()
        begins = was is not None and (was.cursor or not was.parts)  # else it cannot go on
        if was is not None and begins and not fresh and was.shape == told:
            pull = msgspec.structs.replace(was, resumed=was.resumed + 1, trouble="")
        else:
            last = ended(self.folder, self.delta.position)
            floor = last.mark if last is not None and mode == "incremental" else ""
            if mode == "incremental" and self.delta.files and self._reshaped():
                raise ValueError(
                    f"the columns of {self.source.name} changed: pull it full once (--full)"
                )
            pull = Pull(number=self.delta.position + 1, mode=mode, begun=now, shape=told,
                        floor=floor, mark=floor)  # fmt: skip
            if was is not None:
                (self.folder / "pull.json").unlink()
                self._settle()
        self._note(pull)
        return pull

    def keep(
        self, pull: Pull, tables: Sequence[pa.Table], faults: Sequence[Fault], reached: Pull
    ) -> Pull:
        """Make rows and faults durable, and then how far the pull has come."""
        part = pull.parts + 1
        name = f"p{pull.number:06d}-{part:05d}.parquet"
        files = dict(pull.files)
        rows = sum(table.num_rows for table in tables)
        if rows:
            _write(self.folder / "rows" / name, pa.concat_tables(tables))
            files[name] = rows
        if faults:
            columns = list(zip(*[(f.row, f.column, f.rule, f.shape) for f in faults], strict=True))
            arrays = [pa.array(c, f.type) for c, f in zip(columns, _FAULTS, strict=True)]
            table = pa.Table.from_arrays(arrays, schema=_FAULTS)
            _write(self.folder / "quarantine" / name, table)
        sync_folder(self.folder / "rows")
        sync_folder(self.folder / "quarantine")
        done = msgspec.structs.replace(reached, parts=part, files=files)
        self._note(done)
        return done

    def stop(self, pull: Pull, trouble: str) -> None:
        """Note why a pull stopped; it can go on from here."""
        self._note(msgspec.structs.replace(pull, trouble=trouble))

    def finish(self, pull: Pull, now: int) -> Pull:
        """Show the rows of a pull to everybody, in one commit."""
        self._look([str(self.folder / "rows" / name) for name in sorted(pull.files)])
        files, gone, replaced = dict(pull.files), [], 0
        old = list(self.delta.files)
        if pull.mode == "full":
            gone = old
        elif self.source.key and files:
            files, gone, replaced = self._merged(pull, old)
        done = msgspec.structs.replace(pull, ended=now, files=files, replaced=replaced)
        whole(self.folder / "pulls" / f"{pull.number:06d}.json", msgspec.json.encode(done))
        self.delta.change(
            {name: ({}, rows) for name, rows in files.items()}, gone, now,
            position=pull.number, schema=schema(self.source) if self._reshaped() else None,
        )  # fmt: skip
        (self.folder / "pull.json").unlink()
        self.delta.sweep(now)
        self._settle()
        return done

    def _merged(self, pull: Pull, old: list[str]) -> tuple[dict[str, int], list[str], int]:
        """Leave one row a key: the newest. Only files that hold an older one are written anew."""
        rows, key = self.folder / "rows", self._key
        new = [str(rows / name) for name in pull.files]
        keys = pq.read_table(new, columns=[key])[key].combine_chunks()
        files, gone, replaced = dict(pull.files), [], 0
        if len(pc.unique(keys)) != len(keys):
            files = self._once(pull, new)
        for name in old:
            held = pq.read_table(rows / name, columns=[key])[key]
            stays = pc.invert(pc.is_in(held, value_set=keys))
            count = pc.sum(stays).as_py() or 0
            if count == len(held):
                continue
            replaced += len(held) - count
            gone.append(name)
            if count:
                left = f"p{pull.number:06d}-{pull.parts + 1 + len(gone):05d}.parquet"
                _write(rows / left, pq.read_table(rows / name).filter(stays))
                files[left] = count
        return files, gone, replaced

    @property
    def _key(self) -> str:
        """The column that names a row: no two cells are alike, but whom they are about is."""
        return WHO if self.source.key in self.source.sealed else self.source.key

    def _once(self, pull: Pull, new: list[str]) -> dict[str, int]:
        """Return the one file of the pull's rows with the last of each key."""
        name = f"p{pull.number:06d}-{pull.parts + 1:05d}.parquet"
        query = (
            "SELECT * FROM read_parquet($files) QUALIFY row_number() OVER "  # noqa: S608 - quoted
            f'(PARTITION BY {_quoted(self._key)} ORDER BY "_row" DESC) = 1 ORDER BY "_row"'
        )
        with duckdb.connect() as db:
            told: pa.Table = db.sql(query, params={"files": new}).to_arrow_table()
        table = told.cast(schema(self.source))
        _write(self.folder / "rows" / name, table)
        return {name: table.num_rows}

    def _reshaped(self) -> bool:
        wanted = [f"{f.name}:{f.type}" for f in schema(self.source)]
        names = {"int32": "integer", "int64": "long", "bool": "boolean", "date32[day]": "date"}
        turned = [f"{n}:{names.get(t, t)}" for n, t in (w.rsplit(":", 1) for w in wanted)]
        return turned != self.delta.columns

    def _note(self, pull: Pull) -> None:
        whole(self.folder / "pull.json", msgspec.json.encode(pull))


def ended(folder: Path, number: int) -> Pull | None:
    """Return the last pull that ended, as its Delta table counts them."""
    return _pull(folder / "pulls" / f"{number:06d}.json") if number else None


def ends(folder: Path, most: int = 30) -> list[Pull]:
    """Return the newest pulls that ended, newest first."""
    position = _position(folder)
    found = (ended(folder, number) for number in range(position, max(0, position - most), -1))
    return [pull for pull in found if pull is not None]


def _position(folder: Path) -> int:
    """Return the number of the last pull that everybody sees."""
    if not any((folder / "rows" / "_delta_log").glob("*.json")):
        return 0
    return Delta(folder / "rows", pa.schema([]), []).position


def files(folder: Path) -> list[str]:
    """Return the Parquet files that make up the table, for any engine to read."""
    if not any((folder / "rows" / "_delta_log").glob("*.json")):
        return []
    held = Delta(folder / "rows", pa.schema([]), [])
    return [str(folder / "rows" / name) for name in sorted(held.files)]


def quarantined(folder: Path, number: int, most: int = 1000) -> list[Fault]:
    """Return what a pull set aside, in the order of the source."""
    found: list[Fault] = []
    for path in sorted((folder / "quarantine").glob(f"p{number:06d}-*.parquet")):
        for row in pq.read_table(path).to_pylist():
            found.append(Fault(**row))
            if len(found) >= most:
                return found
    return found


def _digest(source: Source) -> str:
    return sha256(msgspec.json.encode(source)).hexdigest()[:16]


def _pull(path: Path) -> Pull | None:
    return msgspec.json.decode(path.read_bytes(), type=Pull) if path.exists() else None


def _numbered(name: str) -> tuple[int, int]:
    pull, part = name.removesuffix(".parquet").removeprefix("p").split("-")
    return int(pull), int(part)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write(path: Path, table: Any) -> None:  # noqa: ANN401 - Arrow's
    """Write rows to a file that is durable when this returns; its folder is not synced."""
    try:
        pq.write_table(table, path, **spelling(table))
        synced(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
