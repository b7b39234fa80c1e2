"""A small honest world: tasks come in and are worked off, some of them too late."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from mindu.apps.services.things import NAMES
from mindu.city import Action, Random, Reading, Refused


class Offices:
    """Three departments whose share of late tasks wanders with the load of the day."""

    name = "services-offices"

    def __init__(self, rng: Random) -> None:
        """Begin with little that is late."""
        self.rng = rng
        self.late = {name: 0.1 for name, _, _ in NAMES}
        self.drift = dict.fromkeys(self.late, 0.0)

    def step(self, span: timedelta) -> None:
        """Let load come and go."""
        hours = span.total_seconds() / 3600
        for name in self.late:
            self.drift[name] = 0.9 * self.drift[name] + self.rng.gauss(0.0, 0.03)
            pull = 0.1 - self.late[name]
            self.late[name] += (self.drift[name] + 0.2 * pull) * hours
            self.late[name] = min(max(self.late[name], 0.0), 1.0)

    def read(self, now: datetime) -> Iterator[Reading]:
        """Read the share of late tasks of each department, to the percent."""
        for name, late in self.late.items():
            about = f"services:{name}"
            yield Reading(at=now, about=about, prop="late", value=round(late, 2), unit="1")

    def send(self, action: Action, now: datetime) -> None:
        """Refuse everything: this app warns and moves nothing."""
        raise Refused(f"{now:%H:%M}: nothing here can be told to {action.verb}")


# What pretend registers say of the people of the online identity's simulator, by their number:
# kind, who vouches for it, what it says. Nobody of them lives.
_HOUSE, _CIVIL, _MARRIED = "公安户籍库(模拟)", "民政高龄津贴库(模拟)", "民政婚姻登记库(模拟)"
_HOME: dict[str, str | bool] = {"here": True, "matches": True, "address": "福州市鼓楼区五四路1号"}
PRETEND: Mapping[str, tuple[tuple[str, str, Mapping[str, str | bool]], ...]] = {
    "350102193601011225": (
        ("household", _HOUSE, {**_HOME, "head": "林依嬷"}),
        ("civil", _CIVIL, {"alive": True, "receives": False}),
    ),
    "350102199001011225": (
        ("household", _HOUSE, {**_HOME, "head": "林晓"}),
        ("marriage", _MARRIED, {"husband": "陈明", "husband_number": "350102198902021213"}),
    ),
}
