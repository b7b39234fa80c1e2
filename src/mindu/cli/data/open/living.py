"""The living city's own tables: what stands, what was measured, judged and done, as open data."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mindu.base.records import Action, Entry, Judgement, Outcome, Settlement, Words
from mindu.base.time import monotonic
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.opening.check import Proposal
from mindu.cli.data.open.house import Held
from mindu.cli.data.open.tables import ACTIONS, JUDGED, THINGS, dataset, series
from mindu.console.board import Board
from mindu.console.feed import Feed
from mindu.data.catalog.dataset import Dataset
from mindu.data.senses.memory.delta import whole

CITY = Officer("city", "demo city 演示城市", "city")
LICENCE = Proposal(licence="CC-BY-4.0")
FRESH_S = 30.0  # s that a table is given out before it is written anew
POINTS, ROWS = 2_000, 1_000_000  # readings of one channel, rows of one table
_PROP = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ARROW = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_(),
          "moment": pa.timestamp("us")}  # fmt: skip


class Table(NamedTuple):
    """One table of the city: how it is declared, and its rows."""

    dataset: Dataset
    rows: list[tuple[Any, ...]]


class Living:
    """Writes the city's tables as the portal is asked for them, and opens them once."""

    def __init__(self, feed: Feed, folder: Path) -> None:
        """Look at this city, and write below this folder's lake."""
        self._feed, self._lake = feed, folder / "lake"
        self._seq, self._at = -1, 0.0

    def freshen(self, name: str) -> None:
        """Bring the tables up to now, where one of them is asked for and time has passed."""
        if (self._lake / f"{name}.city").exists():
            self.write()

    def write(self) -> list[str]:
        """Write every table that has rows; return their names. Soon after the last it rests."""
        board = self._feed.board
        if self._seq == board.seq or (self._at and monotonic() - self._at < FRESH_S):
            return []
        with self._feed.lock:
            tables = [table for table in _tables(board) if table.rows]
            self._seq = board.seq
        for table in tables:
            self._lay(table)
        self._at = monotonic()
        return [table.dataset.name for table in tables]

    def open(self, held: Held) -> None:
        """Open each table that nobody has opened or closed before."""
        portal, opened = held.portal, held.portal.memory.opened
        with self._feed.lock:
            names = _names(self._feed.board)
        new = {
            name for name in names
            if not (opened.get(name) or opened.closed(name) or opened.refused(name))
        }  # fmt: skip
        fresh = new & set(self.write()) if new else set()  # what all know costs nothing more
        if not fresh:
            return
        held.refresh()
        for name in sorted(fresh):
            with portal.gateway.lock, suppress(Refusal):  # a refusal is written down
                portal.openings.open(name, LICENCE, CITY, now=portal.gateway.clock.now())
        portal.memory.log.commit()

    def _lay(self, table: Table) -> None:
        of = table.dataset
        columns = zip(*table.rows[-ROWS:], strict=True)
        arrays = {
            field.name: pa.array(column, _ARROW[field.type])
            for field, column in zip(of.fields, columns, strict=True)
        }
        out = io.BytesIO()
        pq.write_table(pa.table(arrays), out, compression="zstd")
        whole(self._lake / f"{of.name}.parquet", out.getvalue())
        declared = msgspec.json.encode(of)
        for name in (f"{of.name}.json", f"{of.name}.city"):
            path = self._lake / name
            if not path.exists() or path.read_bytes() != declared:
                whole(path, declared)


def _names(board: Board) -> set[str]:
    """Return the names of the tables that would have rows."""
    held = ((THINGS, board.places), (JUDGED, board.judged), (ACTIONS, board.actions))
    props = {prop for about, prop in board.readings if about in board.places}
    return {told.name for told, rows in held if rows} | {
        f"readings_{prop}" for prop in props if _PROP.fullmatch(prop)
    }


def _tables(board: Board) -> Iterator[Table]:
    yield Table(dataset(THINGS), [_thing(board, name) for name in sorted(board.places)])
    yield Table(dataset(JUDGED), list(_judged(board)))
    yield Table(dataset(ACTIONS), [_acted(board, entry) for entry in board.actions.values()])
    rows: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for (about, prop), heard in board.readings.items():
        if about in board.places and _PROP.fullmatch(prop):
            at, values = heard.window(float("-inf"), float("inf"))
            place = _place(board, about)
            rows.setdefault((prop, heard.unit), []).extend(
                (about, *place[:2], _instant(second), value, *place[2:])
                for second, value in zip(at[-POINTS:], values[-POINTS:], strict=True)
            )
    done: set[str] = set()
    for (prop, unit), told in rows.items():
        if prop not in done:  # one unit a table; a second one of the same name is left out
            done.add(prop)
            yield Table(series(prop, unit), told)


def _thing(board: Board, name: str) -> tuple[Any, ...]:
    zh, en, lon, lat = _place(board, name)
    return name, zh, en, board.places[name].kind, lon, lat


def _judged(board: Board) -> Iterator[tuple[Any, ...]]:
    for entry in board.entries.values():
        told = entry.record
        if isinstance(told, Judgement) and entry.about in board.places:
            yield (
                entry.seq, _moment(entry), entry.about, *_place(board, entry.about)[:2],
                told.finding, int(told.severity), told.says.zh, told.says.en, told.confidence,
                entry.by, _verdict(board.settled, entry.seq),
            )  # fmt: skip


def _acted(board: Board, entry: Entry) -> tuple[Any, ...]:
    told = entry.record
    assert isinstance(told, Action), "actions are kept apart"
    decision = board.decisions.get(entry.seq)
    said = getattr(decision.record, "confirmed", False) if decision is not None else None
    sending, outcome = board.sendings.get(entry.seq), board.outcomes.get(entry.seq)
    sent = getattr(sending.record, "ok", False) if sending is not None else False
    kept = outcome.record.kept if outcome and isinstance(outcome.record, Outcome) else None
    state = "waiting" if said is None else "confirmed" if said else "refused"
    return (entry.seq, _moment(entry), told.on, told.verb, told.says.zh, told.says.en, entry.by,
            state, bool(sent), kept)  # fmt: skip


def _verdict(settled: Mapping[int, Entry], seq: int) -> str:
    found = settled.get(seq)
    return found.record.verdict if found and isinstance(found.record, Settlement) else ""


def _place(board: Board, name: str) -> tuple[str, str, float | None, float | None]:
    place = board.places[name]
    title = Words(place.title("en"), place.title("zh"))
    lon, lat = place.xy or (None, None)
    inside = lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90
    return title.zh, title.en, lon if inside else None, lat if inside else None


def _moment(entry: Entry) -> datetime:
    return entry.at.astimezone(UTC).replace(tzinfo=None)


def _instant(second: float) -> datetime:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None)
