"""`mindu backup` and `mindu restore`: a copy of a city that is checked, and the way back."""

import argparse
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING

from mindu.base.records import Words
from mindu.base.time import HOUR, SystemClock, monotonic
from mindu.cli.live.kept import Found
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.console.words import pick
from mindu.data.keeping.home import SETTING, home
from mindu.data.keeping.paper import TARS, Noted, Unfit, book, found, source

if TYPE_CHECKING:
    from mindu.data.keeping.restore import Restored

FULL_OF = {ENOSPC, EDQUOT, EFBIG}
EVERY_S = 1.0  # between two words on how far it is
OLD = timedelta(hours=36)  # a backup each night, and one that was missed shows by noon
NEVER = Words("none was ever made", "从未备份")
NOTHING = Words("nothing to back up yet", "尚无内容可备份")
MAKE = Words(
    "Run `mindu backup --to FOLDER` on another disk, each night by cron or a timer.",
    "请运行 mindu backup --to 目录(最好在另一块磁盘),并用定时任务每晚执行。",
)
AGAIN = Words(
    "The city is as it was. Mend it and run the same command again.",
    "城市保持原样。处理后请重新运行同一命令。",
)
FULL = Words(
    "Make room there, or give another --to; nothing half-made is left.",
    "请腾出空间或换 --to;未留下任何半成品。",
)


def backup(asked: argparse.Namespace, voice: Voice) -> int:
    """Make a backup and check it; print where it is."""
    from mindu.data.keeping.backup import backed_up  # noqa: PLC0415 - loads pyarrow

    folder, now = state(asked.data), SystemClock().now()
    try:
        made = backed_up(folder, asked.to, now=now, keep=asked.keep, tell=_teller(voice))
    except (ValueError, RuntimeError, OSError) as wrong:
        raise Trouble(
            Words(f"No backup was made: {_said(wrong).en}", f"未能备份:{_said(wrong).zh}"),
            _mend(wrong),
        ) from wrong
    good = {"en": "copied, checked and verified", "zh": "已复制、检查并校验"}[voice.lang]
    voice.data(made, f"{made.where}\n✓ {made.entries:,}: {good}\n  {made.head}")
    if home(folder).server is not None:
        voice.note(
            Words(
                "The logs and the catalogue of the server are in it as files.",
                "服务器上的日志与目录已作为文件存入备份。",
            )
        )
    return GOOD


def restore(asked: argparse.Namespace, voice: Voice) -> int:
    """Bring a backup back, every file checked and the whole verified; 1 if it is not sound."""
    from mindu.data.keeping.restore import restored  # noqa: PLC0415 - loads pyarrow

    folder, now = state(asked.data), SystemClock().now()
    if os.environ.get(SETTING):
        raise Trouble(
            Words(
                f"{SETTING} is set, and a backup comes back as files.",
                f"已设置 {SETTING},而备份以文件恢复。",
            ),
            Words(
                f"Unset {SETTING}, restore, then `mindu move --to ADDRESS`.",
                f"请取消 {SETTING},恢复后再运行 mindu move --to 地址。",
            ),
        )
    try:
        where = found(asked.source)
        came = restored(where, folder, now=now, replace=asked.replace, tell=_teller(voice))
    except (ValueError, RuntimeError, OSError) as wrong:
        raise Trouble(
            Words(f"Nothing was restored: {_said(wrong).en}", f"未恢复:{_said(wrong).zh}"),
            AGAIN,
            code=FOUND,
        ) from wrong
    _told(came, where, voice)
    return GOOD


def _told(came: "Restored", where: Path, voice: Voice) -> None:
    logs, made, before = came.paper.logs, came.paper.made, came.before
    told = {"from": str(where), "data": str(came.folder), "made": made, "logs": logs,
            "files": len(came.paper.files), "before": str(before) if before else None}  # fmt: skip
    good = Words("every file and every entry is as it was", "每个文件、每一条都与备份时一致")
    lines = [f"✓ {came.folder} ← {where} ({_when(made)})", f"✓ {pick(good, voice.lang)}"]
    lines += [f"  {log.path} {log.entries:,} {log.head}" for log in logs]
    voice.data(told, "\n".join(lines))
    if before:
        voice.note(Words(f"What stood there: {before}", f"原有内容:{before}"))


def newest(folder: Path, now: datetime, lang: str) -> Found:
    """Say how old the newest backup is, and whether it is still where it was put."""
    try:
        there = bool(home(folder).logs()) if folder.is_dir() else False
    except (ValueError, OSError):
        there = True
    made = book(folder)
    if not made:
        value = pick(NEVER if there else NOTHING, lang)
        return Found("backup", good=not there, value=value, mend=MAKE)
    last = made[-1]
    if wrong := _lost(last, lang):
        return Found("backup", good=False, value=wrong, mend=MAKE)
    age = now - last.made
    old = pick(Words(f"{age / HOUR:.1f} h old", f"{age / HOUR:.1f} 小时前"), lang)
    value = f"{_when(last.made)} ({old}), {last.entries:,}, {last.where}"
    return Found("backup", good=age <= OLD, value=value, mend=MAKE)


def _lost(last: Noted, lang: str) -> str:
    """Return what is wrong with a backup as far as a look tells; "" for nothing."""
    where = Path(last.where)
    if where.name.endswith((*TARS,)):
        return "" if where.is_file() else f"{where}: –"
    try:
        with source(where) as (_, paper):
            gone = [file.path for file in paper.files if not _alike(where, file.path, file.size)]
    except (ValueError, OSError) as wrong:
        return pick(_said(wrong), lang)
    return f"{where}: {gone[0]}, {len(gone)} / {len(paper.files)}" if gone else ""


def _alike(where: Path, path: str, size: int) -> bool:
    file = where / "city" / path
    return file.is_file() and file.stat().st_size == size


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _said(wrong: Exception) -> Words:
    if isinstance(wrong, Unfit):
        return wrong.words
    if isinstance(wrong, OSError) and wrong.errno in FULL_OF:
        told = f"{wrong.strerror}, {wrong.filename or '–'}"
        return Words(f"the disk is full ({told})", f"磁盘已满({told})")
    return Words(str(wrong), str(wrong))


def _mend(wrong: Exception) -> Words:
    full = isinstance(wrong, OSError) and wrong.errno in FULL_OF
    return FULL if full or "is full" in str(wrong) else AGAIN


def _teller(voice: Voice) -> Callable[[int, int], None]:
    said = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal said
        if monotonic() - said >= EVERY_S:
            said = monotonic()
            text = f"{done / 1e6:,.0f} / {total / 1e6:,.0f} MB ({done / max(total, 1):.0%})"
            voice.note(Words(text, text))

    return tell
