"""A node of our own in a process of its own, for the benchmarks; says its ports and a key."""

import asyncio
import os
import sys
from bisect import insort
from pathlib import Path

from mindu.edge.allocator import steady

if __name__ == "__main__":
    steady()  # as `mindu senses serve` does, before Arrow is loaded

from mindu.base.time import SystemClock
from mindu.data.senses.quick.beside import begin
from mindu.data.senses.senses import Senses
from mindu.edge.doors import Doors
from mindu.edge.keys import Keys, Sender
from mindu.edge.settings import Http, Mqtt, Settings
from mindu.perceive.declare import Device, Model, Prop, Stage

STALL, TICK, EACH = "stall", 0.005, 100  # file, s, ticks of half a second
GAUGE = Model(
    name="gauge",
    props=(Prop(name="level", unit="m", low=-2, high=10, rate=60, silence=1800, decimals=2),),
)


def clock() -> int:
    """Return the epoch ms."""
    return round(SystemClock().now().timestamp() * 1000)


def filled(folder: Path, devices: int) -> Senses:
    """Return a store with so many gauges."""
    senses = Senses(folder)
    senses.declare(GAUGE)
    senses.enrol(
        [Device(id=f"gauge-{i:06d}", kind="gauge", stage=Stage.ACTIVE) for i in range(devices)]
    )
    return senses


async def stalls(told: Path) -> None:
    """Say every half second how late the loop came, in ms.

    Two figures: p99 since it began, and p99 of the worst half second.
    """
    loop, past, worst = asyncio.get_running_loop(), list[float](), 0.0
    while True:
        late = list[float]()
        for _ in range(EACH):
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            late.append((loop.time() - due) * 1000)
            insort(past, late[-1])
        worst = max(worst, sorted(late)[int(0.99 * EACH)])
        told.write_text(f"{past[int(0.99 * len(past))]} {worst}")


def tell(trouble: str) -> None:
    """Say what keeps the quick way from beginning."""
    print(trouble, file=sys.stderr)


async def live(folder: Path, devices: int) -> None:
    """Open the doors until the process is ended."""
    sys.setswitchinterval(0.001)
    senses = filled(folder, devices)
    if "MINDU_PLAIN" not in os.environ and (quick := begin(tell, 0)) is not None:
        quick.join()  # for its first seconds a node takes the ordinary way
    doors = Doors(senses, Keys(folder / "keys", senses.registry), clock)
    async with doors.open(Settings(http=Http(port=0), mqtt=Mqtt(port=0))):
        key = doors.keys.grant("bench", Sender(keeps=True))
        (folder / STALL).write_text("0 0")
        print(doors.http_port, doors.mqtt_port, key, flush=True)
        await stalls(folder / STALL)


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2])))
