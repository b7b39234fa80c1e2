"""Where the state of a city is kept, as the doctor looks at it."""

from dataclasses import dataclass
from pathlib import Path

from mindu.base.records import Words
from mindu.base.wrong import said
from mindu.console.words import pick
from mindu.data.keeping.home import home

OLDEST = 140_000  # the server's own number of its version 14
UNREAD = Words(
    "Start the server, mend the address in MINDU_STORE or store.toml, or `mindu move --to files`.",
    "请启动服务器,或改正 MINDU_STORE、store.toml 中的地址,或运行 mindu move --to files。",
)
WRONG = {
    "version": Words("Take PostgreSQL 14 or newer.", "请用 PostgreSQL 14 或更新版本。"),
    "fsync": Words(
        "Set fsync = on and restart the server: what it acknowledges may be lost.",
        "请设 fsync = on 并重启服务器:否则已确认的内容可能丢失。",
    ),
    "full_page_writes": Words(
        "Set full_page_writes = on: a power cut may tear pages.",
        "请设 full_page_writes = on:断电可能撕裂页面。",
    ),
    "create": Words(
        "Let the user make schemas: GRANT CREATE ON DATABASE … TO …",
        "请授予建立模式的权限:GRANT CREATE ON DATABASE … TO …",
    ),
    "standby": Words(
        "This one only follows another: give the address of the one that leads.",
        "这是备用服务器:请给出主服务器的地址。",
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What one look came to."""

    name: str
    good: bool
    value: str
    mend: Words


def store(folder: Path, lang: str) -> Found:
    """Say where the state lies, and whether what is there can be trusted to keep it."""
    try:
        there = home(folder)
        told = there.state()
    except (ValueError, OSError) as wrong:
        return Found("store", good=False, value=pick(said(wrong), lang), mend=UNREAD)
    bad = next((name for name in WRONG if told and not _well(name, told[name])), "")
    value = f"{there.shown()} ({bad}: {told[bad]})" if bad else there.shown()
    return Found("store", good=not bad, value=value, mend=WRONG.get(bad, UNREAD))


def _well(name: str, told: str) -> bool:
    if name == "version":
        return int(told) >= OLDEST
    return told in ({"false", "off"} if name == "standby" else {"true", "on"})
