"""The night that ships: three hours of the demo's storm, recorded by us, to be looked back at.

`make night` records it anew with the code as it is and packs it here. Where a folder has no night
yet it is laid beside the log, so that a replay is ready before the city has a past of its own.
"""

import lzma
import sys
from importlib.resources import files
from pathlib import Path

from mindu.cli.live.built import Wanted
from mindu.cli.live.diary import Title, title_of
from mindu.cli.live.nights import FOLDER
from mindu.cli.live.store import LOG
from mindu.data.keeping.home import CITY
from mindu.data.log import Log

NIGHT = "night.mindu.xz"
OF = Title("fuzhou", "haikui-2023-wushan", 1, 5.0)
NAME = f"recorded{LOG.removeprefix(CITY)}"


def laid(folder: Path, wanted: Wanted) -> bool:
    """Lay the night beside the log of a city that lives the same storm; say if one lies there."""
    if (wanted.city, wanted.storm, wanted.seed) != (OF.city, OF.storm, OF.seed):
        return False
    room = folder / FOLDER
    if any(room.glob(f"*{Path(LOG).suffix}")) or any(folder.glob(f"{CITY}.*{Path(LOG).suffix}")):
        return False
    room.mkdir(parents=True, exist_ok=True)
    half = room / f".{NAME}.half"
    half.write_bytes(lzma.decompress(files("mindu.cli.keeping").joinpath(NIGHT).read_bytes()))
    half.rename(room / NAME)
    return True


def packed(folder: Path, to: Path) -> int:
    """Pack the night of a folder, once it was verified; return its bytes.

    Raises:
        ValueError: it is another night, or not whole.
    """
    file = folder / LOG
    with Log.read(str(file)) as log:
        log.verify()
        if title_of(log) != OF:
            raise ValueError(f"{file} is not the night of {OF}")
    half = to.with_name(f".{to.name}.half")
    half.write_bytes(lzma.compress(file.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    half.rename(to)
    return to.stat().st_size


if __name__ == "__main__":
    print(packed(Path(sys.argv[1]), Path(__file__).with_name(NIGHT)))
