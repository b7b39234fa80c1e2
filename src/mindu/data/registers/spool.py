"""A spool: rows that are too many for memory, on disk under a key that dies with the process.

The file has no name: what a killed process leaves is given back to the disk by the system.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import pyarrow as pa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as GCM wants them; the key is new for each spool, so that counting will do


class Spool:
    """Batches of rows, written once in their order and read as often as wanted."""

    def __init__(self, folder: Path) -> None:
        """Begin one in a folder."""
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._key = AESGCM(AESGCM.generate_key(256))
        self._places: list[tuple[int, int]] = []  # offset and bytes
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Write a batch, unless it is empty."""
        if not table.num_rows:
            return
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as out:
            out.write_table(table)
        sealed = self._key.encrypt(
            self._nonce(len(self._places)), sink.getvalue().to_pybytes(), None
        )
        offset = self._file.seek(0, 2)
        self._file.write(sealed)
        self._places.append((offset, len(sealed)))
        self.rows += table.num_rows

    def __iter__(self) -> Iterator[pa.Table]:
        """Read the batches, in their order."""
        for turn, (offset, size) in enumerate(self._places):
            self._file.seek(offset)
            plain = self._key.decrypt(self._nonce(turn), self._file.read(size), None)
            yield pa.ipc.open_stream(plain).read_all()

    def close(self) -> None:
        """Give it back."""
        self._file.close()

    def _nonce(self, turn: int) -> bytes:
        return turn.to_bytes(NONCE, "big")
