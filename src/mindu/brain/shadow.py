"""The shadow: a live brain with a hand that only writes."""

from datetime import datetime

from mindu.base.records import Action


class Shadow:
    """A hand that moves nothing: everything sent is kept, newest last, up to a limit."""

    def __init__(self, most: int = 10_000) -> None:
        """Keep at most that many."""
        self.most = most
        self.sent: list[tuple[datetime, Action]] = []

    def send(self, action: Action, now: datetime) -> None:
        """Note the action and move nothing."""
        self.sent.append((now, action))
        del self.sent[: -self.most]
