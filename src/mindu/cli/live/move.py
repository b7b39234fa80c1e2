"""`mindu move`: carry a city's logs and catalogue to a PostgreSQL server, or back into files."""

import argparse
from contextlib import closing
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.base.time import monotonic
from mindu.base.wrong import said
from mindu.brain.memory import every_fold
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.data.catalog.book import Catalogue
from mindu.data.fold import rebuilt
from mindu.data.keeping.home import SETTING, Home, city_at, home, settle
from mindu.data.keeping.move import Moved
from mindu.data.keeping.move import move as carry
from mindu.data.log import Log

FILES = "files"
EVERY_S = 1.0  # between two words on how far it is
MEND = Words(
    "Nothing was lost: mend it and run the same command again.",
    "没有丢失任何内容:处理后请重新运行同一命令。",
)


def move(asked: argparse.Namespace, voice: Voice) -> int:
    """Move everything there is; print what was moved and how it was checked."""
    folder = state(asked.data)
    try:
        source, target = _both(folder, asked.to)
        moved = [_log(source, target, name, voice) for name in source.logs()]
        versions = _catalogue(source, target)
        settle(folder, target.server)
    except (ValueError, RuntimeError, OSError) as wrong:
        raise Trouble(
            Words(f"The move was not ended: {wrong}", f"搬移未完成:{said(wrong).zh}"), MEND
        ) from wrong
    lines = [f"✓ {one.source} → {one.target}\n  {_line(one, voice)}" for one in moved]
    told = {"logs": [msgspec.to_builtins(one) for one in moved], "catalogue": versions}
    lines += [f"✓ {versions:,} versions in the catalogue"] if versions else []
    voice.data(told, "\n".join(lines) or _none(voice))
    _remind(voice, target)
    return GOOD


def _both(folder: Path, to: str) -> tuple[Home, Home]:
    """Return where the city lies, and where it shall lie."""
    now = home(folder)
    target = Home(folder, None if to == FILES else city_at(to))
    if now.server == target.server:
        other = home(folder, {})  # the setting may have come first: what is in files goes there
        now = other if other.server != target.server else Home(folder, None)
    if now.server == target.server:
        raise ValueError(f"{now.shown()} is where it lies already")
    return now, target


def _log(source: Home, target: Home, name: str, voice: Voice) -> Moved:
    said = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal said
        if monotonic() - said >= EVERY_S or done == total:
            said = monotonic()
            text = f"{name}: {done:,} / {total:,} ({done / max(total, 1):.0%})"
            voice.note(Words(text, text))

    return carry(source.log(name), target.log(name), tell, _replayed)


def _catalogue(source: Home, target: Home) -> int:
    """Carry the catalogue across in one transaction; return how many versions it holds."""
    if not source.catalogued():
        return 0
    with (
        closing(Catalogue(source.catalogue())) as old,
        closing(Catalogue(target.catalogue())) as new,
    ):
        versions = new.take_over(old)
    source.retire_catalogue()
    return versions


def _replayed(was: Log, now: Log) -> None:
    """Fold both logs from the first entry, and hold every fold against the other's bytes.

    Raises:
        ValueError: one differs.
    """
    for place, one in enumerate(every_fold({})):
        states = [rebuilt(log, lambda: every_fold({})[place]).dump() for log in (was, now)]  # noqa: B023
        if states[0] != states[1]:
            raise ValueError(f"the fold {one.name} comes out otherwise; move it again")


def _line(one: Moved, voice: Voice) -> str:
    counts = ", ".join(f"{count:,} {table}" for table, count in one.counts.items())
    good = {
        "en": "head, tree, rows and every fold replayed are the same",
        "zh": "链头、树根、行数与全部重放结果一致",
    }[voice.lang]
    return f"{counts}\n  {good}\n  {one.head}\n  {one.root}"


def _none(voice: Voice) -> str:
    return {"en": "There was no log to move.", "zh": "没有可搬移的日志。"}[voice.lang]


def _remind(voice: Voice, target: Home) -> None:
    where = target.shown()
    voice.note(
        Words(
            f"The city lives in {where} now. If {SETTING} is set anywhere, let it say so too; "
            "the old logs stand beside, named .moved.",
            f"城市现存于 {where}。若别处设有 {SETTING},请一并更改;旧日志仍在原处,名为 .moved。",
        )
    )
