"""The audit: beyond chain and tree, every receipt's signature and every note ever signed."""

from pathlib import Path

import msgspec

from mindu.base.records import Event, Receipt
from mindu.base.wrong import Damaged
from mindu.data.grants import receipts
from mindu.data.log import Log
from mindu.data.proof.keys import ABOUT, NOTES, RECEIPTS
from mindu.data.proof.notary import Key, held_against, read


class Found(msgspec.Struct, frozen=True):
    """What was looked at."""

    receipts: int
    notes: int


def audit(log: Log, notes: Path, name: str) -> Found:
    """Hold a log against itself, its receipts against their keys, and the notes against it.

    Raises:
        ValueError: names the first thing that does not hold.
    """
    log.verify()
    keys: dict[str, dict[str, Key]] = {RECEIPTS: {}, NOTES: {}}
    count = 0
    for entry in log:
        record = entry.record
        if isinstance(record, Event) and record.name in keys and entry.about == ABOUT:
            key = msgspec.convert(record.args, Key)
            keys[record.name][key.public[: receipts.SHORT]] = key
        elif isinstance(record, Receipt):
            held = keys[RECEIPTS].get(record.key)
            if held is None:
                raise Damaged(
                    f"receipt {entry.seq} was signed by a key that the log does not name",
                    f"第 {entry.seq} 条用数凭据的签名密钥不在日志所列之中",
                )
            if not receipts.sound(record, bytes.fromhex(held.public)):
                raise Damaged(
                    f"receipt {entry.seq} is not what was signed",
                    f"第 {entry.seq} 条用数凭据与签名时不符",
                )
            count += 1
    kept = 0
    for said in read(notes, name, list(keys[NOTES].values())):
        if wrong := held_against(log, said):
            raise Damaged(wrong.en, wrong.zh)
        kept += 1
    return Found(count, kept)
