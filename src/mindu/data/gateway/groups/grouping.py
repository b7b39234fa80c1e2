"""A grouping: how one dataset is told in groups under some duties, and what names that way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.allow import refused
from mindu.data.gateway.scan import (
    TYPES,
    Scan,
    identifier,
    masks_of,
    ours,
    rows_of,
    seen_of,
    source_of,
    subject_of,
)
from mindu.data.grants.duties import Duties

SHARE = 0.5  # of a group's total that one person may make up; above, the total is left out
_SOURCE = "§source§"  # where the files stand: a grouping is the same whatever lies in them


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group one dataset."""

    dataset: Dataset
    group: int  # least people
    keys: tuple[str, ...]
    numbers: tuple[str, ...]  # fields that are summed
    raw: str  # the rows of which groups are made, with who each is about as `_who`
    columns: Mapping[str, str]  # of a group: name -> type in SQL

    @property
    def view(self) -> str:
        """The name of this way: two that tell other groups, or of other rows, have other names."""
        told = f"{self.dataset.name}|{self.group}|{self.keys}|{self.raw}"
        return sha256(told.encode()).hexdigest()[:32]

    def words(self) -> str:
        """Return the way in short words."""
        return f"{self.group} by {','.join(self.keys)}"

    def rows(self, files: Sequence[Path]) -> str:
        """Return the rows of which the groups are made, as they lie in files now."""
        return self.raw.replace(_SOURCE, source_of(self.dataset, files))

    def scan(self, edition: Path) -> Scan:
        """Return how a query sees the groups of an edition."""
        shown = ", ".join(identifier(name) for name in self.columns)
        path = str(edition).replace("'", "''")
        told = f"SELECT {shown} FROM read_parquet('{path}') AS t"  # noqa: S608 - our own file
        return Scan(
            self.dataset, self.columns, ours(told), filtered=True, keys=self.keys,
            measures=frozenset(self.numbers),
        )  # fmt: skip


def grouping(
    dataset: Dataset, duties: Duties, *, who: Mapping[str, str], secret: bytes
) -> Grouping:
    """Return how a dataset is told in groups under duties; `who` fills `:user`, `:department`.

    Raises:
        Refused: a duty does not fit the dataset, so nothing is shown.
    """
    how = masks_of(dataset, duties)
    seen = seen_of(dataset, how, who, secret)
    if missing := [key for key in duties.keys if key not in seen]:
        raise refused(f"groups by {missing[0]} cannot be made", "分组字段不可用")
    if tokens := [key for key in duties.keys if how[key] == "token"]:
        raise refused(f"groups by tokens of {tokens[0]} cannot be made", "不能按代号分组")
    keys = tuple(sorted(duties.keys))
    numbers = tuple(
        f.name for f in dataset.fields
        if f.name in seen and f.type in {"whole", "number"} and f.name not in duties.keys
        and not f.sealed and not seen[f.name].startswith("CAST(NULL")
    )  # fmt: skip
    parts = [f"{seen[key]} AS {identifier(key)}" for key in keys]
    parts += [f"{_person(dataset)} AS _who"]
    parts += [f"{seen[n]} AS {identifier(n)}" for n in numbers]
    raw = f"SELECT {', '.join(parts)} {rows_of(dataset, duties, who, _SOURCE)}"
    columns = {f.name: TYPES[f.type] for key in duties.keys
               for f in dataset.fields if f.name == key}  # fmt: skip
    columns |= {"people": "BIGINT", "rows": "DOUBLE"}
    for n in numbers:
        columns |= {f"{n}_sum": "DOUBLE", f"{n}_count": "BIGINT"}
    return Grouping(dataset, duties.group, keys, numbers, raw, columns)


def _person(dataset: Dataset) -> str:
    """Return whom a row is about; where nobody is named each row is one by itself."""
    if dataset.subject:
        return subject_of(dataset)
    row = "CAST(t AS VARCHAR)"
    return f"md5({row}) || row_number() OVER (PARTITION BY {row})"


def people(told: Grouping, files: Sequence[Path]) -> str:
    """Return what each person adds to each group, and `_g`, `_h`: keyed numbers of both.

    `$salt` keys them. A person who adds the same has the same number, whatever else changed.
    """
    by = ", ".join(identifier(key) for key in told.keys)
    sums = [f"sum({identifier(n)}) AS {identifier(n)}, count({identifier(n)}) AS {count(n)}"
            for n in told.numbers]  # fmt: skip
    one = ", ".join([by, "_who", "count(*) AS _n", *sums])
    each = f"SELECT {one} FROM ({told.rows(files)}) WHERE _who IS NOT NULL GROUP BY {by}, _who"  # noqa: S608
    words = [f"coalesce(CAST({identifier(key)} AS VARCHAR), chr(0))" for key in told.keys]
    adds = ["CAST(_who AS VARCHAR)", "CAST(_n AS VARCHAR)"]
    for n in told.numbers:  # ten digits: the order of adding does not show in them
        adds += [f"coalesce(printf('%.10g', CAST({identifier(n)} AS DOUBLE)), '')"]
    group = f"md5_number_lower(concat_ws(chr(1), $salt, {', '.join(words)}))"
    person = f"md5_number_lower(concat_ws(chr(1), $salt, {', '.join(adds)}))"
    return f"SELECT *, {group} AS _g, {person} AS _h FROM ({each})"  # noqa: S608 - ours


def figures(told: Grouping) -> str:
    """Return the groups of enough people, from what each person adds."""
    by = ", ".join(identifier(key) for key in told.keys)
    parts = ["_g", by, "count(*) AS people", f"{_even('_n')} AS rows"]
    for n in told.numbers:
        parts += [f"{_even(identifier(n))} AS {identifier(f'{n}_sum')}",
                  f"CAST(sum({count(n)}) AS BIGINT) AS {identifier(f'{n}_count')}"]  # fmt: skip
    enough = f"GROUP BY _g, {by} HAVING count(*) >= {told.group}"
    return f"SELECT {', '.join(parts)} FROM each {enough}"  # noqa: S608 - ours


def count(name: str) -> str:
    """Return what the number of a field's values is called."""
    return identifier(f"_c_{name}")


def _even(column: str) -> str:
    """Return a total that is left out where one person makes up too much of it."""
    return (
        f"CAST(CASE WHEN max(abs({column})) <= {SHARE} * sum(abs({column})) THEN sum({column}) "
        f"WHEN sum(abs({column})) = 0 THEN 0 END AS DOUBLE)"
    )
