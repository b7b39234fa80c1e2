"""Commands over HTTP: given and answered by those who may, fetched and reported by devices."""

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.data.senses.beside.commands import Given, State
from mindu.edge.commands.post import PAGE, Asked, Post, may
from mindu.edge.http.asks import whole
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import read
from mindu.edge.keys import Keys

LONGEST = 60.0  # s that a poll may wait
MOST = 1000  # devices of one poll
OVER = 1000  # commands that are over and told at once


class Report(msgspec.Struct, forbid_unknown_fields=True):
    """What a device says became of a command."""

    state: State
    note: str = ""


_ASKED = msgspec.json.Decoder(Asked)
_REPORT = msgspec.json.Decoder(Report)


class Doors:
    """What may be asked about commands."""

    def __init__(self, post: Post) -> None:
        """Speak for this post."""
        self._post = post

    def _may(self, request: Request, device: str) -> None:
        if device not in self._post.senses.registry.numbers:
            raise Unfit(404, f"no device is called {device!r}")
        if not may(request.state.caller, self._post.senses, device):
            raise Unfit(403, "this key does not speak for that device")

    async def give(self, request: Request) -> dict[str, Any]:
        """Give a device a command."""
        device = request.path_params["device"]
        self._may(request, device)
        asked = read(_ASKED, request.state.body)
        with Fits():
            return told(await self._post.give(device, asked, request.state.caller.source))

    async def answer(self, request: Request) -> dict[str, Any]:
        """Say yes or no to a command."""
        key, word = request.path_params["key"], request.path_params["word"]
        if word not in {"yes", "no"}:
            raise Unfit(404, "answer yes or no")
        self._may(request, self._held(key).order.device)
        with Fits():
            return told(
                await self._post.answer(key, request.state.caller.source, yes=word == "yes")
            )

    async def poll(self, request: Request) -> dict[str, Any]:
        """Hand over what is due for some devices, waiting a while for it if nothing is."""
        devices = request.query_params.getlist("device")[:MOST]
        for device in devices:
            self._may(request, device)
        wait = min(seconds(request.query_params.get("wait", "0")), LONGEST)
        loop = asyncio.get_running_loop()
        end = loop.time() + wait
        while True:
            news = self._post.news
            due = await self._post.take(devices, request.state.caller.source)
            left = end - loop.time()
            if due or left <= 0:
                return {"commands": [told(it) for it in due], "more": len(due) == PAGE}
            try:
                async with asyncio.timeout(left):
                    await news.wait()
            except TimeoutError:
                continue

    async def report(self, request: Request) -> dict[str, Any]:
        """Take in what a device says became of a command."""
        key = request.path_params["key"]
        self._may(request, self._held(key).order.device)
        said = read(_REPORT, request.state.body)
        with Fits():
            by = request.state.caller.source
            return told(await self._post.say(key, said.state, by, said.note))

    async def one(self, request: Request) -> dict[str, Any]:
        """Return one command with its steps."""
        held = self._held(request.path_params["key"])
        if not request.state.caller.reads:
            self._may(request, held.order.device)
        steps = [{"state": s.state, "at": s.at, "by": s.by, "note": s.note} for s in held.steps]
        return {**told(held), "steps": steps}

    async def open(self, request: Request) -> dict[str, Any]:
        """Return the open commands of a device, and with `over=N` the newest that are over."""
        device, commands = request.path_params["device"], self._post.commands
        if not request.state.caller.reads:
            self._may(request, device)
        found = {"commands": [told(it) for it in commands.of(device)]}
        if "over" in request.query_params:
            most = whole(request.query_params, "over", 20, 0, OVER)
            found["over"] = [told(it) for it in commands.over_of(device, most)]
        return found

    def _held(self, key: str) -> Given:
        held = self._post.commands.given.get(key)
        if held is None:
            raise Unfit(404, f"no command has the key {key!r}")
        return held


class Fits:
    """Turns what does not fit into an answer."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, wrong: BaseException | None, trace: object) -> None:
        """Tell what was wrong."""
        if isinstance(wrong, KeyError):
            raise Unfit(404, str(wrong.args[0])) from wrong
        if isinstance(wrong, ValueError):
            raise Unfit(409, str(wrong)) from wrong


def seconds(told: str) -> float:
    """Return a number of seconds of a query."""
    try:
        found = float(told)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1e6:
        raise Unfit(422, f"{told} is no number of seconds")
    return found


def told(held: Given) -> dict[str, Any]:
    """Return a command as plain data."""
    order = held.order
    return {
        "key": order.key, "device": order.device, "command": order.name, "args": order.args,
        "state": held.state, "by": order.by, "at": order.at, "until": order.until,
    }  # fmt: skip


def routes(post: Post, keys: Keys) -> list[Route]:
    """Return the routes of commands."""
    doors = Doors(post)
    giving, saying = Guard(keys, "orders"), Guard(keys, "sends")
    return [
        Route("/v1/commands", saying(doors.poll)),
        Route("/v1/commands/{device:path}", saying(doors.open)),
        Route("/v1/commands/{device:path}", giving(doors.give), methods=["POST"]),
        Route("/v1/command/{key}/{word}", giving(doors.answer), methods=["POST"]),
        Route("/v1/command/{key}", saying(doors.one)),
        Route("/v1/command/{key}", saying(doors.report), methods=["POST"]),
    ]
