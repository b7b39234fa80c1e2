"""Our own series and cases, as rows like everybody else's."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa

from mindu.base.records import Case
from mindu.data.collect.declare import Cases, Series, Source
from mindu.data.collect.part import Broken, Cursor, Part
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.senses.beside.words import LOWEST
from mindu.data.senses.memory.reads import window
from mindu.data.senses.senses import Senses
from mindu.data.senses.tail import NO_ROWS, Rows
from mindu.edge.collect.objects import STEP, part

FOREVER = 1 << 52  # ms


class Readings:
    """The readings of one property, device by device."""

    def __init__(self, read: Series, folder: Path) -> None:
        """Read this folder of senses; no node may be running on it."""
        self._read, self._folder = read, folder

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield `device`, `at`, `value` and `quality`, from the mark on."""
        try:
            senses = Senses(self._folder)
        except RuntimeError as wrong:
            raise Broken(f"{wrong}, or declare the node's own address as http") from wrong
        with closing(senses):
            done, row = int(cursor.get("device", 0)), int(cursor.get("row", 0))
            for number, device in enumerate(senses.registry.ids[done:], done + 1):
                series = senses.registry.one(device, self._read.prop)
                told = window(senses, series, int(mark or 0), FOREVER) if series >= 0 else NO_ROWS
                count = len(told.at)
                if count:
                    row += count
                    yield _readings(device, told, {"device": number, "row": row})


def _readings(device: str, told: Rows, cursor: Cursor) -> Part:
    count = len(told.at)
    table = pa.table({
        "device": pa.array([device] * count), "at": pa.array(told.at),
        "value": pa.array(np.where(told.value > LOWEST, told.value, np.nan)),
        "quality": pa.array(told.quality),
    })  # fmt: skip
    return Part(table, int(cursor["row"]) - count + 1 + np.arange(count), [], count, cursor)


class Matters:
    """The cases of the log, as they were opened."""

    def __init__(self, source: Source, read: Cases, folder: Path) -> None:
        """Read the log of this folder beside whoever writes it."""
        self._source, self._read, self._folder = source, read, folder

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield cases from the cursor on; the caller stays in the vault."""
        del mark
        try:
            there = home(self._folder)
            if not there.there():
                raise Broken(f"no log is in {there.shown()}: name the folder of the log")
        except (ValueError, OSError) as wrong:
            raise Broken(str(wrong)) from None
        at, waiting = int(cursor.get("seq", 0)), []
        row = int(cursor.get("row", 0))
        with Log.read(there.log()) as log:
            for entry in log.since(at):
                told = entry.record
                at = entry.seq + 1
                if isinstance(told, Case) and self._read.kind in {"", told.kind}:
                    waiting.append({"number": entry.seq, "at": entry.at.isoformat(),
                                    **_facts(told)})  # fmt: skip
                if len(waiting) >= STEP:
                    going: Cursor = {"seq": at, "row": row + len(waiting)}
                    yield part(self._source, waiting, row + 1, going)
                    row, waiting = row + len(waiting), []
        if waiting:
            yield part(self._source, waiting, row + 1, {"seq": at, "row": row + len(waiting)})


def _facts(case: Case) -> dict[str, object]:
    lon, lat = case.where or (None, None)
    return {
        "kind": case.kind, "text": case.text, "title": case.title, "channel": case.channel,
        "service": case.service, "area": case.area, "place": case.place, "lon": lon, "lat": lat,
        **case.facts,
    }  # fmt: skip
