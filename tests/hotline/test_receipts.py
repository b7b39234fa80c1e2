"""What became of a text is asked for and fetched; of one that was lost a person is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingTCPServer
from threading import Thread

import pytest
from centre import Centre, answered, fresh_centre

from house import NOON, counter
from mindu.base.records import Event
from mindu.brain.cases import State
from mindu.edge.callback.doors import Door, Message, Settled, Way
from mindu.edge.callback.links import Links
from mindu.edge.callback.outbox import WAITS, Outbox
from mindu.edge.callback.receipts import Came, Receipts
from mindu.edge.callback.settings import FILE, settings

LONG = Message(way="sms", key="k2", to="+8613800000001", subject="", text="评" * 100)
PARTS = ("71", "72", "73")  # the ids that the centre gives the parts of a link's text


@pytest.fixture(autouse=True)
def fresh() -> None:
    fresh_centre()
    Centre.receipts = True


@contextmanager
def serving() -> Iterator[int]:
    with ThreadingTCPServer(("127.0.0.1", 0), Centre) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def told_of(name: str, state: str, *, tags: bytes = b"") -> bytes:
    """Return a deliver_sm that is a receipt, as SMPP 3.4 writes it in appendix B."""
    text = f"id:{name} sub:001 dlvrd:000 submit date:2611261200 done date:2611261201 "
    text += f"stat:{state} err:000 text:"
    head = b"\0" + b"\1\x01" + b"8613800000001\0" + b"\0\1" + b"12345\0" + bytes([4, 0, 0])
    return head + b"\0\0" + bytes([0, 0, 0, 0, len(text)]) + text.encode() + tags


def with_receipts(folder: Path, port: int) -> dict[Way, Door]:
    text = "root='http://127.0.0.1'\n[sms]\ndoor='smpp'\nhost='127.0.0.1'\ntls='none'\nuser='line'"
    (folder / FILE).write_text(f"{text}\nsender='12345'\nport={port}", encoding="utf-8")
    return settings(folder)[1]


@pytest.mark.parametrize(
    ("came", "state", "event"),
    [
        ([told_of(name, "DELIVRD") for name in PARTS], State.CALL_BACK, "text_reached"),
        ([told_of("71", "DELIVRD"), told_of("73", "UNDELIV")], State.FED_BACK, "text_lost"),
        ([told_of("0", "ACCEPTD", tags=b"\0\x1e\0\x0371\0\4\x27\0\1\x05")], State.FED_BACK,
         "text_lost"),
        ([told_of("71", "ENROUTE"), told_of("99", "UNDELIV"), b"\0none"], State.CALL_BACK, ""),
    ],
)  # fmt: skip
def test_what_became_of_a_text_is_fetched_and_one_that_was_lost_is_called(
    tmp_path: Path, came: list[bytes], state: State, event: str
) -> None:
    desk = counter(tmp_path)
    number, links = answered(desk), Links(desk.office, desk.vault)
    with serving() as port:
        box = Outbox(desk, links, "https://x", with_receipts(tmp_path, port))
        assert box.round(NOON) == 1
        Centre.waits = came
        again = Outbox(desk, links, "https://x", with_receipts(tmp_path, port))  # after a restart
        assert again.round(NOON + WAITS[0]) == 0
        assert again.round(NOON + 3 * WAITS[-1]) == 0
    assert desk.office.cases.state(number) is state
    assert len(Centre.got) == len(PARTS), "no text goes again by itself"
    said = [e.record.name for e in desk.office.memory.log if isinstance(e.record, Event)]
    assert [name for name in said if name.startswith("text_")] == ([event] if event else [])
    assert ("not_told" in said) is (event == "text_lost")
    assert Centre.let_go[: len(came)] == [
        b"\x80\0\0\5\0\0\0\0\0\0\1" + bytes([0xF4 + at]) + b"\0" for at in range(len(came))
    ]
    names = [path.name for path in (tmp_path / "outbox/receipts").iterdir()]
    assert (names == []) is bool(event)


def test_a_long_text_reached_its_telephone_when_all_its_parts_did(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path / "receipts", tmp_path / "marks")
    receipts.expect(LONG, ["0000000A", "11"])
    assert receipts.settle(Came("10", "DELIVRD")) is None
    assert receipts.settle(Came("11", "DELIVRD")) == Settled("k2", "DELIVRD", reached=True)
    assert not receipts.waits
    receipts.expect(LONG, ["21", "22"])
    (tmp_path / "marks").mkdir()
    assert receipts.settle(Came("22", "EXPIRED")) == Settled("k2", "EXPIRED", reached=False)
    assert not receipts.waits, "what the other part came to says nothing more"


def test_a_centre_that_hands_nothing_over_is_told_once(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    answered(desk)
    with serving() as port:
        box = Outbox(
            desk, Links(desk.office, desk.vault), "https://x", with_receipts(tmp_path, port)
        )
        Centre.says = {1: 0x0D}
        assert [box.round(NOON + wait) for wait in (WAITS[0], WAITS[1], WAITS[2])] == [1, 0, 0]
    said = [e.record for e in desk.office.memory.log if isinstance(e.record, Event)]
    assert [e.name for e in said] == ["no_receipts"]
