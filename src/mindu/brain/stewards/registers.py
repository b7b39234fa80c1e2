"""Registers: records become subjects with one value of each trait; what differs is history.

Only what is touched is settled anew: a subject that no differing record, no changed pair and no
new verdict can reach stays as it is, sealed. The whole build comes to the same, and is tested so.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from mindu.brain.stewards.comparing import Comparing
from mindu.brain.stewards.resolve import heart, named, sure, tidied
from mindu.data.registers.declare import HELD, Feed, Register
from mindu.data.registers.sealing import Sealer, opened, sealed, secret
from mindu.data.registers.sealing import named as cloaked
from mindu.data.registers.survive import survivors, wide
from mindu.data.registers.verdicts import Decided
from mindu.data.registers.written import staled
from mindu.engines.linkage.join import CERTAIN, Pair, Verdicts, joined

SOME = 50_000  # records that are settled at once
_TYPES = {"number": pa.float64(), "whole": pa.int64()}


class Before(NamedTuple):
    """What the build before holds of some records: their subjects, and those opened."""

    subject: Mapping[str, str]  # of a record
    golden: Mapping[str, Mapping[str, str | None]]  # subject -> trait -> value


class Settling:
    """The second half of a build: from pairs to subjects, their values and what changed."""

    def __init__(self, told: Comparing, feeds: Sequence[Feed], decided: Decided) -> None:
        """Go on where comparing came to."""
        self.told, self.register, self.work, self.vault = told, told.register, told.work, told.vault
        self.feeds, self.decided = feeds, decided
        self.changes: list[pa.Table] = []
        self.touched = 0

    def settle(self, changed: set[str]) -> None:
        """Settle every subject that is touched; `changed` names records of changed verdicts."""
        for name, pairs in (("same", self.decided.same), ("apart", self.decided.apart)):
            a, b = zip(*sorted(pairs), strict=True) if pairs else ((), ())
            self.work.add(name, pa.table({"a": pa.array(a, pa.string()),
                                          "b": pa.array(b, pa.string())}))  # fmt: skip
        self.touched = self.work.touch(CERTAIN, changed)
        staled(self.work)
        buckets = self._buckets()
        for bucket in range(buckets):
            self._bucket(bucket)
            self.told.see("settled", min(self.touched, (bucket + 1) * SOME), self.touched)
        self._gone()

    def _buckets(self) -> int:
        """Lay records that may be of one subject into one bucket; return how many there are."""
        names, bonds = self.work.bound()
        if not names:
            return 0
        a, b = (bonds[side].to_numpy() for side in ("a", "b"))
        count = len(names)
        graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
        _, label = connected_components(graph, directed=False)
        before = np.concatenate(([0], np.cumsum(np.bincount(label))[:-1]))
        bucket = before[label] // SOME
        self.work.add("buckets", pa.table({
            "record": pa.array(names, pa.string()), "bucket": pa.array(bucket, pa.int64()),
        }))  # fmt: skip
        return int(bucket.max()) + 1

    def _bucket(self, bucket: int) -> None:
        db = self.work.db
        db.execute(
            f"CREATE OR REPLACE TABLE bucket AS SELECT record FROM buckets WHERE bucket = {bucket}"  # noqa: S608
        )
        parts = list(self.told.opened("bucket"))
        if not parts:
            return
        columns = ["record", "source", "changed", "who", "digest"]
        columns += [trait.name for trait in self.register.traits]
        told = pa.concat_tables([part.select(columns) for part in parts]).sort_by("record")
        _, sound = tidied(self.register, told)
        ids = told["record"].to_pylist()
        was = self._before()
        pairs = [Pair(a, b, chance) for a, b, chance in self.work.rows(
            f"SELECT a, b, chance FROM pairs WHERE chance >= {CERTAIN} AND a IN (FROM bucket) "  # noqa: S608
            "ORDER BY weight DESC, a, b"
        )]  # fmt: skip
        keeps = sure(ids, told, sound)
        found = joined(ids, pairs, keeps, Verdicts(*self.decided))
        of = named(self.register, ids, found.group, was.subject, self._taken)
        self._made(told, sound, of, was)

    def _taken(self, names: Sequence[str]) -> set[str]:
        self.work.db.register("given", pa.table({"name": pa.array(names, pa.string())}))
        found = self.work.rows("SELECT subject FROM kept_subjects WHERE subject IN (FROM given)")
        self.work.db.unregister("given")
        return {subject for (subject,) in found}

    def _before(self) -> Before:
        """Return what the build before holds of the records of a bucket."""
        subject = dict(self.work.rows("SELECT * FROM names WHERE record IN (FROM bucket)"))
        self.work.db.register("given", pa.table({"s": pa.array(sorted(set(subject.values())),
                                                               pa.string())}))  # fmt: skip
        golden: dict[str, Mapping[str, str | None]] = {}
        if subject:
            golden = self._golden(
                "SELECT * FROM kept_subjects WHERE subject IN (SELECT s FROM given)"
            )
        self.work.db.unregister("given")
        return Before(subject, golden)

    def _golden(self, query: str) -> dict[str, Mapping[str, str | None]]:
        names = [trait.name for trait in self.register.traits]
        found: dict[str, Mapping[str, str | None]] = {}
        told: pa.Table = self.work.db.sql(query).to_arrow_table()
        told = opened(told, self.vault, names=secret(self.register))
        rows = zip(*(_words(told[name]) for name in names), strict=True)
        for subject, row in zip(told["subject"].to_pylist(), rows, strict=True):
            found[subject] = dict(zip(names, row, strict=True))
        return found

    def _made(
        self, told: pa.Table, sound: Mapping[str, pa.Array], of: Sequence[str], was: Before
    ) -> None:
        """Choose the values of some subjects, seal them, and put them into the work."""
        register, vault, names = self.register, self.vault, secret(self.register)
        tidy = told.append_column("subject", pa.array(of, pa.string()))
        taken = survivors(register, tidy, self.feeds, sound)
        golden = wide(register, tidy, taken)
        who = cloaked(register, golden, vault)
        shut = sealed(register, golden, who, vault, names=names)
        self.work.add("made_ties", _ties(register, golden, who, vault))
        self.work.add("made_subjects", _typed(register, shut))
        records = sealed(register, tidy, who, vault, names=names)
        self.work.add("made_records", records.append_column("lost", _lost(tidy, records, names)))
        self.work.add("made_origins", taken.drop_columns(["value"]))
        self.work.add("placed", tidy.select(["record", "subject"]))
        now = dict(zip(told["record"].to_pylist(), of, strict=True))
        changes = _changes(register, golden, taken, was, now)
        if changes.num_rows:
            self.changes.append(_shut(register, changes, who, vault))

    def _gone(self) -> None:
        """Tell the subjects of which no record is left."""
        lost = self.work.rows(
            "SELECT DISTINCT subject FROM gone WHERE subject NOT IN (SELECT subject FROM names) "
            "ORDER BY 1"
        )
        if lost:
            rows = [(s, "subject", s, "", "", "gone") for (s,) in lost]
            self.changes.append(_shut(self.register, _table(rows), {}, self.vault))


def _lost(plain: pa.Table, shut: pa.Table, names: Sequence[str]) -> pa.Array:
    """Say of which records something was withheld, for its key was destroyed."""
    found = pa.array([False] * plain.num_rows, pa.bool_())
    for name in names:
        gone = pc.and_(pc.is_valid(plain[name]), pc.is_null(shut[name]))
        found = pc.or_(found, gone)
    return found


def _ties(
    register: Register, golden: pa.Table, who: Mapping[str, str], vault: Sealer
) -> pa.Table:  # fmt: skip
    """Return by what subjects find each other: codes, and hearts of the names of firms."""
    subjects = golden["subject"].to_pylist()
    found: list[tuple[str, str]] = []
    if register.name in {"person", "enterprise"}:
        found += [(one, who[one]) for one in subjects]
    name = {"enterprise": "name", "credit": "holder", "licence": "holder"}.get(register.name)
    if name is not None:
        codes = golden[register.code].to_pylist()
        for one, code, firm in zip(subjects, codes, golden[name].to_pylist(), strict=True):
            word = heart(firm)
            if register.name in HELD and code:
                found.append((one, who[one]))
            elif word:
                found.append((one, f"={vault.marks([word])[0]}"))
    told = list(zip(*found, strict=True)) or [(), ()]
    return pa.table(
        {"subject": pa.array(told[0], pa.string()), "tie": pa.array(told[1], pa.string())}
    )


def _shut(register: Register, changes: pa.Table, who: Mapping[str, str], vault: Sealer) -> pa.Table:
    """Return changes as cells, those of lost subjects under names of their own."""
    told = changes["subject"].to_pylist()
    owners = {one: who.get(one) or vault.subject(f"{register.name}#{one}") for one in told}
    return sealed(register, changes, owners, vault, names=["was", "now"])


def _typed(register: Register, shut: pa.Table) -> pa.Table:
    """Return the subjects as the catalogue types them."""
    wanted = {trait.name: _TYPES[trait.type] for trait in register.traits if trait.type in _TYPES}
    for name, of in {**wanted, "changed": pa.timestamp("ms")}.items():
        place = shut.column_names.index(name)
        shut = shut.set_column(place, name, shut[name].cast(of))
    return shut


def _changes(
    register: Register, golden: pa.Table, taken: pa.Table, was: Before, now: Mapping[str, str]
) -> pa.Table:
    """Return every value that differs from the build before, and where each lost subject went."""
    told = ("subject", "trait", "source", "rule")
    origin = {
        (subject, trait): (source, rule)
        for subject, trait, source, rule in zip(*(taken[n].to_pylist() for n in told), strict=True)
    }
    names = [trait.name for trait in register.traits]
    found: list[tuple[str, str, str | None, str | None, str, str]] = []
    there = golden["subject"].to_pylist()
    columns = {name: _words(golden[name]) for name in names}
    for place, subject in enumerate(there):
        old = was.golden.get(subject)
        for name in names if old is not None else ():
            new = columns[name][place]
            if old is not None and _differ(old.get(name), new):
                source, rule = origin.get((subject, name), ("", ""))
                found.append((subject, name, old.get(name), new, source, rule))
    into: dict[str, set[str]] = {}
    for record, subject in was.subject.items():
        into.setdefault(subject, set()).add(now[record])
    for subject in sorted(set(was.golden) - set(there)):
        where = ",".join(sorted(into[subject]))
        found.append((subject, "subject", subject, where, "", "joined"))
    return _table(found)


def _differ(was: str | None, now: str | None) -> bool:
    """Say whether two values are others, and not one number written in two ways."""
    if was is None or now is None or was == now:
        return was != now
    try:
        return float(was) != float(now) if "." in was else True
    except ValueError:
        return True


def _table(found: Sequence[tuple[str | None, ...]]) -> pa.Table:
    rows = list(zip(*found, strict=True)) or [()] * 6
    names = ["subject", "trait", "was", "now", "source", "rule"]
    return pa.table({n: pa.array(list(r), pa.string()) for n, r in zip(names, rows, strict=True)})


def _words(column: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else str(value) for value in column.to_pylist()]
