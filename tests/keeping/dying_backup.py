"""A backup that dies after so many touches of files: `dying_backup.py CITY TO TOUCHES`."""

import os
import signal
import sys
from pathlib import Path

from city_kept import kept

TOUCHES = {"open", "os.rename", "os.mkdir", "os.remove", "os.chmod", "shutil.rmtree"}


def main(folder: Path, to: Path, touches: int) -> None:
    """Make a backup; die on the way unless it takes fewer touches than that."""
    left = [touches]

    def touched(event: str, told: tuple[object, ...]) -> None:
        if event in TOUCHES and str(told[0]).startswith(str(to)):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touched)
    kept(folder, to)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
