"""A message centre of the tests, and an answered caller who is to be told by text."""

from socketserver import StreamRequestHandler
from struct import unpack

from typing_extensions import override

from mindu.brain.cases import Role
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter


class Centre(StreamRequestHandler):
    """A message centre of the tests: it speaks SMPP 3.4 and keeps what it was handed."""

    got: list[tuple[str, str, int, bytes]] = []  # noqa: RUF012 - of the class: one for all lines
    says: dict[int, int] = {}  # noqa: RUF012 - command -> status
    hangs_up = 0  # command after which it hangs up
    receipts = False  # whether the line asks for them
    waits: list[bytes] = []  # noqa: RUF012 - what it hands over to who binds as receiver
    let_go: list[bytes] = []  # noqa: RUF012 - answers to that

    @override
    def handle(self) -> None:
        while head := self.rfile.read(16):
            length, command, _, _ = unpack(">IIII", head)
            body = self.rfile.read(length - 16)
            if command == 4:
                self.got.append(_submitted(body))
            if command == self.hangs_up:
                return
            asked = b"\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\x63"  # is anybody there?
            told = (16 + 2).to_bytes(4, "big") + (command | 1 << 31).to_bytes(4, "big")
            status = self.says.get(command, 0)
            name = b"7%d\0" % len(self.got)
            told = (16 + len(name)).to_bytes(4, "big") + told[4:]
            self.wfile.write(asked + told + status.to_bytes(4, "big") + head[12:] + name)
            assert self.rfile.read(16)[4:8] == b"\x80\0\0\x15"
            for number, one in enumerate(self.waits if command == 1 else (), start=500):
                size = (16 + len(one)).to_bytes(4, "big")
                self.wfile.write(size + b"\0\0\0\5\0\0\0\0" + number.to_bytes(4, "big") + one)
                self.let_go.append(self.rfile.read(17)[4:])
            if command == 6:
                return


def _submitted(body: bytes) -> tuple[str, str, int, bytes]:
    """Read a submit_sm: sender, receiver, class and octets."""
    assert body[0] == 0
    source, rest = body[3:].split(b"\0", 1)
    target, rest = rest[2:].split(b"\0", 1)
    asked = b"\0\0\1\0\x08" if Centre.receipts else b"\0\0\0\0\x08"
    assert rest[3:8] == asked, "no schedule, not to be replaced, UCS-2"
    assert len(rest[10:]) == rest[9]
    return source.decode(), target.decode(), rest[0], rest[10:]


def fresh_centre() -> None:
    """Let the centre forget what it was handed and told."""
    Centre.got, Centre.says, Centre.hangs_up, Centre.receipts = [], {}, 0, False
    Centre.waits, Centre.let_go = [], []


def answered(desk: Counter) -> int:
    letter = Letter(kind="matter", text="路灯不亮", channel="telephone", phone="13800000001")
    number = desk.receive(letter).number
    roles = tuple(role for role in Role if role is not Role.MACHINE)
    lin = Officer("lin", "林", "urban", roles, ("*",))
    about = {"topic": "streets.lamps", "nature": "help", "urgency": "normal"}
    for name in ("accept", "classify", "forward", "sign", "handle", "reply", "review", "pass",
                 "feed_back"):  # fmt: skip
        unit, args = ("urban" if name == "forward" else ""), (about if name == "classify" else {})
        desk.act(number, Wish(name=name, unit=unit, args=args, note="路灯已修复"), lin)
    return number
