"""Running a night: `up` with its living page, and how a night lives until somebody stops it."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from mindu.base.records import Words
from mindu.base.time import monotonic
from mindu.cli.ahead.lookahead import LookAhead
from mindu.cli.data.open.within import AtDoor, beside
from mindu.cli.keeping.shipped import laid
from mindu.cli.live.built import STEP, Wanted, rising
from mindu.cli.live.ending import stopping
from mindu.cli.live.maps import maps_kept
from mindu.cli.live.night import Night, wire
from mindu.cli.live.nights import Nights
from mindu.cli.nodes.below import meeting
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.cli.services.working import at_work
from mindu.console.beside import Beside
from mindu.console.feed import Feed
from mindu.console.modelling.drafts import Drafts
from mindu.console.modelling.modelling import Modelling
from mindu.console.people.house import People
from mindu.console.server import Serving, serving
from mindu.console.words import clock


def up(asked: argparse.Namespace, voice: Voice) -> int:
    """Start the demo city and its page; end cleanly on Ctrl-C."""
    began = monotonic()
    folder = state(asked.data)
    voice.note(Words("Building the city …", "正在构建城市 …"))
    wanted = _demo(asked, folder)
    night = wire(wanted)
    with ExitStack() as held:
        held.callback(night.close)
        ahead = LookAhead(folder)
        held.callback(ahead.close)
        night.house.ahead = ahead
        nights = Nights(folder, city=night.house.city)
        held.callback(nights.close)
        night.house.nights = nights
        night.house.maps = maps_kept(folder, night.house)
        drafts = Drafts(folder)
        held.callback(drafts.close)
        night.house.modelling = modelling_of(night, drafts)
        desk = held.enter_context(_opened(asked, folder, night))
        told = {"url": desk.url, "enter": desk.enter or desk.url, "data": str(folder)}
        voice.data(told, f"{told['enter']}\n  {folder}")
        night.house.speed = asked.speed
        laid(folder, wanted)
        nights.record(_to_record(asked), hours=asked.hours)
        night.house.patience = asked.patience if asked.speed else 0.0
        said = _first_plan(night, voice, began)
        live(night, voice, said)
        _rest(night, voice, asked)
    return GOOD


@contextmanager
def _opened(asked: argparse.Namespace, folder: Path, night: Night) -> Iterator[Serving]:
    """Serve the page; behind its door lie the line, the open portal and the programs' door."""
    door, brain = AtDoor(), getattr(night.brain, "brain", night.brain)
    with (
        meeting(night.below, brain, night.house),
        beside(folder, night.house, door) as room,
        at_work(folder, night.brain.processes, night.house) as work,
        _line(night, folder) as line,
        served(asked, folder, night.house, night.house.stopped, [line, room, work]) as desk,
    ):
        door.desk = desk.desk
        yield desk


def modelling_of(night: Night, drafts: Drafts) -> Modelling:
    """Return where staff draw what this night's brain runs."""
    house = night.house
    return Modelling(
        processes=night.brain.processes,
        drafts=drafts,
        now=lambda: house.pulse().now,
        turn=house.within,
    )


def _line(night: Night, folder: Path) -> AbstractContextManager[Beside]:
    """Open the doors of the city's line."""
    from mindu.cli.line.manned import Manned  # noqa: PLC0415 - loads only when a city runs
    from mindu.cli.phone.doors import line_open  # noqa: PLC0415

    assert isinstance(night.brain, Manned), "somebody sits at the telephones of every city"
    return line_open(folder, night.brain.brain, night.brain, night.house.held)


def _demo(asked: argparse.Namespace, folder: Path) -> Wanted:
    """Return the night to show; not told when, it begins as its rain swells, an hour at least."""
    since = asked.since
    if since is None:
        swells = rising(asked.city, asked.storm)
        since = swells if swells + 1.0 <= asked.hours else 0.0
    return Wanted(
        city=asked.city,
        storm=asked.storm,
        seed=asked.seed,
        data=folder,
        hours=asked.hours,
        since=since,
        senses=asked.senses,
    )


def _to_record(asked: argparse.Namespace) -> list[str]:
    """Return the command that lives the same storm through with a standing yes, to look back at."""
    hours = ("--hours", f"{asked.hours:g}")
    told = ("--city", asked.city, "--storm", asked.storm, "--seed", str(asked.seed), *hours)
    return [sys.executable, "-m", "mindu", "replay", "storm", *told, "--json"]


def _rest(night: Night, voice: Voice, asked: argparse.Namespace) -> None:
    """Say how the night ended; keep the page until somebody ends it."""
    if night.house.stopped.is_set():
        voice.note(Words("Stopped; `mindu up` goes on from here.", "已停止;mindu up 可续。"))
    elif not asked.once:
        voice.note(Words("The night is over; Ctrl-C ends the page.", "本夜结束;Ctrl-C 关闭页面。"))
        night.house.stopped.wait()


def live(night: Night, voice: Voice, seen: Callable[[datetime], None]) -> None:
    """Let a night live to its end, with a bar of progress."""
    total = (night.end - night.start) / STEP
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=voice.json) as bar:
        task = bar.add_task(clock(night.start, night.house.zone), total=total)

        def turn(now: datetime) -> None:
            bar.update(task, advance=1, description=clock(now, night.house.zone))
            seen(now)

        night.house.live(until=night.end, step=STEP, move=night.world.step, seen=turn)


def _first_plan(night: Night, voice: Voice, began: float) -> Callable[[datetime], None]:
    told: list[float] = []

    def seen(_now: datetime) -> None:
        if not told and night.house.board.weighings:
            told.append(monotonic() - began)
            voice.note(Words(f"First plan after {told[0]:.1f} s.", f"{told[0]:.1f} 秒得首个方案。"))

    return seen


@contextmanager
def served(
    asked: argparse.Namespace, folder: Path, feed: Feed, stopped: Event,
    rooms: Sequence[Beside] = (),
) -> Iterator[Serving]:  # fmt: skip
    """Serve a city's page with the people of its folder; end cleanly when asked to.

    Raises:
        Trouble: the port is taken.
    """
    with ExitStack() as held:
        people = People(folder)
        held.callback(people.close)
        try:
            page = serving(feed, host=asked.host, port=asked.port, people=people, beside=rooms)
            desk = held.enter_context(page)
        except OSError as wrong:
            raise Trouble(
                Words(f"Port {asked.port} is taken: {wrong}", f"端口 {asked.port} 被占用。"),
                Words("Give --port 0 for any free one.", "用 --port 0 取空闲端口。"),
            ) from wrong
        held.enter_context(stopping(stopped))
        yield desk
