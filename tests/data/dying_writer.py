"""A process that writes a log until it is killed, saying aloud what it was promised."""

import sys
import threading

from gauges import START, STEP, level

from mindu.base.records import Event
from mindu.data.log import Log

THREADS = 3


def main(path: str) -> None:
    """Write without end from several threads; print (thread, number) once it is durable."""
    log = Log.open(path)
    said = threading.Lock()

    def write(thread: int) -> None:
        for i in range(1 << 30):
            event = Event("did", {"thread": thread, "i": i, "weight": "x" * (i % 997)})
            entry = log.append(event, at=START, about="x", by="t")
            log.commit()
            with said:
                sys.stdout.write(f"{entry.seq} {thread} {i} {log.durable}\n")
                sys.stdout.flush()

    def read() -> None:
        for i in range(1 << 30):
            at = START + i * STEP
            log.store([level(f"g{k}", i, minutes=5 * i) for k in range(50)], now=at, by="s")
            log.commit()
            if i % 20 == 19:
                log.keep("series", len(log), b"state" * 100)
                log.carry(at)

    for n in range(THREADS):
        threading.Thread(target=write, args=(n,), daemon=True).start()
    read()


if __name__ == "__main__":
    main(sys.argv[1])
