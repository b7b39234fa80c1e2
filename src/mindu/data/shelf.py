"""A shelf of time-ordered rows in matrices, so that many rows grow by one array write."""

import numpy as np

from mindu.data.arrays import Floats, Ints, every

SHORT = 64  # points of the shortest row


class _Board:
    """Rows of one length: times, values, and where the points of each row begin and end."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.at: Floats = np.zeros((0, length))
        self.value: Floats = np.zeros((0, length))
        self.free: list[int] = []

    def take(self) -> int:
        """Return a free row, making more when there is none."""
        if not self.free:
            held = len(self.at)
            more = max(16, held // 2)
            self.at = np.concatenate([self.at, np.zeros((more, self.length))])
            self.value = np.concatenate([self.value, np.zeros((more, self.length))])
            self.free = list(range(held + more - 1, held - 1, -1))
        return self.free.pop()


class Shelf:
    """Rows that keep the last `span` seconds, at most `most` points; older points fall off."""

    def __init__(self, span: float, most: int) -> None:
        """Start with no rows."""
        self._span, self._most = span, most
        self._boards: list[_Board] = []
        self._board: Ints = np.zeros(16, np.int64)  # row -> its board
        self._place: Ints = np.zeros(16, np.int64)  # row -> its place on that board
        self._low: Ints = np.zeros(16, np.int64)
        self._high: Ints = np.zeros(16, np.int64)
        self._last: Floats = np.full(16, -np.inf)  # newest time
        self._count = 0

    def new(self) -> int:
        """Add an empty row and return its number."""
        row = self._count
        self._count += 1
        if row == len(self._board):
            for name in ("_board", "_place", "_low", "_high"):
                setattr(self, name, np.append(getattr(self, name), np.zeros(row, np.int64)))
            self._last = np.append(self._last, np.full(row, -np.inf))
        self._board[row], self._place[row] = 0, self._on(0).take()
        return row

    def points(self, row: int) -> tuple[Floats, Floats]:
        """Return the (times, values) that a row keeps, oldest first; a view, not to be changed."""
        board, place = self._boards[self._board[row]], self._place[row]
        low, high = int(self._low[row]), int(self._high[row])
        at = board.at[place, low:high]
        low += max(int(at.searchsorted(self._last[row] - self._span)), len(at) - self._most)
        return board.at[place, low:high], board.value[place, low:high]

    def put(self, row: int, at: Floats, value: Floats) -> None:
        """Fill an empty row."""
        number = self._board[row]
        while self._on(int(number)).length <= len(at):
            number += 1
        self._move(row, int(number), at, value)

    def add(self, rows: Ints, at: Floats, value: Floats) -> None:
        """Add one point to each of several rows, no row twice."""
        later = at > self._last[rows]
        if not every(later):
            for i in np.flatnonzero(~later).tolist():
                self._insert(int(rows[i]), float(at[i]), float(value[i]))
            rows, at, value = rows[later], at[later], value[later]
        numbers = self._board[rows]
        first = int(numbers[0]) if len(rows) else 0
        if every(numbers == first):
            self._extend(first, rows, at, value)
            return
        for number in np.unique(numbers).tolist():
            on = numbers == number
            self._extend(number, rows[on], at[on], value[on])

    def _extend(self, number: int, rows: Ints, at: Floats, value: Floats) -> None:
        board = self._on(number)
        high = self._high[rows]
        full = high == board.length
        if np.count_nonzero(full):
            for row in rows[full].tolist():
                self._make_room(row)
            self.add(rows, at, value)
            return
        place = self._place[rows]
        board.at[place, high] = at
        board.value[place, high] = value
        self._high[rows] = high + 1
        self._last[rows] = at

    def _insert(self, row: int, at: float, value: float) -> None:
        """Add a late point in its order; one that stands already takes the newer value."""
        times, values = self.points(row)
        if at < self._last[row] - self._span:
            return
        place = int(times.searchsorted(at))
        if place < len(times) and times[place] == at:
            values[place] = value
            return
        self.put_again(row, np.insert(times, place, at), np.insert(values, place, value))

    def put_again(self, row: int, at: Floats, value: Floats) -> None:
        """Replace what a row holds."""
        self._low[row] = self._high[row]
        self.put(row, at[-self._most :], value[-self._most :])

    def _make_room(self, row: int) -> None:
        """Let old points of a full row fall off, or move it where rows are longer."""
        at, value = self.points(row)
        number = int(self._board[row])
        longer = 2 * len(at) > self._on(number).length
        self._move(row, number + longer, at.copy(), value.copy())

    def _move(self, row: int, number: int, at: Floats, value: Floats) -> None:
        old = int(self._board[row])
        if number != old:
            self._on(old).free.append(int(self._place[row]))
            self._board[row], self._place[row] = number, self._on(number).take()
        board, place = self._on(number), self._place[row]
        board.at[place, : len(at)] = at
        board.value[place, : len(at)] = value
        self._low[row], self._high[row] = 0, len(at)
        if len(at):
            self._last[row] = at[-1]

    def _on(self, number: int) -> _Board:
        while len(self._boards) <= number:
            self._boards.append(_Board(SHORT << len(self._boards)))
        return self._boards[number]
