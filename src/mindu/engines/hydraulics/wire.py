"""Messages between a twin's client and its process: a length, then the bytes of one value."""

import pickle
import socket
import struct

HEAD = struct.Struct("<Q")
STOP = "stop"  # what a client says to cancel futures
LARGEST = 2**31  # bytes of one message


class GoneError(EOFError):
    """The other side has ended."""


def packed(value: object) -> bytes:
    """Return a value as bytes; policies travel by the name of their class."""
    return pickle.dumps(value, protocol=5)


def unpacked(raw: bytes | bytearray | memoryview) -> object:
    """Return the value of bytes that our own process wrote."""
    return pickle.loads(raw)  # noqa: S301 - both ends are ours, joined by an inherited socket


def send(line: socket.socket, raw: bytes) -> None:
    """Send one message."""
    try:
        head = HEAD.pack(len(raw))
        gone = line.sendmsg((head, raw))
        if gone < len(head) + len(raw):
            line.sendall(
                (head + raw)[gone:] if gone < len(head) else memoryview(raw)[gone - len(head) :]
            )
    except OSError as broken:
        raise GoneError(str(broken)) from broken


def receive(line: socket.socket) -> bytearray:
    """Wait for one message; GoneError where the other side has ended."""
    (length,) = HEAD.unpack(_exactly(line, HEAD.size))
    if length > LARGEST:
        raise GoneError(f"a message of {length} bytes is beyond the limit")
    return _exactly(line, length)


def _exactly(line: socket.socket, count: int) -> bytearray:
    found = bytearray(count)
    view, at = memoryview(found), 0
    while at < count:
        try:
            got = line.recv_into(view[at:])
        except OSError as broken:
            raise GoneError(str(broken)) from broken
        if not got:
            raise GoneError("the other side has ended")
        at += got
    return found
