"""A Delta table: which files a table is made of, changed by whole commits that survive a crash.

Written after the Delta transaction log protocol, reader version 1, writer version 2: JSON commits,
Parquet checkpoints, and the place in the journal up to which the table holds everything (`txn`).
Held in the tests against the reader of delta-rs.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mindu.data.senses.journal import sync_folder
from mindu.data.senses.memory.plain import nested

APP = "mindu-journal"
EVERY = 50  # commits between checkpoints of the log
GRACE = 3_600_000  # ms that a file outlives its removal, for those who read it now
_NAMES = {
    "int8": "byte", "int16": "short", "int32": "integer", "int64": "long", "double": "double",
    "string": "string", "binary": "binary", "bool": "boolean", "date32[day]": "date",
}  # fmt: skip
_WORDS = pa.map_(pa.string(), pa.string())
_ADD = pa.struct({
    "path": pa.string(), "partitionValues": _WORDS, "size": pa.int64(),
    "modificationTime": pa.int64(), "dataChange": pa.bool_(), "stats": pa.string(),
})  # fmt: skip
_REMOVE = pa.struct({
    "path": pa.string(), "deletionTimestamp": pa.int64(), "dataChange": pa.bool_(),
})  # fmt: skip
_META = pa.struct({
    "id": pa.string(), "format": pa.struct({"provider": pa.string(), "options": _WORDS}),
    "schemaString": pa.string(), "partitionColumns": pa.list_(pa.string()),
    "configuration": _WORDS, "createdTime": pa.int64(),
})  # fmt: skip
_PROTOCOL = pa.struct({"minReaderVersion": pa.int32(), "minWriterVersion": pa.int32()})
_TXN = pa.struct({"appId": pa.string(), "version": pa.int64(), "lastUpdated": pa.int64()})
_LOG = pa.schema(
    {"txn": _TXN, "add": _ADD, "remove": _REMOVE, "metaData": _META, "protocol": _PROTOCOL}
)
Action = dict[str, Any]


class Delta:
    """The log of one table with one writer."""

    def __init__(self, folder: Path, schema: pa.Schema, partitions: Sequence[str]) -> None:
        """Open a table, or begin one."""
        self.folder, self._log = folder, folder / "_delta_log"
        self.files: dict[str, Action] = {}  # path -> add
        self.gone: dict[str, int] = {}  # path -> removed when, epoch ms
        self.position = 0
        self.version = -1
        self._meta: Action = {}
        self._log.mkdir(parents=True, exist_ok=True)
        self._replay()
        if self.version < 0:
            self._meta = _meta(schema, partitions, folder.name)
            protocol = {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}
            self._commit([protocol, {"metaData": self._meta}])

    # -- reading the log -------------------------------------------------------------------

    def _replay(self) -> None:
        since = -1
        last = self._log / "_last_checkpoint"
        if last.exists():
            since = int(json.loads(last.read_bytes())["version"])
            path = self._log / f"{since:020d}.checkpoint.parquet"
            held = pq.ParquetFile(path).read().to_pylist()
            self._take({k: v for k, v in row.items() if v is not None} for row in held)
            self.version = since
        for path in sorted(self._log.glob("*.json")):
            if path.stem.isdigit() and int(path.stem) > since:
                self._take(map(json.loads, path.read_bytes().splitlines()))
                self.version = int(path.stem)

    def _take(self, actions: Iterable[Action]) -> None:
        for action in actions:
            if "add" in action:
                add = dict(action["add"])
                add["partitionValues"] = dict(add["partitionValues"])
                self.files[add["path"]] = add
                self.gone.pop(add["path"], None)
            elif "remove" in action:
                path = action["remove"]["path"]
                self.files.pop(path, None)
                self.gone[path] = action["remove"]["deletionTimestamp"]
            elif "txn" in action and action["txn"]["appId"] == APP:
                self.position = action["txn"]["version"]
            elif "metaData" in action:
                self._meta = dict(action["metaData"])

    @property
    def columns(self) -> list[str]:
        """The names of the table's columns, and their types behind a colon."""
        told = json.loads(self._meta["schemaString"])["fields"]
        return [f"{field['name']}:{field['type']}" for field in told]

    # -- changing --------------------------------------------------------------------------

    def change(
        self,
        add: Mapping[str, tuple[Mapping[str, str], int]],
        remove: Iterable[str],
        now: int,
        *,
        position: int | None = None,
        schema: pa.Schema | None = None,
    ) -> None:
        """Add files (path -> partition, rows) and remove others, in one step.

        `now` is epoch ms; `position` says up to where in the journal the table holds everything;
        `schema` replaces the columns, where no file of the old ones stays. The files must be
        durable already.
        """
        news = position is not None
        actions: list[Action] = []
        if schema is not None:
            told = _meta(schema, self._meta["partitionColumns"], self.folder.name)
            actions.append({"metaData": {**told, "id": self._meta["id"]}})
        for path, (values, rows) in add.items():
            size = (self.folder / path).stat().st_size
            stats = json.dumps({"numRecords": rows})
            actions.append({"add": {
                "path": path, "partitionValues": dict(values), "size": size,
                "modificationTime": now, "dataChange": news, "stats": stats,
            }})  # fmt: skip
        for path in remove:
            gone = {"path": path, "deletionTimestamp": now, "dataChange": news}
            actions.append({"remove": gone})
        if position is not None:
            txn = {"appId": APP, "version": position, "lastUpdated": now}
            actions.append({"txn": txn})
        self._commit(actions)

    def _commit(self, actions: list[Action]) -> None:
        version = self.version + 1
        body = b"\n".join(json.dumps(action).encode() for action in actions) + b"\n"
        whole(self._log / f"{version:020d}.json", body)
        self._take(actions)
        self.version = version
        if version and version % EVERY == 0:
            self._checkpoint()

    def _checkpoint(self) -> None:
        txn = {"appId": APP, "version": self.position, "lastUpdated": 0}
        rows: list[Action] = [
            {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
            {"metaData": self._meta},
            {"txn": txn},
        ]
        rows += [{"add": add} for add in self.files.values()]
        rows += [
            {"remove": {"path": path, "deletionTimestamp": when, "dataChange": False}}
            for path, when in self.gone.items()
        ]
        columns = [nested([row.get(it.name) for row in rows], it.type) for it in _LOG]
        table = pa.Table.from_arrays(columns, schema=_LOG)
        name = f"{self.version:020d}.checkpoint.parquet"
        draft = self._log / f".{name}"
        pq.write_table(table, draft)
        synced(draft)
        draft.rename(self._log / name)
        told = json.dumps({"version": self.version, "size": len(rows)}).encode()
        whole(self._log / "_last_checkpoint", told)
        for path in self._log.iterdir():
            stem = path.name.split(".")[0]
            if stem.isdigit() and int(stem) < self.version - EVERY:
                path.unlink(missing_ok=True)

    def sweep(self, now: int) -> int:
        """Delete files that were removed long enough ago, and those that no commit names."""
        old = [path for path, when in self.gone.items() if now - when > GRACE]
        for path in old:
            (self.folder / path).unlink(missing_ok=True)
            del self.gone[path]
        return len(old)

    def strays(self) -> int:
        """Delete data files that a crash left before their commit; only for the one writer."""
        count = 0
        away = [it for it in self.folder.iterdir() if it.is_symlink()]  # `**` follows no links
        for path in [p for it in (self.folder, *away) for p in it.rglob("*.parquet")]:
            name = path.relative_to(self.folder).as_posix()
            if not name.startswith("_delta_log") and name not in {*self.files, *self.gone}:
                path.unlink()
                count += 1
        return count


def _meta(schema: pa.Schema, partitions: Sequence[str], name: str) -> Action:
    fields = [
        {"name": f.name, "type": _NAMES[str(f.type)], "nullable": f.nullable, "metadata": {}}
        for f in schema
    ]
    told = json.dumps({"type": "struct", "fields": fields})
    digest = sha256(f"{name}{told}".encode()).hexdigest()
    cut = (digest[:8], digest[8:12], f"4{digest[13:16]}", f"8{digest[17:20]}", digest[20:32])
    return {
        "id": "-".join(cut), "format": {"provider": "parquet", "options": {}},
        "schemaString": told, "partitionColumns": list(partitions), "configuration": {},
        "createdTime": 0,
    }  # fmt: skip


def whole(path: Path, body: bytes) -> None:
    """Write a file that is there as a whole or not at all."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(body)
    synced(draft)
    draft.rename(path)
    sync_folder(path.parent)


def synced(path: Path) -> None:
    """Make what a file holds durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
