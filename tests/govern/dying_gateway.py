"""A process that answers queries until it is killed, saying aloud which receipts it gave."""

import sys
from pathlib import Path

from gateway_house import asking, gateway

from mindu.data.gateway.points import points
from mindu.data.log import Log


def main(folder: str, place: str) -> None:
    log = Log.open(place)
    door = gateway(Path(folder), log=log)
    for number in range(1 << 30):
        answer = door.query(asking("SELECT count(*) AS n FROM calls"))
        asks = [(asking("", action="read"), f"SECRET{(number + i) % 90}-0") for i in range(20)]
        told = [answer, *points(door, "calls", asks)]
        sys.stdout.write(" ".join(str(one.receipt) for one in told) + "\n")  # type: ignore[union-attr]
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
