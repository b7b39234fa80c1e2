"""`mindu data derive`: run the queries of derived tables and store what they come to."""

import argparse
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from mindu.base.records import Words
from mindu.cli.data import held
from mindu.cli.data.known import derived as declared
from mindu.cli.data.lineage import listed
from mindu.cli.data.use.lake import LAKE, REGISTERS, catalogue, collected
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.plan import plan, tables
from mindu.data.gateway.pool import Limits, Pool
from mindu.data.gateway.scan import Scan, scan
from mindu.data.gateway.shelf import shelved
from mindu.data.grants.duties import Duties
from mindu.data.lineage.stored import kept, stored
from mindu.data.lineage.trace import Derived
from mindu.data.registers import store
from mindu.data.registers.declare import PREFIX
from mindu.data.senses.memory.delta import synced, whole

LIMITS = Limits(seconds=600.0, memory=2 << 30, children=1)  # an answer is at most 256 MB


MADE = "derived"  # where it stands what each table was made of


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("names", nargs="*", help="derived tables; none: all, in the order they need")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Run them; from then on each is a dataset that the gateway knows."""
    folder = state(asked.data)
    every = {one.name: one for one in declared(folder) if one.sql}
    for name in asked.names:
        if name not in every:
            raise KeyError(f"no derived table is called {name!r}: mindu data lineage NAME --sql")
    done = _all(folder, every, _ordered(every, asked.names), voice)
    voice.data(done, "\n".join(f"{one['name']}  {one['rows']}" for one in done))
    return GOOD


def renew(folder: Path, voice: Voice) -> bool:
    """Make those tables anew whose sources brought news since; say whether all of them were.

    A table that was never made waits for its first `mindu data derive`.
    """
    every = {one.name: one for one in declared(folder) if one.sql}
    try:
        late = [name for name in _ordered(every, []) if _due(folder, every, name)]
        _all(folder, every, late, voice)
    except (Trouble, Refused, ValueError, KeyError, OSError, RuntimeError) as wrong:
        voice.note(Words(f"derive: {wrong}", f"派生:{wrong}"))
        return False
    return True


def _all(
    folder: Path, every: dict[str, Derived], names: list[str], voice: Voice
) -> list[dict[str, object]]:
    done: list[dict[str, object]] = []
    if not names:
        return done
    pool = Pool(folder / LAKE, LIMITS, also=folder / held.FOLDER)
    try:
        for name in names:
            pulls = _pulls(folder, every, name)  # before: what comes meanwhile makes it due again
            rows = _one(folder, every[name], pool)
            whole(folder / MADE / f"{name}.pulls", msgspec.json.encode(pulls))
            voice.note(Words(f"{name}: {rows} rows", f"{name}:{rows} 行"))
            done.append({"name": name, "rows": rows})
    except Refused as no:
        raise Trouble(no.says, Words("Mend its query.", "请改正其查询。")) from no
    finally:
        pool.close()
    return done


def _due(folder: Path, every: dict[str, Derived], name: str) -> bool:
    path = folder / MADE / f"{name}.pulls"
    if not path.exists():
        return False
    made = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    return made != _pulls(folder, every, name)


def _pulls(folder: Path, every: dict[str, Derived], name: str) -> dict[str, int]:
    """Return the last pull, or build, of all that a table rests on, whatever lies in between."""
    found: dict[str, int] = {}
    for table in sorted(tables(every[name].sql)):
        if table in every:
            found |= _pulls(folder, every, table)
        elif table.startswith(PREFIX):
            build = store.current(folder / REGISTERS / table.removeprefix(PREFIX))
            found[table] = 0 if build is None else build.number
        else:
            last = held.last(folder, table)
            found[table] = 0 if last is None else last.number
    return found


def _ordered(every: dict[str, Derived], wanted: list[str]) -> list[str]:
    """Return the tables with those that they read before them."""
    found: list[str] = []

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"{name} is derived from itself: {' ← '.join((*above, name))}")
        for table in sorted(tables(every[name].sql)):
            if table in every and table not in found:
                add(table, (*above, name))
        if name not in found:
            found.append(name)

    for name in wanted or sorted(every):
        add(name, ())
    return found


def _one(folder: Path, told: Derived, pool: Pool) -> int:
    (folder / LAKE).mkdir(parents=True, exist_ok=True)
    known = {**collected(folder), **catalogue(folder / LAKE)}
    kept(told, {edge.of_table: known[edge.of_table] for edge in told.edges})
    scans = {name: _clear(known[name], pool) for name in tables(told.sql)}
    rows = pool.run(plan(told.sql, scans, most=None))
    dataset, rows = stored(told, listed(told, known), rows, known)
    draft = folder / LAKE / f".{told.name}.draft"
    pq.write_table(rows, draft, compression="zstd")
    synced(draft)
    draft.rename(folder / LAKE / f"{told.name}.parquet")
    whole(folder / LAKE / f"{told.name}.json", msgspec.json.encode(dataset))
    count: int = rows.num_rows
    return count


def _clear(dataset: Dataset, pool: Pool) -> Scan:
    """Return a table as its owner sees it, with its cells shut."""
    masks = tuple((field.name, "clear") for field in dataset.fields)
    duties = Duties(masks=masks)  # type: ignore[arg-type]
    files = shelved(dataset, pool.folder, pool.also)
    return scan(dataset, files, duties, who={}, secret=b"", witness=bool(dataset.subject))
