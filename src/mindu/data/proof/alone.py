"""Checks a city's log without the city's program: chain, tree, notes, receipts, single proofs.

    python alone.py log CITY.mindu|postgresql://HOST/DB#LOG [checkpoints.jsonl NAME PUBLIC_HEX]
    python alone.py proof PROOF.json NAME PUBLIC_HEX
It needs Python and `cryptography`, for PostgreSQL `psycopg`. Exit 0: sound; 1: not, with why.
"""

import json
import sqlite3
import struct
import sys
from base64 import b64decode
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNED = "us who department action datasets purpose basis reference ask allowed policies version " \
    "reason duties rows subjects bulk suite key"  # fmt: skip
PLAIN = {0xC0: None, 0xC2: False, 0xC3: True}  # MessagePack's one-byte words
NUMBERS = dict(zip(range(0xCA, 0xD4), "fdBHIQbhiq", strict=True))
COUNTED = dict(zip((*range(0xC4, 0xCA), *range(0xD9, 0xE0)), "BHIBHIBHIHIHI", strict=True))


def need(holds: object, said: str) -> None:
    """Go on only if it holds."""
    if not holds:
        raise ValueError(said)


def unpack(body: bytes, i: int = 0) -> tuple[Any, int]:
    """Return one MessagePack value and where it ends."""
    b, i = body[i], i + 1
    if b < 0x80 or b >= 0xE0 or b in PLAIN:
        return PLAIN.get(b, b if b < 0x80 else b - 0x100), i
    if b in NUMBERS:
        form = f">{NUMBERS[b]}"
        return struct.unpack_from(form, body, i)[0], i + struct.calcsize(form)
    count, shape = b & (15 if b < 0xA0 else 31), (b - 0x80) >> 4
    if b in COUNTED:
        form = f">{COUNTED[b]}"
        count = struct.unpack_from(form, body, i)[0] + (0xC7 <= b <= 0xC9)
        i, shape = i + struct.calcsize(form), 0 if b >= 0xDE else 1 if b >= 0xDC else 2
        shape = shape if b >= 0xD9 else 4
    elif b >= 0xC0:
        count, shape = 1 + (1 << (b - 0xD4)), 4  # an instant of fixed size
    return filled(body, i, count, shape)


def filled(body: bytes, i: int, count: int, shape: int) -> tuple[Any, int]:
    """Return what holds others: 0 pairs, 1 a list, 2 and 3 words, 4 bytes."""
    if shape >= 2:
        return (body[i : i + count] if shape == 4 else body[i : i + count].decode()), i + count
    flat = []
    for _ in range(count if shape else 2 * count):
        value, i = unpack(body, i)
        flat.append(value)
    return (flat if shape else dict(zip(flat[::2], flat[1::2], strict=True))), i


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees (RFC 6962)."""
    return sha256(b"\x01" + left + right).digest()


def walk(steps: list[bytes], here: int, last: int, seen: bytes) -> tuple[bytes, bytes]:
    """Follow a proof (RFC 9162, 2.1.3.2 and 2.1.4.2); return the older and the newer head."""
    was = now = seen
    for step in steps:
        need(last, "the proof is too long")
        if here & 1 or here == last:
            was, now = node(step, was), node(step, now)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            now = node(now, step)
        here, last = here >> 1, last >> 1
    need(last == 0, "the proof is too short")
    return was, now


def signed(public: bytes, sig: bytes, told: bytes) -> bool:
    """Say whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(sig, told)
    except (InvalidSignature, ValueError):
        return False
    return True


def opened(text: str, name: str, public: bytes) -> tuple[int, bytes]:
    """Return (size, root) of a C2SP note that `name` signed with that key."""
    body, _, seals = text.partition("\n\n")
    hint = sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    for *by, seal in (line.split(" ") for line in seals.splitlines()):
        raw = b64decode(seal)
        if by == ["\u2014", name] and raw[:4] == hint:
            need(signed(public, raw[4:], f"{body}\n".encode()), "a note was changed")
            return int(body.split("\n")[1]), b64decode(body.split("\n")[2])
    raise ValueError(f"{name} did not sign this note")


def asked(where: str) -> Any:  # noqa: ANN401 - of either driver
    """Return what answers SQL: an SQLite file, or a log on a PostgreSQL as it stands now."""
    if "://" not in where:
        return sqlite3.connect(f"file:{where}?mode=ro", uri=True).execute
    server, _, name = where.partition("#")
    calm = "-cdefault_transaction_isolation=repeatable\\ read -cdefault_transaction_read_only=on"
    db = __import__("psycopg").connect(server, options=f'-csearch_path="{name or "city"}" {calm}')
    return lambda sql: db.cursor(f"c{len(sql)}").execute(sql)


def check_log(path: str, wanted: list[tuple[int, bytes]]) -> str:
    """Walk a log from its first entry, past every (size, root) that was signed."""
    told = asked(path)
    prev, seq, receipts = "0" * 64, 0, 0
    stack: list[tuple[int, bytes]] = []
    keys: dict[str, Any] = {}
    marks = dict(wanted)
    need(all(marks[size] == root for size, root in wanted), "two notes of one size: forked")
    for number, body in told("SELECT seq, body FROM entry ORDER BY seq"):
        need(number == seq, f"entry {seq} is missing")
        entry, end = unpack(body)
        need(entry["seq"] == seq and end == len(body), f"entry {seq} was changed")
        need(entry["prev"] == prev, f"entry {max(seq - 1, 0)} was changed, or {seq}")
        need(all(0 <= c < seq for c in entry["because"]), f"a cause of {seq} does not come first")
        leaf = sha256(b"\x00" + body).digest()
        prev, seq = leaf.hex(), seq + 1
        stack.append((0, leaf))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            height, right = stack.pop()
            stack[-1] = (height + 1, node(stack[-1][1], right))
        if seq in marks:
            root = reduce(lambda seen, left: node(left[1], seen), stack[-2::-1], stack[-1][1])
            need(root == marks.pop(seq), f"the first {seq} are not as signed: forked")
        record = entry["record"]
        if record["type"] == "Event" and record["name"] == "receipt_key":
            keys[record["args"]["public"][:16]] = record["args"]
        elif record["type"] == "Receipt":
            check_receipt(record, keys, seq - 1)
            receipts += 1
    size, head = told("SELECT size, digest FROM head").fetchone() or (0, bytes(32))
    need((size, head.hex()) == (seq, prev), f"the head does not vouch for entry {seq - 1}")
    need(not marks, f"rolled back: {max(marks or [0])} entries were signed, {seq} are here")
    return f"sound: {seq} entries, {receipts} receipts, {len(wanted)} notes, head {prev}"


def check_receipt(record: dict[str, Any], keys: dict[str, Any], seq: int) -> None:
    """Check the signature of one receipt; SM2 needs `mindu verify`."""
    key = keys.get(record["key"])
    need(key, f"receipt {seq} was signed by a key that the log does not name")
    if key and key["suite"] == "sha256-ed25519":
        said = ["mindu receipt 1", *(record[name] for name in SIGNED.split())]
        told = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        need(signed(bytes.fromhex(key["public"]), record["sig"], told), f"receipt {seq} is false")


def check_proof(told: dict[str, Any], name: str, public: bytes) -> str:
    """Check that an entry stands in a signed tree, and that an older note is its beginning."""
    size, root = opened(told["note"], name, public)
    index, leaf = told["seq"], sha256(b"\x00" + bytes.fromhex(told["body"])).digest()
    need(0 <= index < size, "the entry is not in that tree")
    steps = [bytes.fromhex(step) for step in told["inclusion"]]
    need(walk(steps, index, size - 1, leaf)[1] == root, "the entry is not in the signed tree")
    if "older" in told:
        old, was = opened(told["older"], name, public)
        need(0 < old <= size, "the older note is newer")
        steps = [bytes.fromhex(step) for step in told["consistency"]]
        steps = steps if old & (old - 1) else [was, *steps]
        here, last = old - 1, size - 1
        while here & 1:
            here, last = here >> 1, last >> 1
        same = old == size and was == root
        heads = walk(steps[1:], here, last, steps[0]) if steps and not same else (was, root)
        need(same or (steps and heads == (was, root)), "the older note is no beginning: forked")
    return f"sound: entry {index} of {size}"


def main(words: list[str]) -> int:
    """Check what is named; say what was found."""
    try:
        how, file, *more = words
        name, public = (more[-2], bytes.fromhex(more[-1])) if more else ("", b"")
        if how == "proof":
            said = check_proof(json.loads(Path(file).read_text("utf-8")), name, public)
        else:
            lines = Path(more[0]).read_text("utf-8").splitlines() if more else []
            said = check_log(file, [opened(json.loads(n)["note"], name, public) for n in lines])
    except Exception as wrong:  # noqa: BLE001 - whatever it is, nothing was proved
        print(f"NOT SOUND: {wrong}\n{__doc__}", file=sys.stderr)  # noqa: T201
        return 1
    print(said)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
