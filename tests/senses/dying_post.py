"""A process that gives, hands over and reports commands until it is killed, saying what it did."""

import asyncio
import sys
from pathlib import Path

import msgspec
from town import GAUGE, T0, town

from mindu.base.records import Authority
from mindu.data.senses.beside.commands import State
from mindu.edge.commands.post import Asked, Post
from mindu.edge.group import Group
from mindu.perceive.declare import Arg, Command

OPEN = Command(
    name="open", args=(Arg(name="share", low=0, high=1),), authority=Authority.AUTO, once=True
)
GATE = msgspec.structs.replace(
    GAUGE, commands=(OPEN, Command(name="close", authority=Authority.CONFIRM))
)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def live(folder: Path, first: int) -> None:
    senses = town(folder, 3)
    senses.declare(GATE)
    time = [T0 + first]
    post = Post(senses, Group(senses), lambda: time[0])
    for number in range(first, 1 << 30):
        time[0] += 1
        key = f"k{number}"
        await post.give(f"g{number % 3}", Asked(key, "open", {"share": 0.5}), "brain")
        say("given", key)
        for it in await post.take([f"g{number % 3}"], "line"):
            say("sent", it.order.key)
            await post.say(it.order.key, State.DONE, "line")
            say("done", it.order.key)
        if number % 50 == 49:
            senses.keep()


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2])))
