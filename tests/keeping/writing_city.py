"""A process that writes a city's log until it is killed, saying aloud what it was promised."""

import sys
from contextlib import closing
from pathlib import Path

from city_kept import wrote

from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.vault import Vault


def main(folder: Path) -> None:
    """Write entries and sealed values without end; print how many entries are durable."""
    with Log.open(home(folder).log()) as log, closing(Vault(folder / "vault")) as vault:
        for i in range(1 << 30):
            vault.put(f"p{i}", "phone", str(i))
            wrote(log, 20, since=i)
            sys.stdout.write(f"{log.durable}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
