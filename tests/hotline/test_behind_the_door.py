"""The line lies behind the page's door: one address, and no flood there holds up the desk."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread

import httpx
import pytest
from night import stormy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from house import NOON, PATIENCE, counter
from mindu.apps.hotline import APP
from mindu.apps.hotline.storm.callers import Callers
from mindu.apps.hotline.things import roads
from mindu.base.records import Words
from mindu.base.time import VirtualClock
from mindu.brain.brain import Brain
from mindu.city import Random
from mindu.cli.counter.house import NoHand
from mindu.cli.line.manned import Manned
from mindu.cli.line.shift import Shift
from mindu.cli.phone.apart import Apart
from mindu.cli.phone.doors import line_open
from mindu.console.beside import Beside, led
from mindu.console.server import serving
from mindu.data.log import Log

NAME = Words("line", "热线")
LONG = b"\xff" * (200 << 10)  # more than the console takes of anybody
BOTH_WAIT = 2


@dataclass
class Standing:
    """A page with the line behind its door."""

    brain: Brain
    caller: httpx.Client


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Standing]:
    clock = VirtualClock(NOON)
    brain = Brain("demo", log=Log.open(":memory:"), clock=clock, apps=[APP], sources=[],
                  hand=NoHand(), things=[*roads()], seed=1)  # fmt: skip
    nobody = Callers(roads(), lambda: [0.0] * len(roads()), Random(1))
    inner = counter(tmp_path)
    inner.office = brain.office
    manned = Manned(brain, Shift(brain, inner, nobody, kind="matter", seed=1), clock,
                    also=lambda: None)  # fmt: skip
    with (
        line_open(tmp_path, brain, manned, nullcontext) as line,
        serving(stormy(), beside=[line]) as desk,
        httpx.Client(base_url=desk.url, timeout=PATIENCE) as caller,
    ):
        yield Standing(brain, caller)
    manned.close()


def test_a_caller_tells_follows_and_urges_at_the_address_of_the_page(city: Standing) -> None:
    form = city.caller.get("/line/?lang=en")
    assert 'action="/line/report?lang=en"' in form.text
    assert '<a href="/status?lang=en">City status</a>' in form.text, "and back"
    icon = city.caller.get("/line/counter.svg")
    assert icon.headers["content-type"].startswith("image/svg+xml")
    told = city.caller.post("/line/report", data={"text": "五四路积水", "service": "flooding"})
    assert told.status_code == 201
    assert len(city.brain.office.cases) == 1
    assert city.caller.get("/line").headers["location"] == "/line/"
    assert city.caller.get("/line/status?code=nobody").status_code == 404
    assert city.caller.get("/line/desk").status_code == 401


def test_the_page_leads_to_the_line(city: Standing) -> None:
    assert '<a href="/line/?lang=zh">12345 热线</a>' in city.caller.get("/status?lang=zh").text


def test_programs_find_open311_where_the_line_is(city: Standing) -> None:
    told = city.caller.get("/line/open311/v2/discovery.json").json()
    assert all(f"{city.caller.base_url}line/open311/v2" in one["url"] for one in told["endpoints"])
    wrong = city.caller.get("/line/open311/v2/nothing")
    assert (wrong.status_code, wrong.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_a_form_of_the_line_may_ask_where_one_stands_and_carry_photos(city: Standing) -> None:
    allowed = city.caller.get("/line/").headers
    assert "geolocation=(self)" in allowed["permissions-policy"]
    assert allowed.get_list("referrer-policy") == ["no-referrer"], "the stricter word alone"
    refused = city.caller.get("/status").headers
    assert "geolocation=()" in refused["permissions-policy"]
    photo = {"photo": ("a.jpg", LONG, "image/jpeg")}
    told = city.caller.post("/line/report", data={"text": "积水", "service": "flooding"},
                            files=photo)  # fmt: skip
    assert told.status_code in {201, 400}, "it is read; whether it is a picture is asked there"
    assert city.caller.post("/sign-in", content=LONG).status_code == 413


@contextmanager
def slow(gate: Event, seen: SimpleQueue[str], at_once: int) -> Iterator[Beside]:
    """Yield a room whose answers wait for a gate, on threads."""

    def wait(request: Request) -> Response:
        seen.put(request.url.path)
        gate.wait(PATIENCE)
        return PlainTextResponse("done")

    async def echo(request: Request) -> Response:
        return Response(await request.body())

    async def fall(_request: Request) -> Response:
        raise LookupError("fell")

    routes = [Route("/wait", wait), Route("/echo", echo, methods=["POST"]), Route("/fall", fall)]
    with Apart(Starlette(routes=routes), at_once=at_once) as room:
        yield Beside(title=NAME, path="/slow/", routes=[led("/slow"), Mount("/slow", app=room)],
                     body=1 << 20)  # fmt: skip


def test_who_comes_when_all_places_wait_is_told_to_come_again_and_the_desk_answers_on() -> None:
    gate, seen = Event(), SimpleQueue[str]()
    got: list[int] = []
    with slow(gate, seen, BOTH_WAIT) as room, serving(stormy(), beside=[room]) as desk:
        asked = [Thread(target=lambda: got.append(httpx.get(f"{desk.url}slow/wait",
                 timeout=PATIENCE).status_code)) for _ in range(BOTH_WAIT)]  # fmt: skip
        for one in asked:
            one.start()
        for _ in asked:  # whoever asked before both are in would take a place from them
            seen.get(timeout=PATIENCE)
        full = httpx.get(f"{desk.url}slow/fall")
        assert full.status_code == 503
        assert full.headers["retry-after"] == "2"
        assert full.json()["error"]["zh"]
        assert httpx.get(f"{desk.url}status").status_code == 200
        gate.set()
        for one in asked:
            one.join()
        assert got == [200, 200]
        fell = httpx.get(f"{desk.url}slow/fall")
        assert fell.status_code == 500, "there is a place again, and it falls"
        assert httpx.post(f"{desk.url}slow/echo", content=LONG).content == LONG
        assert httpx.post(f"{desk.url}slow/echo", content=6 * LONG).status_code == 413


def test_a_room_that_ended_lets_nobody_in() -> None:
    gate = Event()
    gate.set()
    with slow(gate, SimpleQueue(), 4) as room:
        pass
    with serving(stormy(), beside=[room]) as desk:
        assert httpx.get(f"{desk.url}slow/echo").status_code == 503
