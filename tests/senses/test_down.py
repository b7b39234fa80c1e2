"""Down to an edge node: each command and each answer gets there once, whatever is cut or killed."""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import Request, urlopen

import pytest
from dying_post import GATE
from killing import until_killed
from loops import S, Yard
from open_doors import Node, clock, node, until
from test_commands import ask, opening, orders
from test_edge import bad_line

from mindu.data.senses.beside.commands import State
from mindu.edge import settings
from mindu.edge.above.fetching import Fetching
from mindu.edge.above.upstream import Upstream
from mindu.edge.keys import Sender
from mindu.edge.loops.declared import Tier

HERE = str(Path(__file__).parent)
DYING = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from loops import Yard
from open_doors import clock
from mindu.data.senses.beside.commands import State
from mindu.edge.above.fetching import Fetching
from mindu.edge.settings import Upstream as Told
from mindu.edge.above.upstream import Upstream
async def live():
    yard = Yard(Path(sys.argv[1]), clock())
    line = Upstream(yard.senses, Told(url=sys.argv[2], batch=7, every=0.01, wait=0.0), clock, "pump-house")
    fetching = Fetching(line, yard.post, clock)
    while True:
        yard.now = clock()
        try:
            await fetching.fetch()
            for it in await yard.post.take(["g1"], "line"):
                print("sent", it.order.key, flush=True)
                await yard.post.say(it.order.key, State.DONE, "line")
            while await asyncio.to_thread(line.hand_over):
                pass
        except OSError:
            pass
        print("turn", flush=True)
asyncio.run(live())
"""  # noqa: E501 - a program


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Node]:
    with node(tmp_path / "city") as found:
        found.senses.declare(GATE)
        os.environ["MINDU_KEY"] = found.doors.keys.grant("house", Sender(groups=("district-1",)))
        yield found


class Below(Yard):
    """An edge node under a city, that a test moves by hand."""

    def __init__(self, folder: Path, url: str, **other: Any) -> None:  # noqa: ANN401
        super().__init__(folder, clock(), **other)
        told = settings.Upstream(url=url, every=0.01, wait=0.0)
        self.line = Upstream(self.senses, told, clock, "pump-house")
        self.fetching = Fetching(self.line, self.post, clock)

    def states(self) -> list[str]:
        return [str(it.state) for it in self.senses.commands.given.values()]

    async def up(self) -> None:
        while await asyncio.to_thread(self.line.hand_over):
            pass


def test_a_command_given_above_is_done_below_and_every_step_comes_back(
    city: Node, tmp_path: Path
) -> None:
    officer = orders(city, "officer")
    for device in ("g1", "g0"):
        assert ask(city, officer, f"/v1/commands/{device}", opening(f"c-{device}"))[0] == 200

    async def day() -> None:
        below = Below(tmp_path / "edge", city.url)
        assert await below.fetching.fetch() == 1, "g0 is of another district: it is not this node's"
        assert await below.fetching.fetch() == 0
        (given,) = await below.post.take(["g1"], "line")
        assert (given.order.key, given.order.by) == ("c-g1", "up:officer")
        await below.post.say("c-g1", State.ACKNOWLEDGED, "gate")
        await below.post.say("c-g1", State.DONE, "gate", "50 %")
        await below.up()
        below.senses.close()

    asyncio.run(day())
    steps = ask(city, officer, "/v1/command/c-g1")[1]["steps"]
    assert [s["state"] for s in steps] == ["queued", "handed", "sent", "acknowledged", "done"]
    assert (steps[1]["by"], steps[-1]["note"]) == ("house/pump-house", "50 %")
    assert city.senses.commands.given["c-g0"].state is State.QUEUED


def test_what_a_node_was_handed_nobody_else_gets_and_nobody_takes_back(
    city: Node, tmp_path: Path
) -> None:
    officer = orders(city, "officer")
    ask(city, officer, "/v1/commands/g1", opening("c1"))

    async def day() -> None:
        below = Below(tmp_path / "edge", city.url)
        await below.fetching.fetch()
        below.senses.close()

    asyncio.run(day())
    device = city.doors.keys.device("g1")
    assert ask(city, device, "/v1/commands?device=g1")[1]["commands"] == []
    status, told = ask(city, orders(city, "other"), "/v1/command/c1/no", {})
    assert status == 409
    assert "at the edge node house/pump-house" in told["error"]


def test_what_does_not_fit_below_fails_above_with_the_reason(city: Node, tmp_path: Path) -> None:
    officer = orders(city, "officer")
    ask(city, officer, "/v1/commands/g1", opening("c1"))

    async def day() -> None:
        below = Below(tmp_path / "edge", city.url)
        below.senses.declare(
            type(GATE)(name="gauge", props=GATE.props, commands=(GATE.commands[1],))
        )
        await below.fetching.fetch()
        await below.up()
        below.senses.close()

    asyncio.run(day())
    last = ask(city, officer, "/v1/command/c1")[1]["steps"][-1]
    assert last["state"] == "failed"
    assert "knows no command 'open'" in last["note"]


def test_what_ran_out_on_the_way_is_told_so_and_never_sent(city: Node, tmp_path: Path) -> None:
    officer = orders(city, "officer")
    ask(city, officer, "/v1/commands/g1", {**opening("late"), "within": 0.3})
    ask(city, officer, "/v1/commands/g1", {**opening("in-time", 0.2), "within": 600})

    async def day() -> None:
        below = Below(tmp_path / "edge", city.url)
        await below.fetching.fetch()
        until(lambda: city.senses.commands.given["late"].state is State.EXPIRED, "its end above")
        below.now = clock() + S
        assert [it.order.key for it in await below.post.take(["g1"], "line")] == ["in-time"]
        below.senses.close()

    asyncio.run(day())
    with_none = [s.state for s in city.senses.commands.given["late"].steps]
    assert with_none[-1] is State.EXPIRED
    assert State.SENT not in with_none


def test_over_a_bad_line_and_through_kills_each_command_is_sent_once(
    city: Node, tmp_path: Path
) -> None:
    officer, rng, heard = orders(city, "officer"), Random(5), Counter[str]()
    count = 24
    with bad_line(city.doors.http_port, rng) as port:
        for i in range(count):
            assert ask(city, officer, "/v1/commands/g1", opening(f"k{i}", i / count))[0] == 200
        given = city.senses.commands.given
        while any(it.state is not State.DONE for it in given.values()):
            command = ("-c", DYING, str(tmp_path / "edge"), f"http://127.0.0.1:{port}", HERE)
            said = until_killed(rng.randrange(1, 14), *command)
            heard.update(words[1] for words in said if words[0] == "sent")
            stuck = Yard(tmp_path / "edge", clock())
            lost = [k for k, it in stuck.senses.commands.given.items() if it.state is State.SENT]
            for key in lost:  # killed between sending and hearing of it: the gate tells it later
                asyncio.run(_say(stuck, key))
            stuck.senses.close()
    assert max(heard.values()) == 1, "what goes out at most once went out twice"
    for it in given.values():
        assert [s.state for s in it.steps].count(State.HANDED) == 1
        assert it.node == "house/pump-house"


async def _say(yard: Yard, key: str) -> None:
    yard.now = clock()
    await yard.post.say(key, State.DONE, "gate")


SERVING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from dying_post import GATE
from open_doors import node
from mindu.edge.keys import Sender
from mindu.edge.settings import Http, Settings
with node(Path(sys.argv[1]), Settings(http=Http(port=0))) as city:
    city.senses.declare(GATE)
    key, officer = (city.doors.keys.grant(n, Sender(orders=True)) for n in ("house", "officer"))
    print(key, officer, city.url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def killed_after(folder: Path) -> Iterator[tuple[str, str]]:
    """Let a city live for a while, yield its address and an officer's key, then kill it."""
    command = [sys.executable, "-c", SERVING, str(folder), HERE]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as living:
        assert living.stdout is not None
        os.environ["MINDU_KEY"], officer, url = living.stdout.readline().split()
        yield url, officer
        living.kill()


def give(url: str, officer: str, key: str) -> None:
    told = {"Authorization": f"Bearer {officer}"}
    request = Request(f"{url}/v1/commands/g1", json.dumps(opening(key)).encode(), told)  # noqa: S310
    urlopen(request, timeout=60).close()  # noqa: S310


def test_a_city_that_is_killed_hands_down_what_it_had_and_nothing_twice(tmp_path: Path) -> None:
    heard: list[str] = []

    async def below(url: str) -> None:
        it = Below(tmp_path / "edge", url)
        await it.fetching.fetch()
        heard.extend(given.order.key for given in await it.post.take(["g1"], "line"))
        it.senses.close()

    for key in ("first", "second"):
        with killed_after(tmp_path / "city") as (url, officer):
            give(url, officer, key)
        for _ in range(2):
            with killed_after(tmp_path / "city") as (url, _):
                asyncio.run(below(url))
    assert heard == ["first", "second"]


def test_a_yes_to_a_proposal_goes_down_as_a_command_and_a_no_is_told(
    city: Node, tmp_path: Path
) -> None:
    officer = orders(city, "officer")

    async def day() -> None:
        below = Below(tmp_path / "edge", city.url, tier=Tier.PROPOSE)
        everywhere = Sender()  # for its gauge is of another district
        os.environ["MINDU_KEY"] = city.doors.keys.grant("house", everywhere)
        for yes in (True, False):
            await below.over()
            await below.up()
            (it,) = ask(city, officer, "/v1/proposals")[1]["proposals"]
            assert (it["node"], it["loop"]) == ("house/pump-house", "open-gate")
            said = {
                "node": it["node"],
                "number": it["number"],
                "yes": yes,
                "who": "Lin",
                "note": "",
            }
            status, told = ask(city, officer, "/v1/proposals", said)
            assert (status, told["answer"]["who"]) == (200, "Lin")
            assert ask(city, officer, "/v1/proposals", said)[0] == 200, "the same answer again"
            assert ask(city, officer, "/v1/proposals", {**said, "yes": not yes})[0] == 409
            assert ask(city, officer, "/v1/proposals")[1]["count"] == 0
            assert await below.fetching.fetch() == 1 + yes
            seen = below.senses.loops.nodes[""][it["number"]]
            assert seen.answer is not None
            assert (seen.answer.yes, seen.answer.who) == (yes, "Lin")
            below.read(30)
            await below.runner.look()
        (order,) = below.senses.commands.of("g1")
        assert (order.order.name, order.order.args) == ("open", {"share": 0.5})
        below.senses.close()

    asyncio.run(day())
