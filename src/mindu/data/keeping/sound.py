"""Is a copied city sound: logs with their notes, databases, tables and journals, each by its own.

Whoever asks this of a folder must be alone with it: a torn tail of a journal is cut off.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pyarrow as pa

from mindu.base.wrong import Damaged, said
from mindu.data.keeping.copies import is_database
from mindu.data.keeping.home import CITY, ENDING
from mindu.data.keeping.paper import Headed
from mindu.data.log import Log
from mindu.data.proof.audit import audit
from mindu.data.proof.notary import FILE, NAME
from mindu.data.senses.journal import Journal
from mindu.data.senses.memory.delta import Delta

NOTES = {f"{CITY}{ENDING}": FILE, f"open{ENDING}": f"open-{FILE}"}


def sound(folder: Path) -> list[Headed]:
    """Hold a whole folder against itself; return what its logs come to.

    Raises:
        ValueError: names the first thing that is not as it was written.
    """
    heads: list[Headed] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if not is_database(path):
            continue
        if path.suffix == ENDING:
            heads += _log(path, folder)
        elif wrong := _flaw(path):
            name = path.relative_to(folder)
            raise Damaged(f"{name} is damaged: {wrong}", f"{name} 已损坏:{wrong}")
    for table in sorted(folder.rglob("_delta_log")):
        _table(table.parent, folder)
    for journal in sorted({path.parent for path in folder.rglob("*.mj")}):
        _journal(journal, folder)
    return heads


def _log(path: Path, folder: Path) -> Iterator[Headed]:
    name = path.relative_to(folder).as_posix()
    if not _tables(path):
        return  # its writer has made the file and nothing in it
    try:
        with Log.read(str(path)) as log:
            audit(log, path.with_name(NOTES.get(path.name, "none")), NAME)
            yield Headed(name, len(log), log.head, log.root())
    except ValueError as wrong:
        raise Damaged(f"{name}: {wrong}", f"{name}:{said(wrong).zh}") from wrong


def _tables(path: Path) -> int:
    with closing(apsw.Connection(str(path), apsw.SQLITE_OPEN_READONLY)) as db:
        return int(db.execute("SELECT count(*) FROM sqlite_schema").get)


def _flaw(path: Path) -> str:
    try:
        with closing(apsw.Connection(str(path), apsw.SQLITE_OPEN_READONLY)) as db:
            told = str(db.execute("PRAGMA integrity_check(1)").get)
    except apsw.Error as wrong:
        return str(wrong)
    return "" if told == "ok" else told


def _table(table: Path, folder: Path) -> None:
    name = table.relative_to(folder).as_posix()
    try:
        held = Delta(table, pa.schema([]), [])
    except (OSError, ValueError, KeyError) as wrong:
        raise Damaged(
            f"the table {name} cannot be read: {wrong}", f"数据表 {name} 读不出:{wrong}"
        ) from wrong
    for path, add in held.files.items():
        file = table / path
        if not file.exists() or file.stat().st_size != add["size"]:
            raise Damaged(f"{name}/{path} is missing or was changed", f"{name}/{path} 缺失或被改动")


def _journal(journal: Path, folder: Path) -> None:
    name = journal.relative_to(folder).as_posix()
    try:
        with closing(Journal(journal)) as held:
            first = min(int(path.stem) for path in journal.glob("*.mj"))
            for _ in held.since(first):
                pass
    except ValueError as wrong:
        raise Damaged(f"the journal {name}: {wrong}", f"日记 {name}:{said(wrong).zh}") from wrong
    (journal / "writer").unlink()
