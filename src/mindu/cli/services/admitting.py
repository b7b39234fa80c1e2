"""Admitting: a worker is given a token, listed or dropped, at whatever gate is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mindu.base.records import Event, Words
from mindu.cli.counter.beside import Done
from mindu.cli.say import Trouble
from mindu.console.workers.tokens import NoWorker, Workers

ADMITTED, DISMISSED = "worker_admitted", "worker_dismissed"
CITY = "city.sock"  # where a city that runs takes orders
MOST_DAYS = 3_660
MEND = Words("Change it and try again.", "请修改后重试。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Whom a door lets in, how that is written down, and the day."""

    workers: Workers
    note: Callable[[Event, str], None]  # an event, about whom; durable when it returns
    today: Callable[[], datetime]


def admitted(gate: Gate, said: Mapping[str, Any]) -> Done:
    """Do what an order says to the workers.

    Raises:
        Trouble: it cannot be done.
    """
    name = str(said["name"])
    if said["what"] == "list":
        return _listed(gate)
    if said["what"] == "drop":
        if not gate.workers.drop(name):
            wrong = Words(f"There is no worker {name}.", f"没有工作程序 {name}。")
            raise Trouble(wrong, Words("`mindu worker list` shows them.", "见 mindu worker list。"))
        gate.note(Event(DISMISSED, {}), f"worker:{name}")
        return Done({"dropped": name}, name)
    return _let_in(gate, name, said)


def _let_in(gate: Gate, name: str, said: Mapping[str, Any]) -> Done:
    days, now = int(said["days"]), gate.today()
    if not 1 <= days <= MOST_DAYS:
        raise Trouble(Words(f"Give 1 to {MOST_DAYS} days.", f"天数须为 1 至 {MOST_DAYS}。"), MEND)
    until = now + timedelta(days=days)
    try:
        token = gate.workers.admit(name, said["scope"], said["topic"], now=now, until=until)
    except NoWorker as no:
        raise Trouble(no.says, MEND) from None
    told = {"scopes": " ".join(said["scope"]), "topics": " ".join(said["topic"])}
    gate.note(Event(ADMITTED, dict(told)), f"worker:{name}")
    return Done({"name": name, "token": token, "until": until.isoformat()}, token)


def _listed(gate: Gate) -> Done:
    rows = [
        {"name": one.name, "scopes": " ".join(one.scopes), "topics": " ".join(one.topics),
         "until": one.until.date().isoformat()}
        for one in gate.workers.every()
    ]  # fmt: skip
    return Done(rows, "\n".join("  ".join(row.values()) for row in rows))
