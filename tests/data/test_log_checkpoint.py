"""Checkpoints: a head that is signed can be kept by others and held against the log."""

import pytest
from gauges import write

from mindu.base.seal import SUITES, signer
from mindu.data.book.merkle import consistent
from mindu.data.checkpoint import Checkpoint, opened, signed
from mindu.data.log import Log

NAME = "mindu.example/fuzhou"
SUITE = "sha256-ed25519"
KEY = signer(SUITE, bytes(range(32)))


def test_a_witness_who_kept_a_note_can_check_that_the_log_only_grew() -> None:
    log = Log.open(":memory:")
    write(log, 100)
    kept = signed(Checkpoint(NAME, len(log), log.root()), NAME, KEY)
    write(log, 50, since=100)
    old = opened(kept, NAME, SUITE, KEY.public)
    assert old == Checkpoint(NAME, 100, log.root(100))
    proof = [bytes.fromhex(step) for step in log.consistency(old.size, len(log))]
    roots = bytes.fromhex(old.root), bytes.fromhex(log.root())
    assert consistent(old.size, len(log), *roots, proof)


def test_a_note_has_the_form_of_the_public_standard() -> None:
    text = signed(Checkpoint(NAME, 3, "00" * 32), NAME, KEY)
    assert text.startswith(f"{NAME}\n3\n{'A' * 43}=\n\n— {NAME} ")
    assert text.endswith("\n")


@pytest.mark.parametrize("change", [("\n3\n", "\n4\n"), (NAME, "someone"), ("=\n\n", "=\n!\n\n")])
def test_a_note_that_was_changed_is_not_opened(change: tuple[str, str]) -> None:
    text = signed(Checkpoint(NAME, 3, "00" * 32), NAME, KEY).replace(*change)
    with pytest.raises(ValueError, match="did not sign"):
        opened(text, NAME, SUITE, KEY.public)


def test_another_key_opens_nothing() -> None:
    text = signed(Checkpoint(NAME, 3, "00" * 32), NAME, KEY)
    other = signer(SUITE, bytes(32)).public
    with pytest.raises(ValueError, match="ask for another copy"):
        opened(text, NAME, SUITE, other)


def test_one_note_bears_both_signatures_and_either_opens_it() -> None:
    national = signer("sm3-sm2", SUITES["sm3-sm2"].secret())
    said = Checkpoint(NAME, 3, "00" * 32)
    text = signed(said, NAME, KEY, national)
    assert opened(text, NAME, SUITE, KEY.public) == said
    assert opened(text, NAME, "sm3-sm2", national.public) == said
    with pytest.raises(ValueError, match="did not sign"):
        opened(text, NAME, "sm3-sm2", SUITES["sm3-sm2"].secret()[32:])
    with pytest.raises(ValueError, match="did not sign"):
        opened(text.replace(f"{NAME} ", f"{NAME} !"), NAME, SUITE, KEY.public)
