"""Comparing: the records that differ are held against those that share a block with them.

Records are read and cleaned some at a time; what waits in between lies in spools. Which records
share a block is asked of keyed numbers, so that only those that meet are opened.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindu.brain.stewards.resolve import FLOOR, MODELS, SEED, rows, tidied
from mindu.data.collect.store import ends
from mindu.data.registers.declare import Register
from mindu.data.registers.feed import Fed, batches, grows, held, numbered
from mindu.data.registers.sealing import Sealer, opened, secret
from mindu.data.registers.spool import Spool
from mindu.data.registers.store import Build, Read
from mindu.data.registers.work import Work
from mindu.engines.linkage.scale import SAMPLE, Scale, learned, rare
from mindu.engines.linkage.score import prepared, too_many, weighed

TILE = 50_000  # records of one side that are in memory at once
SLICE = 1_000_000  # pairs that are weighed at once
See = Callable[[str, int, int], None]  # what is done, how many are done, of how many


class Comparing:
    """The first half of a build: from the rows of sources to pairs that are weighed."""

    def __init__(
        self, register: Register, work: Work, was: Build | None, vault: Sealer, see: See
    ) -> None:
        """Begin with what the build before holds."""
        self.register, self.work, self.was, self.vault, self.see = register, work, was, vault, see
        self.model = MODELS[register.name]
        self.words = Spool(work.folder)  # of the rows that were read, by their numbers
        self.clean = Spool(work.folder)  # of the records that are compared
        self.read: dict[str, Read] = {}
        self.everything = False
        self.scale: Scale | None = None
        self.compared = self.now = 0

    def close(self) -> None:
        """Give the spools back."""
        self.words.close()
        self.clean.close()

    # -- reading ----------------------------------------------------------------------------------

    def take(self, feeds: list[Fed], lost: set[str], *, everything: bool, learn: bool) -> None:
        """Read what the sources hold that was not read yet; of `lost` ones every row."""
        whole = []
        for fed in feeds:
            name, told = fed.source.name, _shape(fed)
            last = self.was.read.get(name) if self.was is not None else None
            fits = last is not None and last.shape == told and name not in lost
            pulled = _pulled(fed)
            if fits and last is not None and last.pull == pulled and not everything:
                self.read[name] = last
                continue
            since = last.pull if fits and last is not None and not everything else 0
            since = since if grows(fed, since) else 0
            if not since:
                whole.append(name)
            loose = self._rows(fed, since)
            self.read[name] = Read(pull=pulled, shape="" if loose else told, rows=held(fed.folder),
                                   empty=0)  # fmt: skip
        self._numbered()
        self.work.withhold()
        self.now = self.work.lose(whole, [fed.source.name for fed in feeds])
        self.read = {n: msgspec.structs.replace(r, empty=self._empty(n))
                     for n, r in self.read.items()}  # fmt: skip
        scale = self.was.scale if self.was is not None else {}
        known = msgspec.convert(scale, Scale) if scale else None
        fits = known is not None and known.fits(self.now) and not learn
        self.scale = known if fits else None
        self.everything = everything or self.scale is None
        self.work.differ(everything=self.everything)

    def _rows(self, fed: Fed, since: int) -> int:
        loose, name, total = 0, fed.source.name, held(fed.folder)
        done = 0
        for some in batches(self.register, fed, self.vault, since):
            table, _ = tidied(self.register, some.table)
            first, count = self.words.rows, table.num_rows
            table = table.append_column("digest", pa.array(self._digests(table), pa.int64()))
            self.words.add(table.drop_columns(["record"]))
            rid = pa.array(range(first, first + count), pa.int64())
            seen = table.select(["record", "source", "digest", "changed", "who"])
            self.work.add("seen", seen.append_column("rid", rid))
            empty = pa.array(some.empty, pa.string())
            self.work.add("new_voids", pa.table({
                "record": empty, "source": pa.array([name] * len(empty), pa.string()),
            }))  # fmt: skip
            loose += some.loose
            done += count + len(empty)
            self.see(name, done, total)
        return loose

    def _digests(self, table: pa.Table) -> list[int]:
        columns = [table[trait.name].to_pylist() for trait in self.register.traits]
        return self.vault.marks(repr(row) for row in zip(*columns, strict=True))

    def _numbered(self) -> None:
        doubles = self.work.doubles()
        if doubles:
            self.work.rename([(rid, numbered(n, turn, self.vault)) for rid, n, turn in doubles])

    def _empty(self, name: str) -> int:
        return self.work.count(f"voids WHERE source = '{name}'")

    def opened(self, wanted: str) -> Iterator[pa.Table]:
        """Return the records that a table names, in clear words, some at a time.

        What was read in this build comes as it was read; all else is opened as it is kept.
        """
        columns = "record, source, changed, who, digest"
        rids = self.work.rows(f"SELECT rid FROM seen WHERE record IN (SELECT record FROM {wanted})")  # noqa: S608
        here = np.zeros(self.words.rows + 1, bool)
        here[[rid for (rid,) in rids]] = True
        first = 0
        for table in self.words:
            mask = here[first : first + table.num_rows]
            if mask.any():
                of_rid = dict(self.work.rows(
                    f"SELECT rid, record FROM seen WHERE rid >= {first} AND "  # noqa: S608 - numbers
                    f"rid < {first + table.num_rows}"
                ))  # fmt: skip
                names = [of_rid.get(rid) for rid in range(first, first + table.num_rows)]
                told = table.append_column("record", pa.array(names, pa.string()))
                yield told.filter(pa.array(mask))
            first += table.num_rows
        traits = ", ".join(trait.name for trait in self.register.traits)
        for table in self.work.asked(
            f"SELECT {columns}, {traits} FROM kept_records WHERE record IN "  # noqa: S608 - ours
            f"(SELECT record FROM {wanted}) AND record NOT IN (SELECT record FROM seen)"
        ):
            yield opened(table, self.vault, names=secret(self.register))

    # -- comparing --------------------------------------------------------------------------------

    def compare(self) -> None:
        """Hold what differs against what shares a block with it; the pairs are in `new_pairs`."""
        done, total = 0, self.work.count("dirty")
        for told in self.opened("dirty"):
            clean = prepared(self.model, rows(self.register, told), told["record"].to_pylist())
            self.clean.add(clean)
            self._blocked(clean)
            done += told.num_rows
            self.see("cleaned", done, total)
        for block, pairs in self.work.fullest():
            too_many(pairs, ", ".join(self.model.blocks[block]))
        self.compared = self.work.meet()
        self._others()
        often = self._learned() if self.scale is None else self._known()
        assert self.scale is not None, "it was learned just now"
        if self.compared:
            self._tiles(often)

    def _blocked(self, clean: pa.Table) -> None:
        records = clean["unique_id"]
        for place, block in enumerate(self.model.blocks):
            columns = [clean[name] for name in block]
            there = pc.is_valid(columns[0])
            for column in columns[1:]:
                there = pc.and_(there, pc.is_valid(column))
            told = [column.filter(there).to_pylist() for column in columns]
            marks = self.vault.marks(f"{place}|{row!r}" for row in zip(*told, strict=True))
            names = records.filter(there)
            self.work.add("new_blocks", pa.table({
                "record": names, "block": pa.array([place] * len(names), pa.int8()),
                "mark": pa.array(marks, pa.int64()),
            }))  # fmt: skip

    def _others(self) -> None:
        """Open and clean those that did not differ, but meet one that does."""
        self.work.db.execute(
            "CREATE TABLE others AS SELECT record FROM compared WHERE record NOT IN "
            "(SELECT record FROM dirty)"
        )
        for told in self.opened("others"):
            names = told["record"].to_pylist()
            self.clean.add(prepared(self.model, rows(self.register, told), names))

    # -- weighing ---------------------------------------------------------------------------------

    def _learned(self) -> dict[str, dict[int, float]]:
        """Learn the scale from records by the least of their names, which tell nothing."""
        least = self.work.rows(
            f"SELECT record FROM dirty ORDER BY record LIMIT {SAMPLE}"  # noqa: S608 - a number
        )
        wanted = pa.array([name for (name,) in least], pa.string())
        self.see("learning", 0, len(wanted))
        parts = [t.filter(pc.is_in(t["unique_id"], value_set=wanted)) for t in self.clean]
        sample = pa.concat_tables(parts).sort_by("unique_id") if parts else _NOBODY
        told = learned(self.model, sample, self.now, seed=SEED)
        self.scale = told.scale
        found: dict[str, dict[int, float]] = {}
        self.work.db.execute("CREATE TABLE often(name VARCHAR, mark BIGINT, share DOUBLE)")
        for name, shares in told.often.items():
            marks = self.vault.marks(shares)
            found[name] = dict(zip(marks, shares.values(), strict=True))
            self.work.add("often", pa.table({
                "name": pa.array([name] * len(marks), pa.string()),
                "mark": pa.array(marks, pa.int64()),
                "share": pa.array(list(shares.values()), pa.float64()),
            }))  # fmt: skip
        return found

    def _known(self) -> dict[str, dict[int, float]]:
        self.work.db.execute("CREATE VIEW often AS FROM kept_often")
        found: dict[str, dict[int, float]] = {name: {} for name in rare(self.model)}
        for name, mark, share in self.work.rows("SELECT name, mark, share FROM often"):
            found[name][mark] = share
        return found

    def _tiles(self, often: dict[str, dict[int, float]]) -> None:
        """Weigh the pairs, of one tile of records against another at a time."""
        tiles = [Spool(self.work.folder) for _ in range(-(-self.compared // TILE))]
        try:
            for table in self.clean:
                self._laid(self._rarer(table, often), tiles)
            done, total = 0, self.work.count("met")
            for left in range(len(tiles)):
                for right in range(left, len(tiles)):
                    done = self._weighed(tiles[left], tiles[right], left, right, done, total)
        finally:
            for tile in tiles:
                tile.close()

    def _rarer(self, table: pa.Table, often: dict[str, dict[int, float]]) -> pa.Table:
        assert self.scale is not None, "it was learned before"
        once = 1 / max(1, self.scale.sample)
        for name, shares in often.items():
            values = table[name].to_pylist()
            marks = iter(self.vault.marks(value for value in values if value))
            told = [shares.get(next(marks), once) if value else None for value in values]
            table = table.append_column(f"tf_{name}", pa.array(told, pa.float64()))
        return table

    def _laid(self, table: pa.Table, tiles: list[Spool]) -> None:
        self.work.db.register("given", table.select(["unique_id"]))
        of = dict(self.work.rows(
            "SELECT record, place FROM compared WHERE record IN (SELECT unique_id FROM given)"
        ))  # fmt: skip
        self.work.db.unregister("given")
        place = pa.array([of.get(name) for name in table["unique_id"].to_pylist()], pa.int64())
        table = table.set_column(0, "unique_id", place)
        tile = pc.divide(place, TILE)
        for one in pc.unique(tile.drop_null()).to_pylist():
            tiles[one].add(table.filter(pc.equal(tile, one)))

    def _weighed(
        self, left: Spool, right: Spool, one: int, other: int, done: int, total: int
    ) -> int:
        assert self.scale is not None, "it was learned before"
        sides: tuple[pa.Table, pa.Table] | None = None
        query = (
            f"SELECT x.place AS a, y.place AS b FROM met JOIN compared x ON x.record = a "  # noqa: S608
            f"JOIN compared y ON y.record = b WHERE x.place // {TILE} = {one} "
            f"AND y.place // {TILE} = {other}"
        )
        for pairs in self.work.asked(query, SLICE):
            if sides is None:
                sides = (pa.concat_tables(left), pa.concat_tables(right))
            found = weighed(self.model, self.scale, *sides, pairs, floor=FLOOR)
            self.work.db.register("found", found)
            self.work.db.execute(
                "INSERT INTO new_pairs SELECT x.record, y.record, chance, weight, likeness "
                "FROM found f JOIN compared x ON x.place = f.a JOIN compared y ON y.place = f.b"
            )
            self.work.db.unregister("found")
            done += pairs.num_rows
            self.see("compared", done, total)
        return done


_NOBODY = pa.table({"unique_id": pa.array([], pa.string())})


def _pulled(fed: Fed) -> int:
    last = next(iter(ends(fed.folder, 1)), None)
    return 0 if last is None else last.number


def _shape(fed: Fed) -> str:
    """Return the digest of what a source and its feed are declared to be."""
    told = msgspec.json.encode([fed.feed, fed.source])
    return sha256(told).hexdigest()[:16]
