"""One build of one register: read, compared, settled, counted, written, shown and told."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mindu.base.records import Event
from mindu.brain.stewards.comparing import Comparing, See
from mindu.brain.stewards.registers import Settling
from mindu.cli.register.held import City, fed
from mindu.cli.register.showing import show
from mindu.data.erasure import ERASED
from mindu.data.registers import store, telling, verdicts, written
from mindu.data.registers.declare import HELD, Register
from mindu.data.registers.feed import Fed
from mindu.data.registers.store import Account, Build
from mindu.data.registers.verdicts import Held
from mindu.data.registers.work import Work
from mindu.data.senses.journal import locked
from mindu.engines.linkage.join import LIKELY


def built(
    town: City, register: Register, see: See, *, everything: bool = False, learn: bool = False
) -> Build:
    """Bring a register to what its sources and verdicts say now; return the build that holds.

    Raises:
        RuntimeError: the counts do not add up; the build before goes on to hold.
        ValueError: a feed or the records do not fit.
    """
    place = town.place(register.name)
    was, sources_ = store.current(place), fed(town.folder, register)
    late = was is not None and telling.told(place) != was.number
    if was is not None and late:
        show(town, register, was)  # killed between the build and its telling, or told of by nobody
    place.mkdir(parents=True, exist_ok=True)
    lock = locked(place / "lock")
    work = Work(place, register, was)
    told = Comparing(register, work, was, town.vault, see)
    try:
        held = verdicts.known(town.log, register.name, place)
        unsaid = was.renamed if was is not None and late and not town.writes else {}
        run = _Run(town, register, place, was, work, told, held, unsaid)
        return _run(run, sources_, everything=everything or learn, learn=learn)
    finally:
        told.close()
        work.close()
        os.close(lock)


class _Run(NamedTuple):
    """What a build works with."""

    town: City
    register: Register
    place: Path
    was: Build | None
    work: Work
    told: Comparing
    held: Held
    unsaid: dict[str, str]  # records that are called otherwise, of which the log does not know yet


def _run(run: _Run, feeds_: list[Fed], *, everything: bool, learn: bool) -> Build:
    parts = [one.feed for one in feeds_]
    shape = sha256(msgspec.json.encode(parts)).hexdigest()[:16]
    anew = everything or run.was is None or run.was.feeds != shape
    _force(run)
    run.work.bar(run.held.barred)
    lost = run.work.rows(
        "SELECT DISTINCT source FROM kept_records WHERE lost OR record IN (FROM forced)"
    )
    run.told.take(feeds_, {name for (name,) in lost}, everything=anew, learn=learn)
    run.told.compare()
    held, renamed = _renamed(run)
    settling = Settling(run.told, parts, verdicts.decided(held))
    before = run.was.verdicts if run.was is not None else ()
    settling.settle(verdicts.named(set(before) ^ set(held)))
    review = written.reviewed(run.work, LIKELY)
    if run.register.name in HELD:
        written.tied(run.work, _holders(run.town))
    build = _counted(run, settling, review)
    build = msgspec.structs.replace(
        build, feeds=shape, verdicts=held, renamed=renamed, upto=len(run.town.log)
    )
    if not build.adds_up():
        raise RuntimeError(
            f"{run.register.name}: {build.account} of {build.records} records and {build.read} do "
            "not add up; the build before goes on to hold"
        )
    return _finished(run, settling, build)


def _finished(run: _Run, settling: Settling, build: Build) -> Build:
    was, held = run.was, run.register.name in HELD
    if was is not None and not run.told.everything and not _differs(run, settling, held=held):
        same = msgspec.structs.replace(
            was, read=build.read, upto=build.upto, verdicts=build.verdicts, account=build.account
        )
        store.held(run.place, same)
        return same
    changes = _stamped(settling.changes, build)
    done = store.keep(run.place, build, lambda folder: _write(run, folder, build), changes)
    show(run.town, run.register, done)
    return done


def _force(run: _Run) -> None:
    """Name the records of subjects that were erased since the build before."""
    if run.was is None:
        return
    names = [
        entry.about.partition(":")[2]
        for entry in run.town.log.since(run.was.upto)
        if isinstance(entry.record, Event) and entry.record.name == ERASED
    ]
    if names:
        run.work.add("erased", pa.table({"name": pa.array(names, pa.string())}))
        own = " OR _who IN (FROM erased)" if run.register.code else ""
        run.work.db.execute(
            f"INSERT INTO forced SELECT record FROM kept_records WHERE who IN (FROM erased){own}"  # noqa: S608
        )


def _renamed(run: _Run) -> tuple[tuple[verdicts.Verdict, ...], dict[str, str]]:
    """Return the verdicts with their records as the sources call them now."""
    held = tuple(verdicts.renamed(one, run.unsaid) for one in run.held.verdicts)
    named = verdicts.named(held)
    of = {was: now for was, now in run.work.rows("FROM renamed") if was in named}
    said = {was: of.get(now, now) for was, now in run.unsaid.items()}
    return tuple(verdicts.renamed(one, of) for one in held), said | of


def _counted(run: _Run, settling: Settling, review: int) -> Build:
    work, was = run.work, run.was
    seen = "seen s JOIN kept_records k USING (record) WHERE k.digest <> s.digest OR " \
        "k.changed <> s.changed OR k.who IS DISTINCT FROM s.who"  # fmt: skip
    fresh = work.count("seen WHERE record NOT IN (SELECT record FROM kept_records)")
    gone, changed, kept = work.count("gone"), work.count(seen), work.count("kept_records")
    account = Account(
        was=was.records if was is not None else 0, fresh=fresh, changed=changed, gone=gone,
        same=kept - gone - changed, compared=run.told.compared, touched=settling.touched,
    )  # fmt: skip
    scale = run.told.scale
    return Build(
        number=1 + (was.number if was is not None else 0),
        at=round(run.town.now.timestamp() * 1000), records=work.count("now"),
        empty=work.count("voids"), subjects=work.count("(SELECT DISTINCT subject FROM now)"),
        review=review, account=account, read=run.told.read,
        scale=msgspec.to_builtins(scale) if scale is not None else {},
    )  # fmt: skip


def _differs(run: _Run, settling: Settling, *, held: bool) -> bool:
    """Say whether anything is otherwise than in the build before."""
    voids = run.work.count("(FROM voids EXCEPT ALL FROM kept_voids)")
    voids += run.work.count("(FROM kept_voids EXCEPT ALL FROM voids)")
    parts = settling.touched, run.work.count("gone"), voids
    return any(parts) or (held and written.untied(run.work))


def _write(run: _Run, folder: Path, build: Build) -> None:
    written.tables(run.work, folder, held=run.register.name in HELD)
    for name, wanted in (("records", build.records), ("subjects", build.subjects)):
        rows = pq.read_metadata(folder / f"{name}.parquet").num_rows
        if rows != wanted:
            raise RuntimeError(f"{rows} {name} were written, of {wanted}; nothing was changed")


def _stamped(parts: Sequence[pa.Table], build: Build) -> pa.Table:
    if not parts:
        return pa.table({})
    changes = pa.concat_tables(parts)
    for name, value in (("build", build.number), ("at", build.at)):
        changes = changes.append_column(name, pa.array([value] * changes.num_rows, pa.int64()))
    return changes


def _holders(town: City) -> list[Path]:
    """Return where persons and firms are found by their codes and names."""
    found = []
    for name in ("person", "enterprise"):
        build = store.current(town.place(name))
        if build is not None:
            found.append(store.path(town.place(name), build, "ties"))
    return found
