"""A backup beside an intake that goes on: what was acknowledged before it is in it, once."""

from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from dying_intake import DEVICES, ROWS, main, ordinary
from town import town

from mindu.data.keeping.backup import backed_up
from mindu.data.keeping.restore import restored

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
BEFORE = (30, 150)  # acknowledgements before each backup: days go cold and the journal is tidied
NEST = get_context("forkserver")


def quiet(_done: int, _all: int) -> None:
    """Say nothing."""


def test_an_intake_is_backed_up_while_it_takes_in(tmp_path: Path) -> None:
    live = tmp_path / "city"
    ours, theirs = NEST.Pipe(duplex=False)
    intake = NEST.Process(target=main, args=(str(live / "senses"), 0, theirs, 0, ordinary))
    intake.start()
    theirs.close()
    last = -1
    try:
        for turn, lines in enumerate(BEFORE):
            while last < lines:
                last = int(ours.recv_bytes())
            made = backed_up(live, tmp_path / f"kept{turn}", now=NOW, keep=0, tell=quiet)
            came = tmp_path / f"back{turn}"
            restored(Path(made.where), came, now=NOW, replace="", tell=quiet)
            senses = town(came / "senses", DEVICES)
            good = senses.account.total("good")
            assert senses.total().whole
            assert good.stored // ROWS >= last + 1, "what was acknowledged is missing"
            senses.close()
            while ours.poll():  # what was acknowledged meanwhile
                last = int(ours.recv_bytes())
    finally:
        intake.kill()
        intake.join()
