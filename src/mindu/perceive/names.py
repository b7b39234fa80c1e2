"""Names as they came in bytes, kept as columns of words until somebody asks for one as a text."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
PAD = bytes(40)  # after a text: whoever reads word by word ends in it
LONGEST = 32  # bytes of a name that is kept as words
_TOP, _BLANK = np.uint64(0x8080808080808080), np.uint64(0x2020202020202020)
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)


class Names:
    """ASCII names of at most `LONGEST` bytes: word k holds the bytes 8k to 8k + 7, zeros after."""

    def __init__(self, words: Sequence[Words], length: NDArray[np.int64]) -> None:
        """Keep these columns."""
        self.words, self.length = words, length

    def __len__(self) -> int:
        """Count the names."""
        return len(self.length)

    def __getitem__(self, place: int) -> str:
        """Return one name as a text."""
        told = b"".join(int(word[place]).to_bytes(8, "little") for word in self.words)
        return told[: int(self.length[place])].decode()

    def __iter__(self) -> Iterator[str]:
        """Yield every name as a text."""
        return map(self.__getitem__, range(len(self)))

    def texts(self, rows: NDArray[np.int64]) -> list[str]:
        """Return some names as texts."""
        columns = np.stack([word[rows] for word in self.words], axis=1)
        told = columns.astype("<u8").tobytes()
        wide = 8 * len(self.words)
        lengths = self.length[rows].tolist()
        return [told[wide * i : wide * i + n].decode() for i, n in enumerate(lengths)]

    def alike(self) -> bool:
        """Say whether all are one name."""
        same = (self.length == self.length[0]).all()
        return bool(same) and all(bool((word == word[0]).all()) for word in self.words)

    def mixed(self) -> Words:
        """Return one number for each name, alike for like names."""
        found = self.length.astype(np.uint64)
        for word, factor in zip(self.words, _MIX, strict=False):
            found = (found ^ word) * np.uint64(factor)
            found ^= found >> np.uint64(29)
        return found * np.uint64(_MIX[1])


class Text:
    """Parts with one byte between them, and the column of words that begin at each byte."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        """Join the parts."""
        self.told = b"\n".join([*parts, PAD])
        self.words: Words = np.ndarray((len(self.told) - 7,), "<u8", self.told, strides=(1,))


class Spans:
    """ASCII names that stay in the text that they came in: from which byte to which each stands."""

    def __init__(self, text: Text, start: NDArray[np.int32], end: NDArray[np.int32]) -> None:
        """Keep these columns."""
        self.text, self.start, self.end = text, start, end

    def __len__(self) -> int:
        """Count the names."""
        return len(self.start)

    def __getitem__(self, place: int) -> str:
        """Return one name as a text."""
        return self.text.told[self.start[place] : self.end[place]].decode()

    def __iter__(self) -> Iterator[str]:
        """Yield every name as a text."""
        return map(self.__getitem__, range(len(self)))


def cut(words: Words, start: NDArray[np.int64], end: NDArray[np.int64]) -> Names | None:
    """Return the names from `start` to `end` of a text whose every byte begins a word."""
    length = end - start
    longest = int(length.max(initial=0))
    if longest > LONGEST:
        return None
    found = []
    for k in range(max(1, -(-longest // 8))):
        left = np.clip(length - 8 * k, 0, 8)
        word = words[start + 8 * k] & _KEEP[left]
        if (((word | ~_KEEP[left] | _TOP) - _BLANK) & _TOP != _TOP).any():
            return None  # a control character, which JSON does not allow
        found.append(word)
    return Names(found, length)
