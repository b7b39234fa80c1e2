"""A city hall for tests: a counter over a log in memory, and people who fill in forms."""

from datetime import UTC, datetime
from typing import Any

from mindu.apps.services import items
from mindu.apps.services.counter import Counter
from mindu.apps.services.kind import KIND
from mindu.apps.services.package import SHIPPED, shipped
from mindu.apps.services.vault import Drawer
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.data.log import Log

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MOTHER, FATHER = "350102199001011225", "350102198902021213"
CHILD: dict[str, Any] = {
    "born_here": True, "married": True, "settle_with": "mother", "maternity_insured": True,
    "child_name": "林小榕", "sex": "female", "born": "2026-02-20",
    "mother_name": "林晓", "mother_id": MOTHER, "father_name": "陈明", "father_id": FATHER,
    "head_name": "林晓", "address": "福州市鼓楼区五四路1号", "phone": "13800000000",
    "bank_account": "6222020000000000", "agree": True,
}  # fmt: skip
SHOP: dict[str, Any] = {
    "has_licence": False, "area": 420, "storeys_below": False, "open_flame": True,
    "signboard": True, "foods": ["hot", "drink"], "shop_name": "三坊鱼丸",
    "address": "福州市鼓楼区南后街8号", "operator": "陈明", "operator_id": FATHER,
    "phone": "13800000000", "agree": True,
}  # fmt: skip
ELDER: dict[str, Any] = {
    "name": "林依嬷", "number": "350102193601011225", "born": "1936-01-01",
    "registered_here": True, "identity_matches": True, "alive": True, "receives_already": False,
    "bank_account": "6222020000000000", "phone": "13800000000", "agree": True,
}  # fmt: skip


def hall(log: Log | None = None) -> Counter:
    opened = Log.open(":memory:") if log is None else log
    memory = Memory(opened, {}, seed=0)
    processes = Processes(memory, Office(memory, {KIND.name: KIND}))
    packages = {name: shipped(name) for name in SHIPPED}
    counter = Counter(processes, Drawer(), items.shipped(), packages, salt="tests")
    counter.open(NOW)
    return counter


def open_nodes(counter: Counter, instance: int) -> list[str]:
    waits = counter.processes.state(instance).waits
    return sorted(wait.node for wait in waits if wait.kind == "task")
