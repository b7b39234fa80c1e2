"""Delimited text, block by block, in UTF-8 or GB18030, from any place on."""

import codecs
from collections.abc import Generator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from mindu.data.collect.declare import Csv
from mindu.data.collect.headings import unique
from mindu.data.collect.part import Broken, Cursor, Part
from mindu.edge.collect.blocks import opened
from mindu.edge.collect.lines import MOST_RECORD, Form, fields, last_end

STEP = 4 << 20  # bytes read at once
_LOOK = 1 << 20  # bytes by which the encoding is told
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NUL = b"\0"


class _Head(NamedTuple):
    form: Form
    at: int  # byte where the rows begin
    row: int  # number of the first line of them


class Delimited:
    """A file of delimited text."""

    def __init__(self, read: Csv, path: Path, *, step: int = STEP) -> None:
        """Read this file, so many bytes at once."""
        self._read, self._path, self._step = read, path, step

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield rows from the cursor on.

        Raises:
            Broken: the file is not there, changed in between, or is no text.
        """
        del mark  # the sieve knows what is no news
        try:
            with self._path.open("rb") as file:
                yield from self._parts(file, cursor)
        except FileNotFoundError as wrong:
            raise Broken(f"{self._path} is not there: put it there, or mend the path") from wrong

    def _parts(self, file: BinaryIO, cursor: Cursor) -> Iterator[Part]:
        head, form, at, row = self._begin(file, cursor)
        skipping = bool(cursor.get("skipping", 0))
        file.seek(at)
        rest = b""
        while more := file.read(self._step):
            last = len(more) < self._step
            if skipping:
                end = more.find(b"\n") + 1
                at += end or len(more)
                more, skipping = more[end:] if end else b"", not end
            block = rest + more
            cut = len(block) if last else last_end(block, form)
            taken = cut
            if not cut and len(block) > MOST_RECORD:  # one line without end: its beginning tells
                taken, skipping = len(block), True
            if taken:
                told = opened(block[:cut] or block[: MOST_RECORD + 1], form, row)
                at, row, rest = at + taken, row + told.lines, block[taken:]
                going: Cursor = {"at": at, "row": row, "print": head, "skipping": int(skipping)}
                yield Part(told.table, told.row, told.broken, told.received, going)
            else:
                rest = block
        if rest:
            told = opened(rest, form, row)
            going = {"at": at + len(rest), "row": row + told.lines, "print": head}
            yield Part(told.table, told.row, told.broken, told.received, going)

    def _begin(self, file: BinaryIO, cursor: Cursor) -> tuple[str, Form, int, int]:
        start = file.read(_LOOK)
        size = self._path.stat().st_size
        head = f"{size}:{sha256(start).hexdigest()[:16]}"
        if cursor and cursor["print"] != head:
            raise Broken(f"{self._path} changed while it was being pulled: pull it --fresh")
        form, at, row = self._head(start)
        return head, form, int(cursor.get("at", at)), int(cursor.get("row", row))

    def _head(self, start: bytes) -> _Head:
        if start.startswith(_UTF16):
            raise Broken(f"{self._path} is UTF-16: save it as UTF-8 or GB18030")
        encoding = encoding_of(start) if self._read.encoding == "auto" else self._read.encoding
        form = Form((), self._read.delimiter, encoding, self._read.many_lines)
        at = 3 if start.startswith(codecs.BOM_UTF8) else 0
        for _ in range(self._read.skip):
            at = start.find(b"\n", at) + 1
            if not at:
                raise Broken(f"{self._path} has fewer lines than are to be skipped")
        end = start.find(b"\n", at)
        line = start[at : end if end >= 0 else len(start)]
        names = tuple(unique([name.strip() for name in fields(line, form)]))
        if not names or _NUL in line:
            raise Broken(f"{self._path} is no delimited text with headings")
        at = end + 1 if end >= 0 else len(start)
        return _Head(form._replace(names=names), at, self._read.skip + 2)


def encoding_of(start: bytes) -> str:
    """Return UTF-8 or GB18030, in whichever less is broken."""
    lost = {}
    for name in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)("replace")
        lost[name] = decoder.decode(start, final=False).count("\ufffd")
    return "utf-8" if lost["utf-8"] <= lost["gb18030"] else "gb18030"
