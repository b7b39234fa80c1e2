"""The gateway: an ask comes in, is ruled, runs over what may be seen, and leaves a receipt."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock

import msgspec
import pyarrow as pa

from mindu.base.records import Receipt
from mindu.base.seal import Signer
from mindu.base.time import Clock
from mindu.data.catalog.dataset import Dataset, Grade
from mindu.data.gateway import want as wants
from mindu.data.gateway.allow import Refused, refused
from mindu.data.gateway.answer import Answer, Book, Ruled
from mindu.data.gateway.groups.scans import Scans, who_of
from mindu.data.gateway.opening import Unseal, asked, opened, sealed
from mindu.data.gateway.patience import Patience
from mindu.data.gateway.plan import plan, tables
from mindu.data.gateway.pool import Pool
from mindu.data.gateway.quota import Held, Place
from mindu.data.gateway.scan import WITNESS, salt
from mindu.data.gateway.shelf import shelved
from mindu.data.gateway.want import Want
from mindu.data.grants import duties as terms
from mindu.data.grants import receipts
from mindu.data.grants.allowed import Matter
from mindu.data.grants.ask import Ask, lacking
from mindu.data.grants.policies import CITY, Ruling

ROWS, FILE_ROWS, NAMED = 10_000, 1_000_000, 200  # of an answer, of a file, subjects of a receipt
PLANS = 1_000  # held ready
Planned = tuple[list[Dataset], str]  # as the datasets were declared then


@dataclass(slots=True, kw_only=True)
class Gateway:
    """One gateway over one book and one folder of files; threads may share it."""

    book: Book
    catalogue: Mapping[str, Dataset]
    pool: Pool
    key: Signer
    cloak: Callable[[str], str]  # the vault's name of a person; also hides what was asked
    case: Matter
    clock: Clock
    secret: bytes  # of the tokens that stand for names
    unseal: Unseal = lambda cells: [None] * len(cells)  # the vault's; without one all stays shut
    lock: RLock = field(default_factory=RLock)
    _plans: OrderedDict[tuple[object, ...], Planned] = field(default_factory=OrderedDict)
    _patience: Patience = field(default_factory=Patience)
    _held: Held = field(default_factory=Held)
    _scans: Scans = field(init=False)

    def __post_init__(self) -> None:
        """See the tables below the pool's folder."""
        self._scans = Scans(self.pool.folder, self.secret)

    def query(self, ask: Ask) -> Answer:
        """Answer SQL; the datasets are those that it reads.

        Raises:
            Refused: it may not be, or cannot be, answered; the no has a receipt too.
        """
        return self._answer(ask, lambda ask: (tables(ask.says), ask.says), ROWS)

    def read(self, ask: Ask, want: Want) -> Answer:
        """Answer a page of one table, and name in the receipt whom the rows are about.

        Raises:
            Refused: as `query`.
        """
        told = msgspec.structs.replace(ask, says=msgspec.json.encode(want).decode())
        if want.subject:
            told = msgspec.structs.replace(told, subject=self.cloak(want.subject))
        return self._answer(told, lambda _ask: self._spelt(want, wants.PAGE), ROWS)

    def file(self, ask: Ask, dataset: str) -> Answer:
        """Answer a whole table, for a file.

        Raises:
            Refused: as `query`.
        """
        want = Want(dataset=dataset, limit=FILE_ROWS)
        told = msgspec.structs.replace(ask, says=f"file {dataset}")
        return self._answer(told, lambda _ask: self._spelt(want, FILE_ROWS), FILE_ROWS)

    def named(self, dataset: Dataset, subject: str) -> str:
        """Return how a dataset's rows name a subject: as it writes them, or as the vault does."""
        return self.cloak(subject) if sealed(dataset) else subject

    def where(self, dataset: Dataset) -> tuple[Path, ...]:
        """Return the files of a dataset.

        Raises:
            Refused: it has none here.
        """
        return shelved(dataset, self.pool.folder, self.pool.also)

    # -- one ask ---------------------------------------------------------------------------

    def _answer(
        self, ask: Ask, spell: Callable[[Ask], tuple[frozenset[str], str]], most: int
    ) -> Answer:
        now, places = self.clock.now(), tuple[Place, ...]()
        try:
            self._patience.ask(ask.who.id, now)
            names, sql = spell(ask)
            ask = msgspec.structs.replace(ask, datasets=tuple(sorted(names)))
            rulings, places = self.ruled(ask, now)
            rows = self.pool.run(self.plan(ask, rulings, sql, most))
        except Refused as no:
            self._patience.fail(ask.who.id, now)
            said = (no.ruling,) if isinstance(no, Ruled) else ()
            self._write(self.receipt(ask, said, now, reason=no.reason), now, places)
            raise
        except BaseException:
            self.give(places)
            raise
        return self._told(ask, rulings, rows, most, now, places)

    def _told(
        self, ask: Ask, rulings: list[Ruling], rows: pa.Table, most: int, now: datetime,
        places: tuple[Place, ...],
    ) -> Answer:  # fmt: skip
        """Open the rows, write the receipt, which counts the use, and hand them out."""
        more = rows.num_rows > most
        try:
            rows = self.open(ask, rulings, rows)
            rows, subjects, bulk = self._about(ask, rows.slice(0, most))
        except BaseException:
            self.give(places)
            raise
        receipt = self.receipt(ask, rulings, now)
        receipt = msgspec.structs.replace(receipt, rows=rows.num_rows, subjects=subjects, bulk=bulk)
        written = self._write(receipt, now, places)
        return Answer(rows, more, written, receipt.duties)

    def ruled(self, ask: Ask, now: datetime) -> tuple[list[Ruling], tuple[Place, ...]]:
        """Let the policies rule on every dataset of an ask; its use is held in what is returned.

        Raises:
            Refused: something is lacking, or a policy says no, or none says yes.
        """
        datasets = self.founded(ask, now)
        with self.lock:
            policies = self.book.allowed.policies
            used = self._held.used(self.book.uses.today)
            rulings = [policies.rule(ask, one, now, used) for one in datasets]
            for ruling in rulings:
                if not ruling.allowed:
                    raise Ruled(ruling)
            for one, ruling in zip(datasets, rulings, strict=True):
                self._scans.one_way(self.book, one, ruling.duties, ask, now)
            return rulings, self.hold(ask, rulings, now)

    def hold(self, ask: Ask, rulings: Sequence[Ruling], now: datetime) -> tuple[Place, ...]:
        """Hold one use of each policy that ruled, until its receipt is written or `give`.

        Raises:
            Refused: a quota is up.
        """
        day = f"{now.astimezone(CITY):%Y%m%d}"
        names = sorted({name for ruling in rulings for name in ruling.policies})
        places = tuple((name, ask.who.department, day) for name in names)
        with self.lock:
            self._held.take(places, self.book.allowed.policies.quota, self.book.uses.today)
        return places

    def give(self, places: Sequence[Place]) -> None:
        """Give uses back of which nothing came."""
        with self.lock:
            self._held.give(places)

    def founded(self, ask: Ask, now: datetime) -> list[Dataset]:
        """Return the datasets of an ask that says what it must, for a matter that is open.

        Raises:
            Refused: something is lacking.
        """
        datasets = [self.dataset(name) for name in ask.datasets]
        if not datasets:
            raise refused("ask for at least one dataset", "请至少查询一个数据集")
        public = all(dataset.grade == Grade.OPEN for dataset in datasets)
        allowed = self.book.allowed
        with self.lock:
            lacks = lacking(
                ask, lambda told, of: allowed.vouch(told, of, now, self.case), public=public
            )
        if lacks is not None:
            raise Refused(lacks)
        return datasets

    def plan(self, ask: Ask, rulings: Sequence[Ruling], sql: str, most: int | None) -> str:
        """Return the query to run for an ask that was ruled; plans are held ready.

        Raises:
            Refused: the query cannot be, or a duty does not fit.
        """
        who = who_of(ask)
        datasets = [self.dataset(name) for name in ask.datasets]
        duties = tuple(ruling.duties for ruling in rulings)
        files = [
            self._scans.files(dataset, self.where(dataset), each, who)
            for dataset, each in zip(datasets, duties, strict=True)
        ]
        key = (sql, most, ask.action, *who.values(), *ask.datasets, *files, *duties)
        held = self._plans.get(key)
        found = held[1] if held is not None and held[0] == datasets else None
        if found is None:
            scans = {
                dataset.name: self._scans.scan(
                    dataset, each_file, each, who, witness=ask.action != "query"
                )
                for dataset, each_file, each in zip(datasets, files, duties, strict=True)
            }
            found = plan(sql, scans, most=most)
            with self.lock:
                self._plans[key] = datasets, found
                if len(self._plans) > PLANS:
                    self._plans.popitem(last=False)
        return found

    def open(self, ask: Ask, rulings: Sequence[Ruling], rows: pa.Table) -> pa.Table:
        """Return rows with their cells opened under the duties; SQL has none in its answer."""
        if ask.action == "query":
            return rows
        dataset, told = self.dataset(ask.datasets[0]), salt(who_of(ask), self.secret)
        return opened(rows, dataset, rulings[0].duties, told, self.unseal)

    def _spelt(self, want: Want, most: int) -> tuple[frozenset[str], str]:
        dataset = self.dataset(want.dataset)
        asked(want, dataset)
        want = msgspec.structs.replace(want, subject=self.named(dataset, want.subject))
        told = wants.sql(want, dataset, witness=bool(dataset.subject), most=most)
        return frozenset({dataset.name}), told

    def dataset(self, name: str) -> Dataset:
        """Return a dataset of the catalogue."""
        found = self.catalogue.get(name)
        if found is None:
            raise refused(f"there is no such dataset: {name[:63]}", f"没有数据集 {name[:63]}")
        return found

    def _about(self, ask: Ask, rows: pa.Table) -> tuple[pa.Table, tuple[str, ...], bool]:
        """Return the rows without their witness, whom they name, and whether there are more."""
        personal = any(self.dataset(name).subject for name in ask.datasets)
        if WITNESS not in rows.column_names:
            return rows, (ask.subject,) if ask.subject else (), personal
        raw = rows.column(WITNESS).unique().to_pylist()
        kept = any(
            sealed(self.dataset(name)) for name in ask.datasets
        )  # named by the vault already
        known = [str(told) for told in raw[:NAMED] if told is not None]
        named = sorted(set(known if kept else map(self.cloak, known)))
        return rows.drop_columns([WITNESS]), tuple(named), len(raw) > NAMED

    # -- receipts --------------------------------------------------------------------------

    def receipt(
        self, ask: Ask, rulings: Sequence[Ruling], now: datetime, reason: str = ""
    ) -> Receipt:
        """Return the receipt of an ask, not signed yet; with a reason, of a no."""
        duties = [word for ruling in rulings for word in terms.spoken(ruling.duties)]
        return Receipt(
            us=int(now.timestamp() * 1_000_000), who=ask.who.id, department=ask.who.department,
            action=ask.action,
            datasets=tuple(name for name in ask.datasets if name in self.catalogue),
            purpose=ask.purpose, basis=ask.basis, reference=ask.reference,
            ask=self.cloak(msgspec.json.encode(ask).decode()),
            allowed=not reason, version=self.book.allowed.policies.version,
            policies=tuple(sorted({name for r in rulings for name in r.policies})),
            reason=reason[:200], duties=tuple(duties),
            subjects=(ask.subject,) if ask.subject else (),
        )  # fmt: skip

    def _write(self, receipt: Receipt, now: datetime, places: Sequence[Place]) -> int:
        """Write a receipt; it is on disk before anything goes out."""
        return self.write([receipt], now, places)[0]

    def write(
        self, told: Sequence[Receipt], now: datetime, places: Sequence[Place] = ()
    ) -> list[int]:
        """Write receipts in one transaction; return their numbers. Held uses are counted now."""
        signed = [receipts.signed(receipt, self.key) for receipt in told]
        with self.lock:
            found = [
                self.book.write(
                    one, at=now, about=f"data:{','.join(one.datasets)[:100]}", by=one.who or "?"
                ).seq
                for one in signed
            ]
            self._held.give(places)
        self.book.log.commit()
        return found
