"""A workbook as a department sends it: titles, merged headings, units, totals and notes below."""

import zipfile
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from mindu.data.collect.declare import Excel
from mindu.data.collect.headings import joined
from mindu.data.collect.part import Broken, Cursor, Part, texts, word
from mindu.edge.collect.objects import STEP

MOST_OPEN = 512 << 20  # bytes that a workbook unfolds to
MOST_RATIO = 200  # of bytes unfolded to bytes packed
MOST_FILE = 64 << 20
MOST_CELLS = 20_000_000
MOST_HEADS = 4
_LOOK = 30  # rows among which the headings are
Grid = list[list[object]]


class Workbook:
    """One sheet of a workbook."""

    def __init__(self, read: Excel, path: Path) -> None:
        """Read this file."""
        self._read, self._path = read, path

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield rows from the cursor on.

        Raises:
            Broken: the file is not there, is no workbook, or unfolds to far too much.
        """
        del mark
        grid = self._grid()
        skip, heads = _heads(grid) if self._read.skip < 0 else (self._read.skip, 1)
        heads = self._read.heads if self._read.heads > 0 else heads
        told = [[_word(cell) or "" for cell in row] for row in grid[skip : skip + heads]]
        names = joined(told)
        body = [
            (number, row)
            for number, row in enumerate(grid[skip + heads :], skip + heads + 1)
            if any(_word(cell) for cell in row)
        ]
        for at in range(int(cursor.get("row", 0)), len(body), STEP):
            some = body[at : at + STEP]
            columns = zip(*[[_word(cell) for cell in row] for _, row in some], strict=True)
            table = pa.table(dict(zip(names, (texts(c, len(some)) for c in columns), strict=True)))
            rows = np.array([number for number, _ in some], np.int64)
            yield Part(table, rows, [], len(some), {"row": at + len(some)})

    def _grid(self) -> Grid:
        checked(self._path)
        try:
            with CalamineWorkbook.from_path(str(self._path)) as book:
                names = book.sheet_names
                if self._read.sheet and self._read.sheet not in names:
                    raise Broken(f"{self._path.name} has no sheet {self._read.sheet!r}")
                sheet = book.get_sheet_by_name(self._read.sheet or names[0])
                return _filled(sheet)
        except CalamineError as wrong:
            raise Broken(f"{self._path.name} is no workbook that can be read") from wrong


def checked(path: Path) -> None:
    """Refuse what would unfold to far more than it is.

    Raises:
        Broken: it is not there, too big, or lies about its size.
    """
    if not path.exists():
        raise Broken(f"{path} is not there: put it there, or mend the path")
    if path.stat().st_size > MOST_FILE:
        raise Broken(f"{path.name} has more than {MOST_FILE >> 20} MB: send it as CSV")
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        total = sum(one.file_size for one in packed.infolist())
        if total > MOST_OPEN or total > MOST_RATIO * max(path.stat().st_size, 1 << 16):
            raise Broken(f"{path.name} unfolds to {total >> 20} MB: that is no plain workbook")
        try:
            wrong = packed.testzip()  # reads no more than was told, and checks that it was all
        except (zipfile.BadZipFile, OSError, ValueError) as bad:
            raise Broken(f"{path.name} is damaged: ask for it again") from bad
        if wrong is not None:
            raise Broken(f"{path.name} is damaged: ask for it again")


def _filled(sheet: CalamineSheet) -> Grid:
    """Return the cells, each merged range filled with its first one."""
    if sheet.total_height * max(sheet.total_width, 1) > MOST_CELLS:
        raise Broken(f"{sheet.name} has more than {MOST_CELLS} cells: send it as CSV")
    grid: Grid = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, len(grid) - 1) + 1):
            for column in range(left, min(right, len(grid[row]) - 1) + 1):
                grid[row][column] = grid[top][left]
    wide = max((len(row) for row in grid), default=0)
    return [row + [None] * (wide - len(row)) for row in grid]


def _heads(grid: Grid) -> tuple[int, int]:
    """Return how many rows stand above the headings, and how many rows these take.

    The first row that names at least half of the columns, and no two columns alike but where
    the row below tells them apart.
    """
    for skip, row in enumerate(grid[:_LOOK]):
        told = [_word(cell) for cell in row]
        names = {name for name in told if name}
        if len(names) < 2 or len(names) * 2 < len(row):
            continue
        heads = 1
        while heads < MOST_HEADS and _tells(told, grid[skip + heads : skip + heads + 1]):
            heads += 1
        return skip, heads
    raise Broken("no row of headings is found: say `skip` and `heads`")


def _tells(told: Sequence[str | None], rows: Grid) -> bool:
    """Say whether a row goes on with the headings: it names apart what is alike above, in words."""
    row = rows[0] if rows else []
    alike = [i for i, name in enumerate(told) if name and told.count(name) > 1]
    if not row or not alike or not all(isinstance(row[i], str) and row[i] for i in alike):
        return False
    return len({_word(row[i]) for i in alike}) > len({told[i] for i in alike})


def _word(cell: object) -> str | None:
    told = word(cell)
    return (told.strip() or None) if told is not None else None
