"""Killing: the gateway dies at any moment; every receipt it gave is there, and the log is sound."""

from pathlib import Path
from random import Random

import pytest
from killing import until_killed

from mindu.base.records import Receipt
from mindu.base.seal import signer
from mindu.data.grants import receipts
from mindu.data.log import Log

DYING = Path(__file__).with_name("dying_gateway.py")
PUBLIC = signer("sha256-ed25519", bytes(range(32))).public


@pytest.mark.parametrize("seed", range(2))
def test_kill_9_loses_no_receipt_that_was_given(seed: int, place: str, tmp_path: Path) -> None:
    lines = Random(seed).randrange(1, 12)
    for _ in range(2):
        told = until_killed(lines, str(DYING), str(tmp_path), place)
        given = [int(n) for words in told for n in words]
        assert len(given) >= 21 * lines
        with Log.open(place) as log:
            log.verify()
            for number in given:
                record = log[number].record
                assert isinstance(record, Receipt)
                assert receipts.sound(record, PUBLIC)
