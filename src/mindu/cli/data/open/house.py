"""The portal of a folder: its own log and vault beside the city's, over the same tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mindu.base.records import Words
from mindu.base.seal import Signer
from mindu.base.time import Clock, SystemClock
from mindu.base.wrong import said
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.brain.opening.openings import Openings
from mindu.brain.opening.requests import Requests
from mindu.brain.sharing.kinds import KINDS
from mindu.cli.data import held as sources
from mindu.cli.data.book import opened as catalogue_of
from mindu.cli.data.known import known
from mindu.cli.data.use import lake
from mindu.cli.live.store import OPEN_LOG, OPEN_NOTES
from mindu.cli.say import Trouble
from mindu.data.catalog.book import Like
from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.pool import Pool
from mindu.data.keeping.home import home as home_of
from mindu.data.log import Log
from mindu.data.proof import keys
from mindu.data.proof.notary import NAME, Notary
from mindu.data.vault import Vault
from mindu.edge.portal.held import OpenTables, Room
from mindu.edge.portal.portal import Portal
from mindu.engines.text import mask

# A night of the demo city is put aside when the next begins; what the public left stays.
LOG, VAULT, NOTES = OPEN_LOG, "open.vault", OPEN_NOTES
SHEETS, SCRIPT = ("/face.css", "/static/console.css"), "/static/portal.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A portal with what ends with it."""

    portal: Portal
    notary: Notary
    folder: Path

    def refresh(self) -> None:
        """Look again at which tables are declared."""
        self.portal.openings.declared = declared(self.folder)


@contextmanager
def opened(
    folder: Path, *, clock: Clock | None = None, home: Words | None = None,
    rooms: Sequence[Room] = (), script: str = SCRIPT,
    freshen: Callable[[str], None] = lambda _name: None,
) -> Iterator[Held]:  # fmt: skip
    """Open the portal of a folder for writing.

    Raises:
        Trouble: another process holds it, or a declaration cannot be read.
    """
    log = _log(folder)
    vault = Vault(folder / VAULT)
    pool = Pool(folder / lake.LAKE, also=folder / sources.FOLDER)
    try:
        memory = Memory(log, {}, seed=0)
        gateway = _gateway(folder, memory, vault, pool, clock or SystemClock())
        portal = _portal(folder, gateway, memory)
        portal.home = home or portal.home
        portal.rooms, portal.script, portal.freshen = rooms, script, freshen
        notary = _notary(folder, memory)
        yield Held(portal=portal, notary=notary, folder=folder)
    finally:
        pool.close()
        vault.close()
        log.close()


def _log(folder: Path) -> Log:
    (folder / lake.LAKE).mkdir(parents=True, exist_ok=True)
    try:
        return Log.open(home_of(folder).log(LOG))
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(
                f"The portal's log cannot be written: {wrong}",
                f"开放平台日志无法写入:{said(wrong).zh}",
            ),
            Words("Stop the other process, or give --data.", "请停止另一进程,或用 --data 指定。"),
        ) from wrong


def declared(folder: Path) -> Mapping[str, Dataset]:
    """Return every table that rows lie of here, whoever may read it."""
    return {**lake.collected(folder), **lake.catalogue(folder / lake.LAKE)}


def _gateway(folder: Path, memory: Memory, vault: Vault, pool: Pool, clock: Clock) -> Gateway:
    receipt = keys.opened(folder / lake.KEYS / "receipt.key", "sha256-ed25519")
    _announce(memory, keys.RECEIPTS, receipt, clock)
    return Gateway(
        book=memory, catalogue=OpenTables(memory.opened), pool=pool, key=receipt,
        cloak=vault.subject, case=lambda _number, _ask: False, clock=clock,
        secret=lake.secret(folder / lake.KEYS / "tokens.key"),
    )  # fmt: skip


def _portal(folder: Path, gateway: Gateway, memory: Memory) -> Portal:
    def alike(text: str) -> list[Like]:
        """Look through the whole catalogue as it is now; requests are rare."""
        with catalogue_of(folder) as book:
            return book.alike(text)

    office = Office(memory, KINDS)
    openings = Openings(office, declared(folder), where=gateway.where, run=gateway.pool.run)
    return Portal(
        gateway=gateway, memory=memory, office=office, openings=openings,
        requests=Requests(office, alike), mask=lambda text: mask(text).text,
        secret=lake.secret(folder / lake.KEYS / "portal.key"), sheets=SHEETS,
        facts=lambda dataset: known(folder, dataset),
    )  # fmt: skip


def _notary(folder: Path, memory: Memory) -> Notary:
    suites = ("sha256-ed25519", "sm3-sm2")
    notes = [keys.opened(folder / lake.KEYS / f"note-{suite}.key", suite) for suite in suites]
    for note in notes:
        _announce(memory, keys.NOTES, note, SystemClock())
    memory.log.commit()
    return Notary(memory.log, folder / NOTES, NAME, notes)


def _announce(memory: Memory, use: str, key: Signer, clock: Clock) -> None:
    """Let the log name a key that signs for it."""
    if not memory.allowed.names(use, key.public.hex()):
        told = keys.announcement(use, key)
        memory.write(told, at=clock.now(), about=keys.ABOUT, by=keys.ABOUT)
