"""The registers of a city as its folder holds them, and one build of one of them."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from mindu.base.records import Event, Value, Words
from mindu.base.time import SystemClock
from mindu.brain.stewards import registers
from mindu.brain.stewards.registers import NOTHING, Facts, before, built
from mindu.brain.stewards.resolve import Linked, again, hearts
from mindu.cli.data import held as sources
from mindu.cli.data.use.lake import LAKE, REGISTERS
from mindu.cli.say import Trouble
from mindu.data.collect.declare import Source
from mindu.data.keeping.home import home
from mindu.data.lineage.trace import Derived, Edge
from mindu.data.log import Log
from mindu.data.registers import store, verdicts
from mindu.data.registers.declare import FIVE, HELD, PREFIX, Feed, Register, dataset
from mindu.data.registers.feed import filled
from mindu.data.registers.sealing import opened, secret
from mindu.data.registers.store import Build
from mindu.data.senses.memory.delta import whole
from mindu.data.vault import Vault

FOLDER = REGISTERS


class City(NamedTuple):
    """What a verb works with."""

    folder: Path
    log: Log
    vault: Vault
    now: datetime

    def place(self, name: str) -> Path:
        """Return where a register keeps its builds."""
        return self.folder / FOLDER / name


@contextmanager
def city(folder: Path) -> Iterator[City]:
    """Open the log and the vault of a city for writing.

    Raises:
        Trouble: another process writes the log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        log = Log.open(home(folder).log())
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(f"The log cannot be written: {wrong}", f"日志无法写入:{wrong}"),
            Words("Stop the other process, or give --data.", "请停止另一进程,或用 --data 指定。"),
        ) from wrong
    with log, closing(Vault(folder / "vault")) as vault:
        yield City(folder, log, vault, SystemClock().now())


def feeds(folder: Path, name: str = "") -> list[Feed]:
    """Return what feeds a register, or all of them."""
    path = folder / FOLDER / "feeds.json"
    found = msgspec.json.decode(path.read_bytes(), type=list[Feed]) if path.exists() else []
    return [feed for feed in found if name in {"", feed.register}]


def keep_feeds(folder: Path, told: Sequence[Feed]) -> None:
    """Keep feeds; one takes the place of an older one of the same source and register."""
    fresh = {(feed.register, feed.source): feed for feed in [*feeds(folder), *told]}
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    whole(folder / FOLDER / "feeds.json", msgspec.json.encode([*fresh.values()]))


def fed(folder: Path, register: Register) -> list[tuple[Feed, Source, Path]]:
    """Return the feeds of a register with their sources.

    Raises:
        Trouble: nothing feeds it.
    """
    found = feeds(folder, register.name)
    if not found:
        raise Trouble(
            Words(f"Nothing feeds the {register.name} register.", f"{register.title.zh}尚无供数。"),
            Words("mindu register feed FILE.toml", "mindu register feed 文件.toml"),
        )
    return [(f, sources.source(folder, f.source), sources.folder(folder, f.source)) for f in found]


def records(town: City, register: Register) -> pa.Table:
    """Return the records of the build that holds, opened; the erased ones are gone."""
    told = opened(store.table(town.place(register.name), "records"), town.vault,
                  names=secret(register))  # fmt: skip
    return filled(
        register, told.drop_columns([n for n in ("subject", "_who") if n in told.column_names])
    )


def settled(town: City, register: Register) -> Build:
    """Build anew from the records and pairs that are there: after a verdict or an erasure."""
    told = records(town, register)
    kept = registers.pairs(store.table(town.place(register.name), "pairs"))
    return finished(town, register, told, again(register, told, kept), empty=0)


def finished(
    town: City, register: Register, told: pa.Table, linked: Linked, *, empty: int
) -> Build:
    """Make a build of records and pairs and let it hold: on disk, at the gateway, in the log."""
    place, vault = town.place(register.name), town.vault
    was = store.current(place)
    known = NOTHING if was is None else before(
        register, store.table(place, "records"), store.table(place, "subjects"), vault
    )  # fmt: skip
    decided = verdicts.decided(verdicts.known(town.log, register.name, place).verdicts)
    parts = feeds(town.folder, register.name)
    facts = Facts(linked, parts, decided, known, holders(town) if register.name in HELD else {})
    made = built(register, told, facts, vault)
    build = Build(
        number=1 + (was.number if was is not None else 0), at=round(town.now.timestamp() * 1000),
        records=told.num_rows, empty=empty, subjects=made.subjects, review=made.review,
    )  # fmt: skip
    changes = _stamped(made.changes, build)
    done = store.keep(place, build, made.tables, changes)
    _shown(town, register, parts, done)
    args: dict[str, Value] = {
        "build": done.number, "records": done.records, "subjects": done.subjects,
        "review": done.review, "changed": done.changed, **done.digests,
    }  # fmt: skip
    town.log.append(Event("registered", args), at=town.now, by="steward",
                    about=verdicts.about(register.name))  # fmt: skip
    town.log.commit()
    return done


def _stamped(changes: pa.Table, build: Build) -> pa.Table:
    count = changes.num_rows
    return changes.append_column(
        "build", pa.array([build.number] * count, pa.int64())
    ).append_column("at", pa.array([build.at] * count, pa.int64()))


def _shown(town: City, register: Register, parts: Sequence[Feed], build: Build) -> None:
    """Show a build to the gateway, the catalogue and the lineage."""
    name, lake = f"{PREFIX}{register.name}", town.folder / LAKE
    first = sources.source(town.folder, min(parts, key=lambda feed: feed.authority).source)
    told = dataset(register, first.department, first.owner)
    store.shown(town.place(register.name), build, lake, name)
    whole(lake / f"{name}.json", msgspec.json.encode(told))
    edges = [
        Edge(name, trait, feed.source, column, "made")
        for feed in parts for trait, column in feed.fields.items()
    ]  # fmt: skip
    (town.folder / "derived").mkdir(exist_ok=True)
    derived = Derived(name=name, sql="", edges=tuple(sorted(edges)))
    whole(town.folder / "derived" / f"{name}.json", msgspec.json.encode(derived))


def holders(town: City) -> dict[str, str]:
    """Return persons and firms by the vault's name of their code, firms also by their own name."""
    found: dict[str, str] = {}
    for name in ("person", "enterprise"):
        if store.current(town.place(name)) is None:
            continue
        told = store.table(town.place(name), "subjects")
        subjects = told["subject"].to_pylist()
        found |= dict(zip(told["_who"].to_pylist(), subjects, strict=True))
        if name == "enterprise":
            found |= hearts(told["name"].to_pylist(), subjects)
    return found


def register(name: str) -> Register:
    """Return a register by its name.

    Raises:
        KeyError: there is none.
    """
    if name not in FIVE:
        raise KeyError(f"no register is called {name!r}; there are: {', '.join(FIVE)}")
    return FIVE[name]
