"""The lake of a folder: its log, its vault, its keys, its files with their declarations, opened."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.base.time import Clock, SystemClock
from mindu.base.wrong import said
from mindu.brain.cases import Role
from mindu.brain.casework.office import Office
from mindu.brain.casework.refusals import Denied, Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.memory import Memory
from mindu.brain.sharing.kinds import KINDS
from mindu.brain.sharing.matters import stands
from mindu.brain.sharing.sharing import Sharing
from mindu.brain.stewards.grading import regraded
from mindu.cli.data import held as sources
from mindu.cli.data.use.live import Live
from mindu.cli.say import Trouble, state
from mindu.data.catalog.dataset import Dataset
from mindu.data.collect.listed import listed
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.pool import Pool
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.proof import keys
from mindu.data.proof.notary import FILE, NAME, Notary
from mindu.data.vault import Vault

LAKE, KEYS = "lake", "keys"  # rows beside their declarations; secrets
REGISTERS = "registers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """What the verbs work with."""

    memory: Memory
    office: Office
    gateway: Gateway
    sharing: Sharing
    vault: Vault
    notary: Notary
    clock: Clock
    registers: Path | None = None


@contextmanager
def opened(asked: argparse.Namespace) -> Iterator[Lake]:
    """Open the lake of a folder for writing; what is refused inside is told as trouble.

    Raises:
        Trouble: it cannot be written, a declaration cannot be read, or something was refused.
    """
    folder = state(asked.data)
    (folder / LAKE).mkdir(parents=True, exist_ok=True)
    try:
        log = Log.open(home(folder).log())
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(f"The log cannot be written: {wrong}", f"日志无法写入:{said(wrong).zh}"),
            Words("Stop the other process, or give --data.", "请停止另一进程,或用 --data 指定。"),
        ) from wrong
    vault = Vault(folder / "vault")
    pool = Pool(folder / LAKE, also=folder / sources.FOLDER)
    try:
        yield _wired(folder, log, vault, pool)
    except (Refusal, Denied, Refused) as no:
        mend = Words("Nothing was changed by it.", "未作任何更改。")
        raise Trouble(no.says, mend, code=1) from no
    finally:
        pool.close()
        vault.close()
        log.close()


def _wired(folder: Path, log: Log, vault: Vault, pool: Pool) -> Lake:
    memory, clock = Memory(log, {}, seed=0), SystemClock()
    catalogue(folder / LAKE)  # what cannot be read is told now, not when it is asked for
    office, held = Office(memory, KINDS), Live(folder / LAKE, folder / sources.FOLDER)
    receipt = keys.opened(folder / KEYS / "receipt.key", "sha256-ed25519")
    notes = [
        keys.opened(folder / KEYS / f"note-{suite}.key", suite)
        for suite in ("sha256-ed25519", "sm3-sm2")
    ]
    for use, key in ((keys.RECEIPTS, receipt), *((keys.NOTES, note) for note in notes)):
        if not memory.allowed.names(use, key.public.hex()):
            told = keys.announcement(use, key)
            memory.write(told, at=clock.now(), about=keys.ABOUT, by=keys.ABOUT)
    log.commit()
    gateway = Gateway(
        book=memory, catalogue=held, pool=pool, key=receipt, cloak=vault.subject,
        case=partial(stands, office),
        clock=clock, secret=secret(folder / KEYS / "tokens.key"), unseal=vault.unseal,
    )  # fmt: skip
    return Lake(
        memory=memory, office=office, gateway=gateway, vault=vault, clock=clock,
        registers=folder / REGISTERS,
        sharing=Sharing(office, memory.allowed, held),
        notary=Notary(log, folder / FILE, NAME, notes),
    )  # fmt: skip


def catalogue(folder: Path) -> dict[str, Dataset]:
    """Return every dataset declared beside its rows, as NAME.json.

    Raises:
        Trouble: a declaration cannot be read.
    """
    found: dict[str, Dataset] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            told = msgspec.json.decode(path.read_bytes(), type=Dataset)
        except msgspec.MsgspecError as wrong:
            raise Trouble(
                Words(f"{path.name} declares no dataset: {wrong}", f"{path.name} 声明有误:{wrong}"),
                Words("Mend the declaration.", "请改正声明。"),
            ) from wrong
        found[told.name] = told
    return found


def collected(folder: Path) -> dict[str, Dataset]:
    """Return every dataset that a source brings in, graded as it was looked through."""
    found = {}
    for source in sources.sources(folder):
        one, told = listed(source), sources.grades(folder, source.name)
        found[one.name] = one if told is None else regraded(one, told)
    return found


def officer(asked: argparse.Namespace) -> Officer:
    """Return who acts at the command line: whoever runs it answers for the name."""
    return Officer(asked.by, asked.by, asked.department, (Role.OFFICER,), ("*",))


def signs(add: argparse.ArgumentParser) -> None:
    """Add the words by which somebody of a department signs."""
    add.add_argument("--by", required=True, help="who signs")
    add.add_argument("--department", required=True, help="code of their department")


def secret(path: Path) -> bytes:
    """Return a secret of a file that its owner alone can read; it is made where there is none."""
    if not path.exists():
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(os.urandom(32))
    return path.read_bytes()
