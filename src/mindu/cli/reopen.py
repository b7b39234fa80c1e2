"""`mindu open`: a night that is over stands on the page again, to be read and asked why."""

import argparse
from datetime import datetime
from pathlib import Path
from threading import Event

from mindu.base.records import Words
from mindu.cli.live.declare import declared
from mindu.cli.live.diary import title_of
from mindu.cli.live.maps import maps_in
from mindu.cli.live.night import NAMES
from mindu.cli.live.store import ZONE, Kept, Stored, kept_in, read_log
from mindu.cli.run import served
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.console.words import moment, pick


def open_(asked: argparse.Namespace, voice: Voice) -> int:
    """Serve one stored night until Ctrl-C, or list those there are."""
    folder = state(asked.data)
    nights = kept_in(folder)
    if asked.list:
        told = [_told(kept) for kept in nights]
        voice.data(told, "\n".join(_line(it) for it in told) or pick(NONE, voice.lang))
        return GOOD
    kept = next((it for it in nights if it.number == asked.night), None)
    if kept is None:
        known = ", ".join(str(it.number) for it in nights) or "–"
        raise Trouble(
            Words(f"There is no night {asked.night}.", f"没有第 {asked.night} 夜。"),
            Words(f"Give --night one of: {known}.", f"--night 可选:{known}。"),
        )
    feed = feed_of(kept, folder)
    stopped = Event()
    with served(asked, folder, feed, stopped) as desk:
        enter = desk.enter or desk.url
        voice.data({"url": desk.url, "enter": enter, "night": kept.number}, enter)
        voice.note(Words("Ctrl-C ends the page.", "Ctrl-C 关闭页面。"))
        stopped.wait()
    return GOOD


NONE = Words("No night is stored here.", "此处没有已存之夜。")


def feed_of(kept: Kept, folder: Path) -> Stored:
    """Return a stored night as the face sees it, with its apps and maps declared.

    Raises:
        Trouble: the log cannot be read, or is empty.
    """
    from mindu.apps.water import APP  # noqa: PLC0415 - loads only when a city is shown

    log = read_log(kept.where)
    title = title_of(log)
    name = title.city if title else folder.name
    feed = Stored(log, name=NAMES.get(name, Words(name, name)))
    feed.city = declared([APP], maps_in(folder))
    return feed


def _told(kept: Kept) -> dict[str, object]:
    log = read_log(kept.where)
    title = title_of(log)
    return {
        "night": kept.number,
        "file": kept.where.rpartition("/")[2],
        "city": title.city if title else None,
        "storm": title.storm if title else None,
        "seed": title.seed if title else None,
        "entries": len(log),
        "from": log[0].at if len(log) else None,
        "to": log[len(log) - 1].at if len(log) else None,
    }


def _line(it: dict[str, object]) -> str:
    first = it["from"]
    when = moment(first, ZONE) if isinstance(first, datetime) else "–"
    return f"{it['night']:>3}  {when}  {it['city']}, {it['storm']}, {it['entries']}"
