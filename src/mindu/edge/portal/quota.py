"""Quota: how often somebody may ask, at once, an hour and a day; who is over it is told when."""

import math
from datetime import datetime, timedelta

from mindu.base.records import Words
from mindu.data.grants.policies import CITY
from mindu.data.opening.opened import Opened
from mindu.edge.counter.limits import Limits, Rate

KEYLESS, KEYED = Rate(120, 1_200), Rate(600, 12_000)  # asks at once, and an hour
DAY_KEYLESS, DAY_KEYED = 10_000, 100_000  # answers a day
GUESSES = Rate(10, 60)  # keys that are none, of one address
WRITES = Rate(20, 60)  # requests, votes and keys of one address
SAME = Rate(10, 10)  # votes for one request from one address: an office behind one line may vote


class Slow(Exception):  # noqa: N818 - an answer, not a fault
    """Too much was asked: how long to wait, and what holds."""

    def __init__(self, seconds: float, says: Words) -> None:
        """Carry the seconds, at least one."""
        super().__init__(says.en)
        self.seconds, self.says = max(1, math.ceil(seconds)), says


class Quota:
    """What was asked lately, by whom; days are counted from the log, so a restart forgets none."""

    def __init__(self, opened: Opened) -> None:
        """Begin with every bucket full."""
        self._opened = opened
        self._keyless, self._keyed = Limits(KEYLESS), Limits(KEYED)
        self._guesses, self._writes, self._same = Limits(GUESSES), Limits(WRITES), Limits(SAME)

    def read(self, who: str, *, keyed: bool, now: datetime) -> None:
        """Let somebody read once.

        Raises:
            Slow: too much at once, or today.
        """
        rate, most = (self._keyed, DAY_KEYED) if keyed else (self._keyless, DAY_KEYLESS)
        hint = Words("", "") if keyed else Words("; a key gives more", ";申请密钥可提高配额")
        if self._opened.today(who, now) >= most:
            raise Slow(_to_midnight(now), Words(
                f"{most} answers a day{hint.en}; come again tomorrow",
                f"每日至多 {most} 次{hint.zh},请明日再来",
            ))  # fmt: skip
        wait = rate.take(who, now.timestamp())
        if wait:
            raise Slow(wait, Words(
                f"too much at once{hint.en}; come again in {math.ceil(wait)} s",
                f"请求过于频繁{hint.zh},请 {math.ceil(wait)} 秒后再试",
            ))  # fmt: skip

    def guess(self, address: str, now: datetime) -> None:
        """Count a key that is none.

        Raises:
            Slow: too many of them.
        """
        _held(self._guesses.take(address, now.timestamp()))

    def write(self, address: str, now: datetime) -> None:
        """Let an address leave something with us: a request, a vote, a key.

        Raises:
            Slow: too much from there.
        """
        _held(self._writes.take(address, now.timestamp()))

    def vote(self, address: str, request: int, now: datetime) -> None:
        """Let an address vote for one request; a browser that forgets itself is still slow.

        Raises:
            Slow: too many votes for it from there.
        """
        self.write(address, now)
        _held(self._same.take(f"{address} {request}", now.timestamp()))


def _held(wait: float) -> None:
    if wait:
        seconds = math.ceil(wait)
        raise Slow(wait, Words(
            f"too much from there; come again in {seconds} s", f"操作过于频繁,请 {seconds} 秒后再试"
        ))  # fmt: skip


def _to_midnight(now: datetime) -> float:
    here = now.astimezone(CITY)
    tomorrow = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow - here).total_seconds()
