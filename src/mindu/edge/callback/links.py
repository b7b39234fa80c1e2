"""Links: a word that opens the rating of one answer, signed by a key of the vault.

Nothing is kept for it: it holds for the answer that it was made for and a month, then no more.
"""

import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from mindu.brain.case_rows import NONE
from mindu.brain.cases import State
from mindu.brain.casework.office import Office
from mindu.data.vault import Vault

OWNER, NAME = "the line", "key of links"  # where the key lies
BYTES = 10  # 80 bits of the digest: nobody finds one by trying
HOLDS = timedelta(days=30)
RATED = frozenset({State.FED_BACK, State.CALL_BACK, State.CLOSED, State.MERGED})
LONGEST = 40  # characters of a link's word


@dataclass(slots=True)
class Links:
    """Makes and reads the links of one line."""

    office: Office
    vault: Vault
    _key: bytes = b""

    def word(self, number: int) -> str:
        """Return the word of a case's present answer."""
        answer = int(self.office.cases.row(number)["answer"])
        told = hmac.new(self._secret(), f"rate|{number}|{answer}".encode(), sha256).digest()
        return f"{number:x}-{b32encode(told[:BYTES]).decode().lower()}"

    def case(self, word: str, now: datetime) -> int | None:
        """Return the case whose present answer a word opens; None for any other word."""
        head, _, _ = word.partition("-")
        if len(word) > LONGEST or not head or set(head) - set("0123456789abcdef"):
            return None
        number = int(head, 16)
        if number not in self.office.cases or not self.office.cases.row(number)["answer"]:
            return None
        if not hmac.compare_digest(word.encode(), self.word(number).encode()):
            return None
        old = now - self._answered(number) > HOLDS
        return None if old or self.office.cases.state(number) not in RATED else number

    def _answered(self, number: int) -> datetime:
        return self.office.memory.log[int(self.office.cases.row(number)["answer"])].at

    def _secret(self) -> bytes:
        if not self._key:
            held = self.vault.get(OWNER, NAME)
            if not isinstance(held, str):
                held = secrets.token_hex(32)
                self.vault.put(OWNER, NAME, held)
            self._key = bytes.fromhex(held)
        return self._key


def answered_with(office: Office, number: int) -> list[int]:
    """Return a case and every case whose callers get its answer: those merged into it."""
    found, todo = [number], list(office.cases.link(number).merged)
    while todo:
        child = todo.pop()
        if int(office.cases.row(child)["master"]) != NONE:
            found.append(child)
            todo += office.cases.link(child).merged
    return found
