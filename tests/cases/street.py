"""A street of the pretend city: one kind of case, two units, and the people who act on it."""

from datetime import UTC, datetime, timedelta

from mindu.base.records import Words
from mindu.brain.cases import Role
from mindu.brain.casework.kinds import CaseKind, Service
from mindu.brain.casework.office import Office, Told, Wish
from mindu.brain.casework.rights import Officer
from mindu.brain.memory import Memory
from mindu.data.log import Log

NOON = datetime(2026, 9, 16, 4, tzinfo=UTC)  # Wednesday 12:00 in the city
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OURS = "ours, for the tests"
TERMS = (
    ("dispatch", "*", "urgent", "1h", OURS),
    ("dispatch", "*", "*", "24h", OURS),
    ("sign", "*", "*", "1wd", OURS),
    ("handle", "*", "urgent", "2h", OURS),
    ("handle", "*", "*", "5wd", OURS),
    ("review", "*", "*", "1wd", OURS),
    ("final", "*", "*", "1wd", OURS),
    ("call_back", "*", "*", "3wd", OURS),
    ("arbitrate", "*", "*", "1wd", OURS),
    ("whole", "complaint", "*", "15wd", OURS),
    ("whole", "*", "urgent", "2h", OURS),
    ("whole", "*", "*", "5wd", OURS),
)
LAMP = Service(
    code="lamp", name=Words("Street lamp", "路灯"), says=Words("A lamp is out.", "路灯不亮。"),
    group=Words("Streets", "街道"), topic="streets.lamps",
)  # fmt: skip
KIND = CaseKind(
    name="matter", title=Words("Matter", "诉求"), terms=TERMS, mask=lambda text: text,
    services=(LAMP,),
)  # fmt: skip


def who(name: str, unit: str, roles: str, areas: str = "3501") -> Officer:
    held = tuple(Role(role) for role in roles.split())
    return Officer(name, name, unit, held, tuple(areas.split()))


ANNA = who("anna", "centre", "operator dispatcher")
LIN = who("lin", "lamps", "officer")
WEI = who("wei", "lamps", "officer")
ROADS = who("rong", "roads", "officer")
CHEN = who("chen", "lamps", "reviewer")
FANG = who("fang", "centre", "final_reviewer")
JUDGE = who("jiang", "centre", "arbiter")
CHIEF = who("su", "centre", "supervisor")
EVERYBODY = (ANNA, LIN, WEI, ROADS, CHEN, FANG, JUDGE, CHIEF)
ABOUT = {"topic": "streets.lamps", "nature": "help", "urgency": "general"}


def office(log: Log | None = None) -> Office:
    memory = Memory(Log.open(":memory:") if log is None else log, {}, seed=0)
    return Office(memory, {KIND.name: KIND})


def told(office: Office, now: datetime = NOON, text: str = "路灯不亮", area: str = "350102") -> int:
    return office.open(Told(kind="matter", text=text, area=area), by="web", now=now).seq


PATH = (
    (ANNA, Wish(name="accept")),
    (ANNA, Wish(name="classify", args=ABOUT)),
    (ANNA, Wish(name="triage", note="by hand")),
    (ANNA, Wish(name="forward", unit="lamps")),
    (LIN, Wish(name="sign")),
    (LIN, Wish(name="handle")),
    (LIN, Wish(name="reply", note="The lamp burns again. 已修复。")),
    (CHEN, Wish(name="review")),
    (CHEN, Wish(name="pass")),
    (FANG, Wish(name="feed_back", note="The lamp burns again. 已修复。")),
    (ANNA, Wish(name="call_back")),
    (ANNA, Wish(name="close", note="the caller is content 满意")),
)


def walk(office: Office, number: int, until: str, now: datetime = NOON) -> int:
    """Let a case take the plain path up to a move."""
    for officer, wish in PATH:
        office.act(number, wish, officer, now=now)
        if wish.name == until:
            return number
    raise AssertionError(f"the plain path has no {until}")
