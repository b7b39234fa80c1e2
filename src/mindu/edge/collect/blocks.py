"""Blocks: delimited text is read as columns of words; a broken line is told, the rest goes on."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from mindu.data.arrays import Ints, Truths
from mindu.data.collect.part import Fault, shape
from mindu.edge.collect.lines import (
    END,
    MOST_RECORD,
    NUL,
    QUOTE,
    RETURN,
    Form,
    Lines,
    amiss,
    meant,
    taken_apart,
)

LINE = "(row)"  # what a fault names that is not of one column


class Block(NamedTuple):
    """What a block held: rows as words, their numbers, and lines that are none."""

    table: pa.Table
    row: Ints
    broken: list[Fault]
    received: int
    lines: int


def opened(block: bytes, form: Form, first: int) -> Block:
    """Read a block of whole records; `first` is the number of its first line."""
    lines = taken_apart(block, form, first)
    blank = lines.blank
    faults: list[Fault] = []
    out = blank | _out(lines, faults)
    put = _doubtful(lines, out, form, faults)
    text = _decoded(lines, out, put, form)
    if text is None:
        _undecodable(lines, out, form, faults)
        text = _decoded(lines, out, put, form) or b""
    table, rows = columns(text, form, lines.number[~out], faults)
    faults.sort(key=lambda fault: fault.row)
    return Block(table, rows, faults, int((~blank).sum()), lines.height)


def _out(lines: Lines, faults: list[Fault]) -> Truths:
    """Say which lines are too long or hold what no text holds."""
    out: Truths = lines.end - lines.start > MOST_RECORD
    long = f"> {MOST_RECORD} bytes"
    faults += [Fault(number, LINE, "too_long", long) for number in lines.number[out].tolist()]
    held = np.unique(np.searchsorted(lines.end, _controls(lines)))
    held = held[~out[held]]
    out[held] = True
    faults += [Fault(number, LINE, "control", "·") for number in lines.number[held].tolist()]
    return out


def _controls(lines: Lines) -> Ints:
    """Return where signs stand that would end a line half-way, or that no text holds."""
    told = lines.told
    returns = np.flatnonzero(told == RETURN)
    lone = returns[(returns + 1 < len(told)) & (told[(returns + 1) % len(told)] != END)]
    return np.append(lone, np.flatnonzero(told == NUL))


def _doubtful(lines: Lines, out: Truths, form: Form, faults: list[Fault]) -> dict[int, str]:
    """Return lines whose quotes are not as they should be, as they are meant; tell the others."""
    quotes = np.flatnonzero(lines.told == QUOTE)
    if not len(quotes):
        return {}
    line = np.searchsorted(lines.end, quotes)
    ordinal = np.arange(len(quotes)) - np.searchsorted(quotes, lines.start)[line]
    odd = np.bincount(line, minlength=len(out)) % 2 == 1
    odd[line[amiss(lines.told, quotes, ordinal, form)]] = True
    put: dict[int, str] = {}
    for i in np.flatnonzero(odd & ~out).tolist():
        text = lines.line(i).decode(form.encoding, "replace").rstrip("\r")
        right = meant(text, form) if "\ufffd" not in text else None
        if right is None:
            out[i] = True
            faults.append(Fault(int(lines.number[i]), LINE, "quote", shape(text)))
        else:
            put[i] = right
    return put


def _decoded(lines: Lines, out: Truths, put: dict[int, str], form: Form) -> bytes | None:
    """Return the good lines in UTF-8; None where something cannot be decoded."""
    kept = _kept(lines, out)
    pieces, at = [], 0
    try:
        for i in sorted(put):
            pieces.append(_utf8(kept(at, int(lines.start[i])), form))
            pieces.append(b"" if out[i] else f"{put[i]}\n".encode())
            at = int(lines.end[i]) + 1
        pieces.append(_utf8(kept(at, len(lines.block)), form))
    except UnicodeDecodeError:
        return None
    return b"".join(pieces) if len(pieces) > 1 else pieces[0]


def _kept(lines: Lines, out: Truths) -> Callable[[int, int], bytes]:
    """Return what cuts a span out of the block, without the lines that are out."""
    if not out.any():
        return lambda since, until: lines.block[since:until]
    steps = np.zeros(len(lines.told) + 2, np.int8)
    steps[lines.start[out]] += 1
    steps[lines.end[out] + 1] -= 1
    good = np.cumsum(steps, dtype=np.int8)[: len(lines.told)] == 0
    return lambda since, until: lines.told[since:until][good[since:until]].tobytes()


def _utf8(piece: bytes, form: Form) -> bytes:
    told = piece.decode(form.encoding)
    return piece if form.encoding == "utf-8" else told.encode()


def _undecodable(lines: Lines, out: Truths, form: Form, faults: list[Fault]) -> None:
    """Set aside the lines that are not in the encoding."""
    delimiter = form.delimiter.encode()
    for i in np.flatnonzero(~out).tolist():
        line = lines.line(i)
        try:
            line.decode(form.encoding)
        except UnicodeDecodeError as wrong:
            out[i] = True
            place = min(line[: wrong.start].count(delimiter), len(form.names) - 1)
            field = line.split(delimiter)[place].decode(form.encoding, "replace")
            told = Fault(int(lines.number[i]), form.names[place], "encoding", shape(field))
            faults.append(told)


def columns(
    text: bytes | memoryview, form: Form, rows: Ints, faults: list[Fault]
) -> tuple[pa.Table, Ints]:
    """Return lines as columns of words; lines with too many or too few fields become faults."""
    if not len(rows):
        return pa.table({name: pa.array([], pa.string()) for name in form.names}), rows
    bad: list[int] = []

    def tell(row: Any) -> str:  # noqa: ANN401 - pyarrow has no types
        bad.append(row.number - 1)
        told = f"{row.actual_columns} of {row.expected_columns} fields"
        faults.append(Fault(int(rows[row.number - 1]), LINE, "fields", told))
        return "skip"

    table = pacsv.read_csv(
        pa.BufferReader(text),
        pacsv.ReadOptions(
            use_threads=False, column_names=form.names, block_size=len(text) + 64
        ),
        pacsv.ParseOptions(
            delimiter=form.delimiter, newlines_in_values=form.many_lines,
            ignore_empty_lines=False, invalid_row_handler=tell,
        ),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(form.names, pa.string()), check_utf8=False,
            strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=False,
        ),
    )  # fmt: skip
    return table, np.delete(rows, bad) if bad else rows
