"""A text message leaves by the operator's gateway, once, whatever breaks on the way."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from centre import Centre, answered, fresh_centre
from typing_extensions import override

from house import NOON, counter
from mindu.base.records import Event
from mindu.brain.cases import State
from mindu.edge.callback.doors import Message, Unclear, Unsent
from mindu.edge.callback.gateway import HttpDoor
from mindu.edge.callback.links import Links
from mindu.edge.callback.once import GOING, OnceDoor
from mindu.edge.callback.outbox import WAITS, Outbox
from mindu.edge.callback.settings import FILE, settings
from mindu.edge.callback.smpp import SmppDoor

SMS = Message(way="sms", key="k1", to="13800000001", subject="", text="已有答复,请评价:https://x/y")
LONG = Message(way="sms", key="k2", to="+8613800000001", subject="", text="评" * 60 + "😀" * 20)


class Gateway(BaseHTTPRequestHandler):
    """A gateway of the tests."""

    got: list[tuple[str, str, dict[str, str]]] = []  # noqa: RUF012 - of the class
    code = 200

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"]
        self.got.append((self.headers.get("Authorization", ""), key, body))
        if self.code:
            self.send_response(self.code)
            self.send_header("Content-Length", "0")
            self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(handler: Callable[..., BaseRequestHandler]) -> Iterator[int]:
    kind = ThreadingHTTPServer if handler is Gateway else ThreadingTCPServer
    with kind(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(autouse=True)
def fresh() -> None:
    fresh_centre()
    Gateway.got, Gateway.code = [], 200


def centre(port: int) -> SmppDoor:
    return SmppDoor(host="127.0.0.1", port=port, system="line", sender="12345", tls="none")


def test_a_message_centre_takes_a_text_and_a_long_one_in_parts() -> None:
    with serving(Centre) as port:
        centre(port).send(SMS)
        centre(port).send(LONG)
    short, *parts = Centre.got
    assert short == ("12345", "8613800000001", 0, SMS.text.encode("utf-16-be"))
    assert [one[2] for one in parts] == [0x40, 0x40]
    assert [one[3][:3] + one[3][4:6] for one in parts] == [b"\5\0\3\2\1", b"\5\0\3\2\2"]
    assert max(len(one[3]) for one in parts) <= 140
    texts = [one[3][6:].decode("utf-16-be") for one in parts]
    assert "".join(texts) == LONG.text, "and no sign is cut in two"


@pytest.mark.parametrize(
    ("command", "status", "wrong"),
    [(2, 0x0E, "wrong password"), (4, 0x58, "too many"), (4, 0x0B, "no such number")],
)
def test_what_a_centre_refuses_was_not_sent(command: int, status: int, wrong: str) -> None:
    Centre.says = {command: status}
    with serving(Centre) as port, pytest.raises(Unsent, match=wrong) as told:
        centre(port).send(SMS)
    assert not isinstance(told.value, Unclear)
    with pytest.raises(Unsent, match="not reached"):
        centre(port).send(SMS)
    with pytest.raises(Unsent, match="longer"):
        centre(port).send(Message(way="sms", key="k", to="1", subject="", text="长" * 1000))


def test_a_text_that_may_have_gone_is_never_sent_again(tmp_path: Path) -> None:
    Centre.hangs_up = 4
    with serving(Centre) as port:
        door = OnceDoor(centre(port), tmp_path / "marks")
        with pytest.raises(Unclear, match="line broke"):
            door.send(SMS)
        Centre.hangs_up = 0
        with pytest.raises(Unclear, match="may have gone"):
            OnceDoor(centre(port), tmp_path / "marks").send(SMS)
        assert len(Centre.got) == 1


def test_a_text_that_went_or_did_not_leave_is_known_after_a_restart(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    with pytest.raises(Unsent, match="not reached"):
        OnceDoor(centre(1), marks).send(SMS)
    with serving(Centre) as port:
        for _ in range(3):  # tried again, and after kills behind the sending
            OnceDoor(centre(port), marks).send(SMS)
        assert len(Centre.got) == 1
        next(marks.iterdir()).write_bytes(GOING)  # killed before it could say that it went
        with pytest.raises(Unclear):
            OnceDoor(centre(port), marks).send(SMS)
    assert len(Centre.got) == 1
    assert all("13800000001" not in mark.name for mark in marks.iterdir())


def test_a_gateway_over_http_gets_text_key_and_token() -> None:
    with serving(Gateway) as port:
        door = HttpDoor(url=f"http://127.0.0.1:{port}/sms?from=12345", token="t")  # noqa: S106
        door.send(SMS)
        for code, kind in ((429, Unsent), (403, Unsent), (500, Unclear), (0, Unclear)):
            Gateway.code = code
            with pytest.raises(Unsent) as told:
                door.send(SMS)
            assert type(told.value) is kind
        keyed = HttpDoor(url=f"http://127.0.0.1:{port}/sms", keyed=True)
        with pytest.raises(Unsent) as told:
            keyed.send(SMS)
        assert type(told.value) is Unsent, "its key may be brought again"
    assert Gateway.got[0] == ("Bearer t", "k1", {"to": SMS.to, "text": SMS.text, "key": "k1"})
    with pytest.raises(Unsent, match="not reached"):
        door.send(SMS)


def test_an_answered_caller_gets_one_text_however_often_the_line_is_killed(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    number = answered(desk)
    links, marks = Links(desk.office, desk.vault), tmp_path / "marks"

    def box(port: int) -> Outbox:
        return Outbox(desk, links, "https://x", {"sms": OnceDoor(centre(port), marks)})

    with serving(Centre) as port:
        Centre.says = {4: 0x14}
        assert box(port).round(NOON) == 0, "the queue was full"
        Centre.says, Centre.hangs_up = {}, 4
        assert box(port).round(NOON) == 0, "the line broke"
        Centre.hangs_up = 0
        late = box(port)
        assert [late.round(NOON + wait) for wait in (WAITS[0], WAITS[-1], 3 * WAITS[-1])] == [0] * 3
    assert len(Centre.got) == 2, "once refused, once taken or not: never a third time"
    said = [e.record for e in desk.office.memory.log if isinstance(e.record, Event)]
    assert len([e for e in said if e.name == "not_told"]) == 2, "each line that ran told it once"
    assert desk.office.cases.state(number) is State.FED_BACK, "a person calls"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[sms]\ndoor='smpp'\nhost='h'\nsender='s'", "user"),
        ("[sms]\ndoor='smpp'\nhost='h'\nsender='s'\nuser='u'\ntls='starttls'", "tls or none"),
        ("[sms]\ndoor='http'\nurl='http://far.example'", "https"),
        ("[sms]\ndoor='http'\nurl='https://x'\ntoken_env='MINDU_NOT_SET'", "token_env"),
        ("[mail]\ndoor='smpp'\nhost='h'\nsender='s'\nuser='u'", "[sms] alone"),
    ],
)
def test_settings_of_gateways_that_lack_something_say_so(
    tmp_path: Path, text: str, wrong: str
) -> None:
    (tmp_path / FILE).write_text(f"root='https://x'\n{text}", encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(wrong)):
        settings(tmp_path)


def test_settings_name_the_gateway_that_carries_texts(tmp_path: Path) -> None:
    text = "root='https://x'\n[sms]\ndoor='smpp'\nhost='h'\nsender='12345'\nuser='line'"
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    door = settings(tmp_path)[1]["sms"]
    assert isinstance(door, OnceDoor)
    assert isinstance(door.door, SmppDoor)
    assert (door.door.port, door.door.tls) == (3550, "tls")
    (tmp_path / FILE).write_text("root='https://x'\n[sms]\ndoor='http'\nurl='https://g/s'\nkeyed=true",
                                 encoding="utf-8")  # fmt: skip
    assert settings(tmp_path)[1]["sms"] == HttpDoor(url="https://g/s", keyed=True)
