"""What governing costs: a gateway query beside DuckDB alone, decisions, durable receipts.

The gateway's side holds ruling, plan, child, and a receipt on disk before the rows go out. Both
sides run turn by turn over the same file with as many threads; ratios are of medians.
"""

import resource
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter, process_time

import duckdb
from msgspec.structs import replace

from benchmarks.figure import Figure
from mindu.base.records import Words
from mindu.base.seal import SUITES, signer
from mindu.base.time import VirtualClock
from mindu.brain.cases import Role
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import Officer
from mindu.brain.memory import Memory
from mindu.brain.sharing.kinds import KINDS
from mindu.brain.sharing.sharing import Sharing
from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.data.gateway.answer import Answer
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.points import points
from mindu.data.gateway.pool import Limits, Pool
from mindu.data.grants.ask import Ask, User
from mindu.data.grants.duties import Duties
from mindu.data.grants.policies import GRADES, Policies, read
from mindu.data.grants.terms import Terms
from mindu.data.log import Log
from mindu.data.proof.notary import Notary
from mindu.data.vault import Vault

NOW = datetime(2026, 9, 16, 4, tzinfo=UTC)
ROWS, PEOPLE = 10_000_000, 400_000
RUNS = 7  # of each query on each side
THREADS = 2
BATCH, BATCHES = 5_000, 8  # receipted reads
DECIDE_S = 4.0  # CPU seconds
POLICIES = (30, 10)  # departments, purposes
OWNER, OTHER = "350100-a", "350100-b"
CALLS = Dataset(
    name="calls", title=Words("Calls", "来电"), owner="Hotline", department=OWNER, theme="x",
    fields=(
        Field("caller", "text", Words("c", "c"), grade=Grade.SENSITIVE),
        Field("phone", "text", Words("p", "p"), grade=Grade.SENSITIVE),
        Field("district", "text", Words("d", "d")),
        Field("topic", "text", Words("t", "t")),
        Field("minutes", "number", Words("m", "m")),
        Field("opened", "moment", Words("o", "o")),
    ),
    grade=Grade.SENSITIVE, cycle="live", licence="x", basis="x", stored="file:calls.parquet",
    subject="caller",
)  # fmt: skip
MADE = f"""COPY (SELECT 'c' || (hash(i) % {PEOPLE}) AS caller,
  '138' || lpad((hash(i + 7) % 100000000)::VARCHAR, 8, '0') AS phone,
  '3501' || (2 + hash(i + 1) % 12) AS district, 'topic' || (hash(i + 2) % 40) AS topic,
  (hash(i + 3) % 6000) / 100.0 AS minutes,
  TIMESTAMP '2026-01-01' + to_seconds((hash(i + 4) % 20000000)::BIGINT) AS opened
  FROM range({{rows}}) r(i)) TO '{{file}}' (FORMAT parquet)"""  # noqa: S608 - our own rows
QUERIES = (  # what was asked; the same by hand has the row filter of the policy in it
    "SELECT topic, count(*) AS n, sum(minutes) AS s, avg(minutes) AS a FROM calls GROUP BY topic",
    "SELECT district, date_trunc('month', opened) AS m, sum(minutes) AS s FROM calls GROUP BY 1, 2",
    "SELECT topic, median(minutes) AS m FROM calls WHERE minutes > 10 GROUP BY topic",
    "SELECT count(*) AS n FROM calls WHERE topic = 'topic7' AND minutes BETWEEN 5 AND 20",
    "SELECT district, topic, max(minutes) AS m FROM calls GROUP BY 1, 2 ORDER BY m DESC LIMIT 20",
)
FILTER = "district IN ('35012', '35013', '35014', '35015', '35016', '35017')"


def figures() -> Iterator[Figure]:
    """Measure decisions, overhead, and receipted reads while the signer stalls."""
    yield decisions()
    with TemporaryDirectory() as told:
        folder = Path(told)
        _made(folder, ROWS)
        yield from overhead(folder)
    with TemporaryDirectory() as told:
        folder = Path(told)
        _made(folder, ROWS // 10)
        yield from receipted(folder)


def decisions() -> Figure:
    """Return policy decisions a CPU second with 300 policies."""
    texts = [
        f'@id("p-{d}-{p}") @department("d{d}") @purpose("u{p}") @mask("phone:middle") '
        '@quota("1000000/day") permit (principal, action == Action::"query", resource == '
        'Dataset::"calls") when { principal.roles.contains("duty") && context.reference != "" };'
        for d in range(POLICIES[0])
        for p in range(POLICIES[1])
    ]
    policies = Policies([*read(GRADES), *read("\n".join(texts))])
    asks = [
        _ask("SELECT 1", department=f"d{n % POLICIES[0]}", purpose=f"u{n % POLICIES[1]}")
        for n in range(POLICIES[0] * POLICIES[1])
    ]

    def once() -> None:
        for ask in asks:
            assert policies.rule(ask, CALLS, NOW, lambda *_: 0).allowed

    once()
    count, began = 0, process_time()
    while process_time() - began < DECIDE_S:
        once()
        count += len(asks)
    rate = count / (process_time() - began)
    return Figure(name="policy decisions a CPU second, 303 policies, 300 askers", value=rate,
                  unit="1/s", peer=None, goal=">= 15000", holds=rate >= 15_000)  # fmt: skip


def overhead(folder: Path) -> Iterator[Figure]:
    """Yield the cost of an allowed query beside DuckDB alone, with and without a row filter."""
    for rows, how in (((), "masks alone"), ((FILTER,), "masks and a row filter")):
        log = Log.open(str(folder / f"{len(rows)}.mindu"))
        gateway = _gateway(folder, log, Duties(masks=(("phone", "middle"),), rows=rows))
        alone = duckdb.connect(config={"threads": THREADS})
        source = f"read_parquet('{folder / 'calls.parquet'}')"
        where = f"(SELECT * FROM {source} WHERE {rows[0]})" if rows else source  # noqa: S608
        ratios, ours, theirs = [], [], []
        for query in QUERIES:
            by_hand = query.replace("FROM calls", f"FROM {where} AS calls")
            ask = _ask(query)
            one, other = _both(partial(gateway.query, ask), partial(_plainly, alone, by_hand))
            ratios.append(one / other)
            ours.append(one)
            theirs.append(other)
        gateway.pool.close()
        log.close()
        peer = f"DuckDB {duckdb.__version__} alone {median(theirs) * 1000:.0f} ms, ours "
        peer += f"{median(ours) * 1000:.0f} ms; each query {', '.join(f'{r:.2f}' for r in ratios)}"
        value = median(ratios)
        yield Figure(name=f"gateway over DuckDB, 10 M rows, {how}", value=value, unit="1",
                     peer=peer, goal="<= 1.15", holds=value <= 1.15)  # fmt: skip


def receipted(folder: Path) -> Iterator[Figure]:
    """Yield durable receipted reads a second while the signer stalls, and what memory they take."""
    log = Log.open(str(folder / "city.mindu"))
    gateway = _gateway(folder, log, Duties(masks=(("phone", "middle"),)))
    stalled = Event()
    notary = Notary(log, folder / "notes", "bench", [_Stalled(stalled)])
    signing = Thread(target=notary.sign)
    signing.start()
    asks = [
        [(_ask("point"), f"c{(b * BATCH + n) % PEOPLE}") for n in range(BATCH)]
        for b in range(BATCHES)
    ]
    points(gateway, "calls", asks[0])
    held = _held()
    took, spent = [], []
    for batch in asks:
        began, worked = perf_counter(), process_time()
        told = points(gateway, "calls", batch)
        took.append(perf_counter() - began)
        spent.append(process_time() - worked)
        assert all(isinstance(one, Answer) for one in told)
        assert sum(one.rows.num_rows for one in told if isinstance(one, Answer)) > BATCH
        assert log.durable == len(log)
    grown = _held() - held
    stalled.set()
    signing.join()
    rate = BATCH / median(took)
    yield Figure(name=f"durable receipted reads, batches of {BATCH}, signer stalled", value=rate,
                 unit="1/s", peer=None, goal=">= 5000", holds=rate >= 5_000)  # fmt: skip
    alone = BATCH / median(spent)
    yield Figure(name="the same by processor seconds of the gateway's process", value=alone,
                 unit="1/s", peer=None, goal="", holds=None)  # fmt: skip
    yield Figure(name=f"memory that {BATCH * BATCHES} receipted reads add meanwhile", value=grown,
                 unit="MB", peer=None, goal="<= 200", holds=grown <= 200)  # fmt: skip
    gateway.pool.close()
    log.close()


class _Stalled:
    """A signing machine that does not answer until told to."""

    suite = "sha256-ed25519"

    def __init__(self, go: Event) -> None:
        self._key = signer(self.suite, SUITES[self.suite].secret())
        self.public, self._go = self._key.public, go

    def sign(self, told: bytes) -> bytes:
        """Sign, once the stall is over."""
        self._go.wait()
        return self._key.sign(told)


def _held() -> float:
    """Return the memory of this process that is resident now, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _both(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Return the medians of both sides, run turn by turn, after one warm run."""
    told: tuple[list[float], list[float]] = ([], [])
    for run in range(RUNS + 1):
        for side, work in zip(told, (ours, theirs), strict=True):
            began = perf_counter()
            work()
            if run:
                side.append(perf_counter() - began)
    return median(told[0]), median(told[1])


def _plainly(alone: duckdb.DuckDBPyConnection, sql: str) -> object:
    told = alone.sql(sql)
    assert told is not None
    return told.to_arrow_table()


def _made(folder: Path, rows: int) -> None:
    duckdb.connect().execute(MADE.format(rows=rows, file=folder / "calls.parquet"))


def _ask(sql: str, *, department: str = OTHER, purpose: str = "flood") -> Ask:
    return Ask(
        who=User("wei", department, ("duty",)), action="query", datasets=("calls",),
        purpose=purpose, basis="law", reference="case:0", says=sql,
    )  # fmt: skip


def _gateway(folder: Path, log: Log, duties: Duties) -> Gateway:
    memory = Memory(log, {}, seed=0)
    office, catalogue = Office(memory, KINDS), {"calls": CALLS}
    sharing = Sharing(office, memory.allowed, catalogue)
    terms = Terms(
        dataset="calls", owner=OWNER, to=OTHER, purpose="flood", basis="law",
        until=date(2026, 12, 31), duties=duties,
    )  # fmt: skip
    case = sharing.ask(terms, by="wei", now=NOW).seq
    sharing.agree(case, Officer("lin", "", OWNER, (Role.OFFICER,), ("*",)), now=NOW)
    limits = replace(Limits(), seconds=120.0, threads=THREADS, children=1)
    suite = "sha256-ed25519"
    return Gateway(
        book=memory, catalogue=catalogue, pool=Pool(folder, limits),
        key=signer(suite, SUITES[suite].secret()), cloak=Vault(None).subject,
        case=lambda number, _ask: number in {case, 0}, clock=VirtualClock(NOW),
        secret=b"bench",
    )  # fmt: skip
