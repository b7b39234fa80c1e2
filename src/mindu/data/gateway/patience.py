"""Patience: who fails again and again is stopped; each failure may tell a bit of rows not seen."""

from datetime import datetime
from threading import Lock

from mindu.data.gateway.allow import refused

FAILURES = 30  # of one asker in an hour; then it is no slip any more


class Patience:
    """Failures of this hour, by asker."""

    def __init__(self) -> None:
        """Begin with none."""
        self._hour, self._failed = -1, dict[str, int]()
        self._lock = Lock()

    def ask(self, who: str, now: datetime) -> None:
        """Let somebody ask.

        Raises:
            Refused: too many of theirs failed within the hour.
        """
        with self._lock:
            self._turn(now)
            if self._failed.get(who, 0) >= FAILURES:
                raise refused(
                    f"{FAILURES} asks of yours failed within the hour; come again later",
                    f"一小时内失败 {FAILURES} 次,请稍后再试",
                )

    def fail(self, who: str, now: datetime) -> None:
        """Count a failure."""
        with self._lock:
            self._turn(now)
            self._failed[who] = self._failed.get(who, 0) + 1

    def _turn(self, now: datetime) -> None:
        hour = int(now.timestamp() // 3600)
        if hour != self._hour:
            self._hour, self._failed = hour, {}
