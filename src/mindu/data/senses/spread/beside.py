"""A reader beside the node: what its folder held at the newest commit, read without its leave.

Any machine that sees the folder may read it: the register from the kept state, the file list from
the table's log. Files that are replaced meanwhile stay for an hour, so an answer is of one commit.
What the tables do not hold yet, a minute at most, is not in it.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mindu.data.arrays import Truths
from mindu.data.senses import state
from mindu.data.senses.account import Account
from mindu.data.senses.beside.folds import COMMANDS, Folds
from mindu.data.senses.beside.kept import beside
from mindu.data.senses.memory import across, corrected
from mindu.data.senses.memory.across import Answer, Asked
from mindu.data.senses.memory.delta import Delta
from mindu.data.senses.memory.pieces import DAY_MS, TABLE
from mindu.data.senses.memory.reads import Means
from mindu.data.senses.memory.rolls import Rolls
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.spread.part import Part, added
from mindu.data.senses.spread.workers import Workers

PART = 64 << 20  # bytes of files that one worker counts at once
_FAR = 1 << 62


class Beside:
    """One folder of senses, as its newest commit tells of it."""

    def __init__(self, folder: Path) -> None:
        """Read the register and the file list.

        Raises:
            ValueError: there are no senses in that folder, or their state was never kept.
        """
        self.folder = folder / "readings"
        if not (self.folder / "_delta_log").is_dir():
            raise ValueError(f"{folder} holds no senses; name the folder that a node writes")
        self.registry, kept = Registry(), beside()
        self.keeping = kept.keeping
        folds: Folds = dict(enumerate(kept, COMMANDS))
        parts = (self.registry, Now(), Account(), folds)
        self.position, _ = state.take_up(folder / "state", _FAR, parts)
        if not self.position:
            raise ValueError(f"the state in {folder} was never kept; let its node run for a while")
        self.delta = Delta(self.folder, TABLE, ["day"])
        self.rolls = Rolls(folder / "rollups")

    def parts(self, asked: Asked, chosen: Truths) -> list[Part]:
        """Return the files that a question touches, dealt out by size, the largest first."""
        every = asked.prop is None and asked.group is None  # devices that came since count too
        bits = None if every else np.packbits(chosen)
        sizes = {
            str(self.folder / path): int(add["size"])
            for path, add in self.delta.files.items()
            if asked.since // DAY_MS
            <= int(add["partitionValues"]["day"])
            <= (asked.until - 1) // DAY_MS
        }
        dealt: list[tuple[int, list[str]]] = []
        for path in sorted(sizes, key=lambda it: (-sizes[it], it)):
            if dealt and dealt[-1][0] + sizes[path] <= PART:
                dealt[-1] = (dealt[-1][0] + sizes[path], [*dealt[-1][1], path])
            else:
                dealt.append((sizes[path], [path]))
        told = corrected.files(self.folder.parent)
        return [Part(tuple(files), asked.since, asked.until, asked.every, bits, told)
                for _, files in dealt]  # fmt: skip

    def means(self, asked: Asked, workers: Workers) -> Answer:
        """Return what many series came to, counted by all workers together.

        Raises:
            ValueError: a part that only rollups tell of was asked in steps that they do not have.
            RuntimeError: workers died again and again.
        """

        def spread(of: Asked, chosen: Truths) -> Means:
            parts = self.parts(of, chosen)
            return added(workers.all(parts), of.every, of.how) if parts else across.NOTHING

        return across.means(self, asked, spread)


def together(answers: Sequence[Answer], how: str) -> Answer:
    """Return what several brains came to: one answer for the city."""
    parts = [across.undone(answer.means, how) for answer in answers]
    return Answer(across.joined(parts, how), max((it.rolled for it in answers), default=0))
