"""The work of one build: which records differ, whom they could meet, and whom that touches.

It is a database on disk that names records, keyed numbers and sealed cells alone; what is clear
lies in memory or in a spool. It is thrown away with the build, and a killed build's by the next.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mindu.data.registers import store
from mindu.data.registers.declare import Register
from mindu.data.registers.store import Build

LIMITS: dict[str, Any] = {"memory_limit": "1GB", "threads": "2"}
PAIR = "a VARCHAR, b VARCHAR, chance DOUBLE, weight DOUBLE, likeness TINYINT[]"  # a before b
SOME = 50_000  # rows that are handed on at once


class Work:
    """Tables of one build, beside those of the build before."""

    def __init__(self, place: Path, register: Register, was: Build | None) -> None:
        """Begin in a folder of the register."""
        self.folder, self._was, self._place = place / "work", was, place
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        spill = {"temp_directory": str(self.folder / "spill")}
        self.db = duckdb.connect(str(self.folder / "work.duckdb"), config={**LIMITS, **spill})
        self.db.execute("SET enable_progress_bar = false")
        traits = "".join(f", {trait.name} VARCHAR" for trait in register.traits)
        who = ", _who VARCHAR" if register.code else ""
        empty = {
            "records": "record VARCHAR, source VARCHAR, changed BIGINT, who VARCHAR"
            f"{traits}, digest BIGINT, subject VARCHAR, lost BOOLEAN{who}",
            "blocks": "record VARCHAR, block TINYINT, mark BIGINT",
            "pairs": PAIR,
            "subjects": "subject VARCHAR",
            "origins": "subject VARCHAR",
            "ties": "subject VARCHAR, tie VARCHAR",
            "often": "name VARCHAR, mark BIGINT, share DOUBLE",
            "voids": "record VARCHAR, source VARCHAR",
        }
        for name, columns in empty.items():
            self._kept(name, columns)
        for made in (
            "seen(rid BIGINT, record VARCHAR, source VARCHAR, digest BIGINT, changed BIGINT, "
            "who VARCHAR)",
            "new_blocks(record VARCHAR, block TINYINT, mark BIGINT)",
            f"new_pairs({PAIR})", "new_voids(record VARCHAR, source VARCHAR)",
            "same(a VARCHAR, b VARCHAR)", "apart(a VARCHAR, b VARCHAR)",
            "forced(record VARCHAR)", "placed(record VARCHAR, subject VARCHAR)",
            "gone(record VARCHAR, subject VARCHAR)", "dirty(record VARCHAR, rid BIGINT)",
            "moved(record VARCHAR, rid BIGINT)", "renamed(was VARCHAR, record VARCHAR)",
        ):  # fmt: skip
            self.db.execute(f"CREATE TABLE {made}")

    def close(self) -> None:
        """Throw it away."""
        self.db.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kept(self, name: str, columns: str) -> None:
        if self._was is None:
            self.db.execute(f"CREATE TABLE kept_{name}({columns})")
            return
        path = str(store.path(self._place, self._was, name)).replace("'", "''")
        self.db.execute(f"CREATE VIEW kept_{name} AS SELECT * FROM read_parquet('{path}')")  # noqa: S608

    # -- in and out -----------------------------------------------------------------------------

    def add(self, name: str, table: pa.Table) -> None:
        """Put rows into a table; one that is not there yet is made of them."""
        self.db.register("given", table)
        there = self.db.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [name]
        ).fetchall()[0][0]
        verb = f"INSERT INTO {name} BY NAME" if there else f"CREATE TABLE {name} AS"
        self.db.execute(f"{verb} SELECT * FROM given")  # noqa: S608 - our own names
        self.db.unregister("given")

    def asked(self, query: str, some: int = SOME) -> Iterator[pa.Table]:
        """Return the rows of a query, some at a time, by a cursor of its own."""
        with self.db.cursor() as cursor:
            found = cursor.sql(query)
            assert found is not None, "a SELECT has rows"
            for batch in found.to_arrow_reader(some):
                yield pa.Table.from_batches([batch])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the few rows of a query."""
        return self.db.execute(query).fetchall()

    def count(self, told: str) -> int:
        """Return how many rows a table has, or a table with its WHERE."""
        return int(self.rows(f"SELECT count(*) FROM {told}")[0][0])  # noqa: S608 - ours

    def names(self) -> set[str]:
        """Return the tables that there are."""
        return {str(row[0]) for row in self.rows("SELECT table_name FROM duckdb_tables()")}

    def columns(self, name: str) -> set[str]:
        """Return the columns of a table."""
        return {str(row[0]) for row in self.rows(f"SELECT column_name FROM (DESCRIBE {name})")}  # noqa: S608

    def bar(self, records: Sequence[str]) -> None:
        """Name the records that are not taken, and force those that are there."""
        self.add("barred", pa.table({"record": pa.array(records, pa.string())}))
        self.db.execute(
            "INSERT INTO forced SELECT record FROM kept_records WHERE record IN (FROM barred)"
        )

    def withhold(self) -> None:
        """Let the rows that are not taken hold nothing."""
        self.db.execute(
            "INSERT INTO new_voids SELECT record, source FROM seen WHERE record IN (FROM barred)"
        )
        self.db.execute("DELETE FROM seen WHERE record IN (FROM barred)")

    # -- which records differ ---------------------------------------------------------------------

    def doubles(self) -> list[tuple[int, str, int]]:
        """Return the rows that are called as one before them: number, name, which of them."""
        told = self.rows(
            "SELECT rid, record, row_number() OVER (PARTITION BY record ORDER BY rid) AS turn "
            "FROM seen QUALIFY turn > 1 ORDER BY rid"
        )
        return [(int(rid), str(record), int(turn)) for rid, record, turn in told]

    def rename(self, told: Sequence[tuple[int, str]]) -> None:
        """Give rows another name."""
        rids, names = [rid for rid, _ in told], [name for _, name in told]
        self.db.register("given", pa.table({"rid": pa.array(rids, pa.int64()), "name": names}))
        self.db.execute("UPDATE seen SET record = name FROM given WHERE seen.rid = given.rid")
        self.db.unregister("given")

    def lose(self, whole: Iterable[str], fed: Iterable[str]) -> int:
        """Tell which records are gone, and how many there are now.

        `whole` names the sources of which every row was read, `fed` all sources that feed.
        """
        self.add("read_whole", pa.table({"source": pa.array(sorted(whole), pa.string())}))
        self.add("fed", pa.table({"source": pa.array(sorted(fed), pa.string())}))
        self.db.execute(
            "INSERT INTO gone SELECT record, subject FROM kept_records k WHERE source NOT IN "
            "(FROM fed) OR (source IN (FROM read_whole) AND NOT EXISTS "
            "(FROM seen s WHERE s.record = k.record)) OR "
            "record IN (SELECT record FROM new_voids WHERE record NOT IN (SELECT record FROM seen))"
        )
        self.db.execute(
            "CREATE VIEW voids AS SELECT * FROM kept_voids WHERE source IN (FROM fed) AND "
            "source NOT IN (FROM read_whole) AND record NOT IN (SELECT record FROM seen) AND "
            "record NOT IN (SELECT record FROM new_voids) UNION ALL FROM new_voids"
        )
        new = "seen WHERE record NOT IN (SELECT record FROM kept_records)"
        return self.count("kept_records") - self.count("gone") + self.count(new)

    def differ(self, *, everything: bool) -> None:
        """Tell what differs: records that are new or say something else, or moved in time.

        With `everything` all records do, those of sources that were not read too.
        """
        self.db.execute(
            "INSERT INTO dirty SELECT s.record, s.rid FROM seen s LEFT JOIN kept_records k "
            "ON s.record = k.record WHERE $all OR k.record IS NULL OR k.digest <> s.digest "
            "OR k.lost OR s.record IN (FROM forced)", {"all": everything}
        )  # fmt: skip
        self.db.execute(
            "INSERT INTO moved SELECT s.record, s.rid FROM seen s JOIN kept_records k "
            "ON s.record = k.record WHERE (k.changed <> s.changed OR k.who IS DISTINCT FROM s.who) "
            "AND s.record NOT IN (SELECT record FROM dirty)"
        )
        if everything:
            self.db.execute(
                "INSERT INTO dirty SELECT record, NULL FROM kept_records WHERE record NOT IN "
                "(SELECT record FROM seen) AND record NOT IN (SELECT record FROM gone)"
            )
        self.db.execute(
            "INSERT INTO renamed SELECT any_value(g.record), any_value(n.record) FROM "
            "(SELECT record, source, digest FROM kept_records WHERE record IN "
            "(SELECT record FROM gone)) g JOIN (SELECT record, source, digest FROM seen WHERE "
            "record NOT IN (SELECT record FROM kept_records)) n USING (source, digest) "
            "GROUP BY source, digest HAVING count(*) = 1"
        )
        self._views()

    def _views(self) -> None:
        """Say how things stand now, before anybody is joined."""
        kept = (
            "record NOT IN (SELECT record FROM dirty) AND record NOT IN (SELECT record FROM gone)"
        )
        ends = kept.replace("record NOT", "{} NOT", 1).replace("AND record", "AND {}")
        self.db.execute(
            f"CREATE VIEW blocks AS SELECT * FROM kept_blocks WHERE {kept} "  # noqa: S608 - ours
            "UNION ALL SELECT * FROM new_blocks"
        )
        self.db.execute(
            f"CREATE VIEW pairs AS SELECT * FROM kept_pairs WHERE {ends.format('a', 'a')} "  # noqa: S608
            f"AND {ends.format('b', 'b')} UNION ALL SELECT * FROM new_pairs"
        )
        self.db.execute(
            "CREATE VIEW names AS SELECT record, subject FROM kept_records WHERE record NOT IN "
            "(SELECT record FROM gone) UNION ALL SELECT n.record, k.subject FROM renamed n "
            "JOIN kept_records k ON k.record = n.was"
        )

    # -- whom they could meet ---------------------------------------------------------------------

    def fullest(self) -> list[tuple[int, int]]:
        """Return for each block of the model how many pairs share it."""
        told = self.rows(
            "SELECT block, sum(n * (n - 1) // 2)::BIGINT FROM (SELECT block, mark, count(*) AS n "
            "FROM blocks GROUP BY ALL HAVING n > 1) GROUP BY block ORDER BY block"
        )
        return [(int(block), int(pairs)) for block, pairs in told]

    def meet(self) -> int:
        """Find the pairs that share a block and of which one differs; number their records."""
        self.db.execute(
            "CREATE TABLE met AS SELECT DISTINCT least(n.record, o.record) AS a, "
            "greatest(n.record, o.record) AS b FROM new_blocks n JOIN blocks o "
            "USING (block, mark) WHERE n.record <> o.record"
        )
        self.db.execute(
            "CREATE TABLE compared AS SELECT record, row_number() OVER (ORDER BY record) - 1 "
            "AS place FROM (SELECT a AS record FROM met UNION SELECT b FROM met)"
        )
        return self.count("compared")

    # -- whom that touches ------------------------------------------------------------------------

    def touch(self, certain: float, decided: Iterable[str]) -> int:
        """Find every record that may be joined otherwise than before, and the bonds among them."""
        self.db.register("said", pa.table({"record": pa.array(sorted(decided), pa.string())}))
        self.db.execute(
            "CREATE TABLE bonds AS SELECT a, b FROM pairs WHERE chance >= $certain "
            "UNION ALL SELECT a, b FROM same", {"certain": certain}
        )  # fmt: skip
        self.db.execute(
            "INSERT INTO bonds SELECT min(record) OVER (PARTITION BY subject), record FROM names"
        )
        self.db.execute("DELETE FROM bonds WHERE a = b")
        self.db.execute(
            "CREATE TABLE here AS SELECT record FROM kept_records WHERE record NOT IN "
            "(SELECT record FROM gone) UNION SELECT record FROM dirty"
        )
        self.db.execute(
            "CREATE TABLE touched AS SELECT DISTINCT record FROM (SELECT record FROM dirty UNION "
            "ALL SELECT record FROM moved UNION ALL FROM said UNION ALL SELECT record FROM names "
            "WHERE subject IN (SELECT subject FROM gone)) WHERE record IN (FROM here)"
        )
        self.db.execute("CREATE TABLE front AS FROM touched")
        while self.count("front"):
            self.db.execute(
                "CREATE OR REPLACE TABLE front AS SELECT DISTINCT record FROM (SELECT b AS record "
                "FROM bonds JOIN front ON a = record UNION ALL SELECT a FROM bonds JOIN front "
                "ON b = record) WHERE record NOT IN (FROM touched) AND record IN (FROM here)"
            )
            self.db.execute("INSERT INTO touched FROM front")
        self.db.unregister("said")
        return self.count("touched")

    def bound(self) -> tuple[list[str], pa.Table]:
        """Return the touched records in their order, and the bonds among them by their places."""
        self.db.execute(
            "CREATE TABLE order_of AS SELECT record, row_number() OVER (ORDER BY record) - 1 AS n "
            "FROM touched"
        )
        names = [str(r[0]) for r in self.rows("SELECT record FROM order_of ORDER BY n")]
        found: pa.Table = self.db.sql(
            "SELECT x.n AS a, y.n AS b FROM bonds JOIN order_of x ON x.record = a "
            "JOIN order_of y ON y.record = b"
        ).to_arrow_table()
        return names, found
