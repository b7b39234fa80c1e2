"""A house of two departments: one owns calls and beds, one wants to use them."""

from datetime import UTC, date, datetime

from mindu.base.records import Words
from mindu.brain.cases import Role
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import Officer
from mindu.brain.memory import Memory
from mindu.brain.sharing.kinds import KINDS
from mindu.brain.sharing.sharing import Sharing
from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.data.grants.ask import Ask, User
from mindu.data.grants.duties import Duties
from mindu.data.grants.terms import Terms
from mindu.data.log import Log

NOON = datetime(2026, 9, 16, 4, tzinfo=UTC)  # Wednesday 12:00 in the city
OWNER, OTHER = "350100-12345", "350100-yjj"
LAW = "突发事件应对法 art. 42"
CALLS = Dataset(
    name="calls",
    title=Words("Calls", "来电"),
    owner="Hotline",
    department=OWNER,
    theme="government",
    fields=(
        Field("caller", "text", Words("Caller", "来电人"), grade=Grade.SENSITIVE),
        Field("phone", "text", Words("Telephone", "电话"), grade=Grade.SENSITIVE),
        Field("district", "text", Words("District", "区县")),
        Field("topic", "text", Words("Topic", "类别")),
        Field("minutes", "number", Words("Minutes", "时长"), unit="min"),
        Field("opened", "moment", Words("Opened", "受理时间")),
    ),
    grade=Grade.SENSITIVE,
    cycle="live",
    licence="internal",
    basis="hotline order",
    stored="file:calls.parquet",
    subject="caller",
    quasi=("district", "opened"),
)
TERMS = Terms(
    dataset="calls",
    owner=OWNER,
    to=OTHER,
    purpose="flood",
    basis=LAW,
    until=date(2026, 12, 31),
    actions=("read", "query"),
    duties=Duties(masks=(("phone", "middle"),), rows=("district = '350102'",), quota=3),
)
LIN = Officer("lin", "Lin", OWNER, (Role.OFFICER,), ("*",))
WEI = Officer("wei", "Wei", OTHER, (Role.OFFICER,), ("*",))
CATALOGUE = {CALLS.name: CALLS}


class House:
    """The memory, the office and the sharing desk over one log."""

    def __init__(self, log: Log | None = None) -> None:
        self.memory = Memory(Log.open(":memory:") if log is None else log, {}, seed=0)
        self.office = Office(self.memory, KINDS)
        self.sharing = Sharing(self.office, self.memory.allowed, CATALOGUE)

    def agreed(self, terms: Terms = TERMS) -> int:
        case = self.sharing.ask(terms, by="wei", now=NOON).seq
        return self.sharing.agree(case, LIN, now=NOON).seq


def ask(**change: object) -> Ask:
    told: dict[str, object] = {
        "who": User("wei", OTHER, ("officer",)),
        "action": "query",
        "datasets": ("calls",),
        "purpose": "flood",
        "basis": LAW,
        "reference": "case:0",
        "says": "SELECT 1",
    }
    return Ask(**{**told, **change})  # type: ignore[arg-type]
