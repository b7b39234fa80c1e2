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
from mindu.base.wrong import said
from mindu.cli.live.kept import Found
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.console.words import pick
from mindu.data.keeping.home import SETTING, home
from mindu.data.keeping.looking import looked
from mindu.data.keeping.paper import book, found

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
ANOTHER = Words(
    "Make another now: `mindu backup --to FOLDER`; keep older ones, and look at that disk.",
    "请立即另做一份:mindu backup --to 目录;保留较早的备份,并检查那块磁盘。",
)
PUT_BACK = Words(
    "Put that disk back in its place, or make another: `mindu backup --to FOLDER`.",
    "请把那块磁盘接回原处,或另做一份:mindu backup --to 目录。",
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
    """Say how old the newest backup is, and whether what was put there is still whole."""
    try:
        there = bool(home(folder).logs()) if folder.is_dir() else False
    except (ValueError, OSError):
        there = True
    made = book(folder)
    if not made:
        value = pick(NEVER if there else NOTHING, lang)
        return Found("backup", good=not there, value=value, mend=MAKE)
    last = made[-1]
    age = (now - last.made) / HOUR
    old = pick(Words(f"{age:.1f} h old", f"{age:.1f} 小时前"), lang)
    when = f"{_when(last.made)} ({old})"
    try:
        seen = looked(last)
    except (ValueError, OSError) as wrong:
        mend = ANOTHER if Path(last.where).exists() else PUT_BACK
        return Found("backup", good=False, value=f"{when}: {pick(_said(wrong), lang)}", mend=mend)
    held = Words(f"{seen.read} of {seen.files} files held against their digest",
                 f"{seen.files} 个文件中 {seen.read} 个已按摘要核对")  # fmt: skip
    value = f"{when}, {last.entries:,}, {last.where}, {pick(held, lang)}"
    return Found("backup", good=now - last.made <= OLD, value=value, mend=MAKE)


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _said(wrong: Exception) -> Words:
    if isinstance(wrong, OSError) and wrong.errno in FULL_OF:
        told = f"{wrong.strerror}, {wrong.filename or '–'}"
        return Words(f"the disk is full ({told})", f"磁盘已满({told})")
    return said(wrong)


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
