"""The mark: up to where a journal was acknowledged, in a small file that survives a kill."""

import os
import struct
from pathlib import Path

_NAME = "acknowledged"
_TOLD = struct.Struct("<QQ")  # position, and the same with all bits turned
_ALL = (1 << 64) - 1


def opened(folder: Path) -> int:
    """Open the mark of a journal for writing."""
    return os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def mark(file: int, position: int) -> None:
    """Say that senders were told so up to a position."""
    os.pwrite(file, _TOLD.pack(position, ~position & _ALL), 0)


def marked(folder: Path) -> int:
    """Return up to where the journal was acknowledged, 0 where that is not known."""
    told = (folder / _NAME).read_bytes()
    position, turned = _TOLD.unpack(told) if len(told) == _TOLD.size else (0, 0)
    return int(position) if position == ~turned & _ALL else 0
