"""Panel: who is asked about a message, and what each of them read of it.

Four members read all of it. Ten more learned from half of the messages and half of the terms each:
where they disagree, no one of them should be believed. One reads the head alone.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from mindu.engines.text.topics.terms import IDLE, READ, Floats

HEAD = 30  # words, idle ones left out, that a title and the first sentences hold


class Panel(msgspec.Struct, frozen=True):
    """How many members of each sort; every one has a column for each topic, in this order."""

    plain: int = 4
    bags: int = 0  # none in a model of before
    views: int = 0  # those that read a part alone; one, the head

    @property
    def whole(self) -> int:
        """Return how many members read all of a message."""
        return self.plain + self.bags

    @property
    def seats(self) -> int:
        """Return how many speak in the blend: the bags with one voice."""
        return self.plain + bool(self.bags) + self.views

    def read(self, scores: Floats, topics: int, lengths: Floats) -> tuple[Floats, Floats]:
        """Return messages x what each seat says, and messages x what else trust should know.

        That is how far the bags are apart on each topic, and how long a message is (its words,
        idle ones left out); nothing for a panel without bags.
        """
        raw = scores.reshape(len(scores), -1, topics)
        if not self.bags:
            return scores, np.zeros((len(scores), 0), np.float32)
        bags = raw[:, self.plain : self.whole]
        mean = bags.mean(axis=1, keepdims=True)
        said = np.concatenate([raw[:, : self.plain], mean, raw[:, self.whole :]], axis=1)
        long = np.log(np.maximum(lengths, 1.0)).astype(np.float32)[:, None]
        apart = np.sqrt(np.square(bags - mean).mean(axis=1))
        more = np.concatenate([apart, long, long * long], axis=1)
        return said.reshape(len(scores), -1), more

    def one(self, scores: Floats, topics: int, length: int) -> tuple[Floats, Floats]:
        """Return the same as `read` for one message alone, in fewer steps over arrays."""
        if not self.bags:
            return scores, np.zeros(0, np.float32)
        raw = scores.reshape(-1, topics)
        said = np.empty((self.seats, topics), np.float32)
        said[: self.plain], said[self.plain + 1 :] = raw[: self.plain], raw[self.whole :]
        bags, mean = raw[self.plain : self.whole], said[self.plain]
        np.add.reduce(bags, axis=0, out=mean)
        mean /= np.float32(self.bags)
        more = np.empty(topics + 2, np.float32)
        apart = more[:topics]
        off = bags - mean
        off *= off
        np.add.reduce(off, axis=0, out=apart)
        apart /= np.float32(self.bags)
        np.sqrt(apart, out=apart)
        long = np.log(np.float32(max(length, 1)))
        more[topics], more[topics + 1] = long, long * long
        return said.ravel(), more

    def spoken(self, mix: Floats) -> Floats:
        """Return a blend's weights of seats as weights of members: a bag has its share of one."""
        topics = mix.shape[1]
        raw = mix.reshape(-1, topics, topics)
        if not self.bags:
            return mix
        one = np.float32(1.0 / self.bags) * raw[self.plain : self.plain + 1]
        voice = np.repeat(one, self.bags, axis=0)
        parts: list[Floats] = [raw[: self.plain], voice, raw[self.plain + 1 :]]
        spoken: Floats = np.concatenate(parts).reshape(-1, topics)
        return spoken


PANEL = Panel(plain=4, bags=10, views=1)


def cut(said: Sequence[str]) -> tuple[list[str], int]:
    """Return a message's head, and how many words it has; idle words are in neither."""
    told = [word for word in said[:READ] if word not in IDLE]
    return told[:HEAD], len(told)
