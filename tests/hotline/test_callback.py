"""Who was answered is told so by a link, rates without a login, and is never told by half."""

import json
import re
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import httpx
import pytest
from starlette.applications import Starlette
from typing_extensions import override

from house import KIND, NOON, PATIENCE, counter, served
from mindu.base.records import Event
from mindu.base.time import VirtualClock
from mindu.brain.cases import Role, State
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import Officer
from mindu.edge.callback import page
from mindu.edge.callback.doors import FileDoor, Message, SmtpDoor, Unsent
from mindu.edge.callback.links import Links
from mindu.edge.callback.outbox import UNRATED, WAITS, Outbox
from mindu.edge.callback.settings import FILE, settings
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter

ROLES = tuple(role for role in Role if role is not Role.MACHINE)
LIN = Officer("lin", "林", "urban", ROLES, ("*",))
ABOUT = {"topic": "streets.lamps", "nature": "help", "urgency": "normal"}
PATH = (
    Wish(name="accept"), Wish(name="classify", args=ABOUT), Wish(name="forward", unit="urban"),
    Wish(name="sign"), Wish(name="handle"), Wish(name="reply", note="修好了"), Wish(name="review"),
    Wish(name="pass"), Wish(name="feed_back", note="路灯已修复"),
)  # fmt: skip


class Broken:
    """A door that takes nothing."""

    name = "broken"

    def send(self, message: Message) -> None:
        raise Unsent(f"nothing goes out by {message.way}")


@pytest.fixture
def desk(tmp_path: Path) -> Counter:
    return counter(tmp_path)


def told(desk: Counter, phone: str = "13800000001", email: str = "", text: str = "路灯不亮") -> int:
    letter = Letter(kind="matter", text=text, channel="telephone", phone=phone, email=email)
    return desk.receive(letter).number


def answered(desk: Counter, number: int) -> int:
    for wish in PATH:
        desk.act(number, wish, LIN)
    return number


def outbox(desk: Counter, folder: Path) -> Outbox:
    doors = {"sms": FileDoor(folder / "sms"), "mail": FileDoor(folder / "mail")}
    return Outbox(desk, Links(desk.office, desk.vault), "https://line.example", doors)  # type: ignore[arg-type]


def texts(folder: Path) -> list[dict[str, str]]:
    return [json.loads(path.read_bytes()) for path in sorted((folder / "sms").glob("*.json"))]


def test_an_answered_caller_gets_a_link_once_and_the_case_is_being_called_back(
    desk: Counter, tmp_path: Path
) -> None:
    number, box = answered(desk, told(desk)), outbox(desk, tmp_path)
    assert box.round(NOON) == 1
    assert desk.office.cases.state(number) is State.CALL_BACK
    assert box.round(NOON) == 0
    (sent,) = texts(tmp_path)
    assert sent["to"] == "13800000001"
    assert f"https://line.example/rate/{number:x}-" in sent["text"]
    assert "路灯" not in sent["text"], "a wrong number learns nothing of the matter"
    assert "13800000001" not in str(list(desk.office.memory.log))
    mode = next((tmp_path / "sms").iterdir()).stat().st_mode
    assert mode & 0o077 == 0


def test_callers_of_merged_cases_get_links_of_their_own(desk: Counter, tmp_path: Path) -> None:
    first, again = told(desk), told(desk, "13800000002", text="五四路的路灯不亮")
    desk.act(again, Wish(name="merge", args={"into": float(first)}), LIN)
    answered(desk, first)
    assert outbox(desk, tmp_path).round(NOON) == 2
    assert {one["to"] for one in texts(tmp_path)} == {"13800000001", "13800000002"}
    assert len({one["text"] for one in texts(tmp_path)}) == 2


def test_who_left_a_mail_address_gets_a_letter_and_who_left_none_is_called(
    desk: Counter, tmp_path: Path
) -> None:
    answered(desk, told(desk, phone="", email="wang@example.org"))
    nobody = answered(desk, told(desk, phone="0591-83333333", text="树倒了"))
    box = outbox(desk, tmp_path)
    assert box.round(NOON) == 1
    letter = message_from_bytes(next((tmp_path / "mail").glob("*.eml")).read_bytes())
    assert letter["To"] == "wang@example.org"
    assert desk.office.cases.state(nobody) is State.FED_BACK


def test_a_rating_by_link_closes_what_is_solved_and_leaves_the_rest_to_people(
    desk: Counter, tmp_path: Path
) -> None:
    good, bad = answered(desk, told(desk)), answered(desk, told(desk, "13800000002", text="树倒了"))
    links, box = Links(desk.office, desk.vault), outbox(desk, tmp_path)
    box.round(NOON)
    app = Starlette(routes=page.routes(desk, KIND, links))
    with served(app) as root, httpx.Client(base_url=root, timeout=PATIENCE) as caller:
        way = f"/rate/{links.word(good)}?lang=en"
        assert "路灯已修复" in caller.get(way).text
        form = {"move": "rate", "solved": "yes", "satisfied": "5"}
        assert "Noted" in caller.post(way, data=form).text
        no = {"move": "rate", "solved": "no", "satisfied": "1"}
        caller.post(f"/rate/{links.word(bad)}", data=no)
        assert caller.post(f"/rate/{good:x}-{'a' * 16}", data=form).status_code == 404
        assert caller.get("/rate/zz-1").status_code == 404
        assert caller.post(way, data={"move": "urge", "note": "x"}).status_code == 200
    box.round(NOON)
    assert desk.office.cases.state(good) is State.CLOSED
    assert desk.office.cases.state(bad) is State.CALL_BACK
    assert int(desk.office.cases.row(good)["urged"]) == 0


def test_a_link_holds_for_its_answer_and_a_month(desk: Counter) -> None:
    number, links = answered(desk, told(desk)), Links(desk.office, desk.vault)
    word = links.word(number)
    assert links.case(word, NOON) == number
    assert links.case(word, NOON + timedelta(days=31)) is None
    assert links.case(Links(desk.office, desk.vault).word(number), NOON) == number, "the key lasts"
    desk.act(number, Wish(name="reopen", note="still dark"), LIN)
    assert links.case(word, NOON) is None, "it is open again"
    for wish in PATH[2:]:
        desk.act(number, wish, LIN)
    assert links.case(word, NOON) is None, "another answer has another link"


def test_a_door_that_takes_nothing_is_tried_again_and_then_said(
    desk: Counter, tmp_path: Path
) -> None:
    number = answered(desk, told(desk))
    box = Outbox(desk, Links(desk.office, desk.vault), "https://x", {"sms": Broken()})
    now = NOON
    for wait in WAITS:
        assert box.round(now) == 0
        assert box.round(now) == 0, "not at once again"
        now += wait
    assert box.failed == len(WAITS)
    said = [e.record for e in desk.office.memory.log if isinstance(e.record, Event)]
    assert [e.name for e in said if e.name == "not_told"] == ["not_told"]
    assert desk.office.cases.state(number) is State.FED_BACK
    assert outbox(desk, tmp_path).round(now) == 1, "another door, and nothing was lost"


def test_what_nobody_rates_is_closed_without_a_rating(desk: Counter, tmp_path: Path) -> None:
    number, box = answered(desk, told(desk)), outbox(desk, tmp_path)
    box.round(NOON)
    assert isinstance(desk.clock, VirtualClock)
    box.round(NOON + UNRATED + timedelta(hours=1))
    assert desk.office.cases.state(number) is State.CLOSED
    assert int(desk.office.cases.row(number)["satisfied"]) == 0, "and counts in no share"


class Post(StreamRequestHandler):
    """A mail server of the tests: it takes one letter a line and keeps it."""

    got: list[bytes] = []  # noqa: RUF012 - of the class: one for all lines

    @override
    def handle(self) -> None:
        self.wfile.write(b"220 post\r\n")
        letter = b""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                self.got.append(letter)
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


def test_a_mail_server_takes_the_letter() -> None:
    with ThreadingTCPServer(("127.0.0.1", 0), Post) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        door = SmtpDoor(host="127.0.0.1", port=port, sender="line@example.org", tls="none")
        door.send(Message(way="mail", to="wang@example.org", subject="评价", text="https://x/y"))
        server.shutdown()
    assert message_from_bytes(Post.got[0])["To"] == "wang@example.org"
    with pytest.raises(Unsent):
        door.send(Message(way="mail", to="wang@example.org", subject="评价", text="gone"))
    with pytest.raises(Unsent, match="letters alone"):
        door.send(Message(way="sms", to="13800000001", subject="", text=""))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("root = 'http://12345.example'", "https"),
        ("root = 'https://x'\n[sms]\ndoor = 'smtp'", "alone"),
        ("root = 'https://x'\n[mail]\ndoor = 'pigeon'", "Invalid"),
        ("root = 'https://x'\nroots = 1", "roots"),
        ("root = ", "outbox.toml"),
        ("root='https://x'\n[mail]\ndoor='smtp'\nhost='h'\nsender='s'\nuser='u'", "password_env"),
    ],
)
def test_settings_that_cannot_be_read_say_how_to_mend_them(
    tmp_path: Path, text: str, wrong: str
) -> None:
    assert settings(tmp_path) == ("", {})
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(wrong)):
        settings(tmp_path)
