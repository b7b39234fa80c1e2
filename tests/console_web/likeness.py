"""Whether two pictures show the same: shrunken, so that letters may differ by the machine's fonts.

A part that is gone, moved or of another colour shows in a tile; a hair of a letter does not.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHRUNK = 3  # screen px, each way, that become one
TILE = 8  # px, each way, that are judged together
MOST = 16.0  # mean difference of a tile, of 255
SHARE = 0.004  # of all tiles that may differ more
LONE = 60.0  # mean difference that not one tile may have


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far apart two pictures are."""

    share: float  # of tiles that differ by more than MOST
    worst: float  # mean difference of the worst tile

    @property
    def same(self) -> bool:
        """Say whether they show the same."""
        return self.share <= SHARE and self.worst <= LONE


def shrunk(picture: Image.Image) -> Image.Image:
    """Return a picture as it is kept: small."""
    size = (picture.width // SHRUNK, picture.height // SHRUNK)
    return picture.convert("RGB").resize(size, Image.Resampling.BOX)


def compared(kept: Image.Image, now: Image.Image) -> Likeness:
    """Return how far apart two shrunken pictures are; other sizes are wholly apart."""
    if kept.size != now.size:
        return Likeness(1.0, 255.0)
    tiles = _tiles(_apart(kept, now))
    return Likeness(float((tiles > MOST).mean()), float(tiles.max()))


def difference(kept: Image.Image, now: Image.Image) -> Image.Image:
    """Return the kept picture, the one of now, and where they differ, side by side."""
    wide, high = max(kept.width, now.width), max(kept.height, now.height)
    whole = Image.new("RGB", (3 * wide + 16, high), "white")
    whole.paste(kept.convert("RGB"), (0, 0))
    whole.paste(now.convert("RGB"), (wide + 8, 0))
    if kept.size == now.size:
        shown = 255 - np.clip(_apart(kept, now) * 3, 0, 255).astype(np.uint8)
        whole.paste(Image.fromarray(shown, "L"), (2 * wide + 16, 0))
    return whole


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture as small as it goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, "PNG", optimize=True)


def _apart(a: Image.Image, b: Image.Image) -> NDArray[np.float32]:
    one, two = (np.asarray(p.convert("RGB"), dtype=np.float32) for p in (a, b))
    worst: NDArray[np.float32] = np.abs(one - two).max(axis=2)
    return worst


def _tiles(apart: NDArray[np.float32]) -> NDArray[np.float32]:
    high, wide = (n // TILE * TILE for n in apart.shape)
    cut = apart[:high, :wide].reshape(high // TILE, TILE, wide // TILE, TILE)
    mean: NDArray[np.float32] = cut.mean(axis=(1, 3))
    return mean
