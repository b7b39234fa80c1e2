"""`mindu worker` says which programs may lease jobs and tell messages, and until when."""

import argparse
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mindu.base.records import Event, Words
from mindu.cli.counter.beside import Done, Spoken
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.cli.services.hall import Hall
from mindu.cli.services.orders import give
from mindu.console.workers.tokens import NoWorker

SAYS = ("what", "name", "scope", "topic", "days")
ADMITTED, DISMISSED = "worker_admitted", "worker_dismissed"
MOST_DAYS = 3_660
MEND = Words("Change it and try again.", "请修改后重试。")


def worker(asked: argparse.Namespace, voice: Voice) -> int:
    """Admit, list or drop a worker, also while the hall serves; what was done is on the log."""
    order = Spoken("worker", {name: getattr(asked, name) for name in SAYS})
    done = give(state(asked.data), order, do)
    voice.data(done.data, done.text)
    return GOOD


def do(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Do what an order says to the workers.

    Raises:
        Trouble: it cannot be done.
    """
    name = str(said["name"])
    if said["what"] == "list":
        return _listed(hall)
    if said["what"] == "drop":
        if not hall.workers.drop(name):
            wrong = Words(f"There is no worker {name}.", f"没有工作程序 {name}。")
            raise Trouble(wrong, Words("`mindu worker list` shows them.", "见 mindu worker list。"))
        _write(hall, DISMISSED, name)
        return Done({"dropped": name}, name)
    return _admitted(hall, name, said)


def _admitted(hall: Hall, name: str, said: Mapping[str, Any]) -> Done:
    days, now = int(said["days"]), hall.site.now()
    if not 1 <= days <= MOST_DAYS:
        raise Trouble(Words(f"Give 1 to {MOST_DAYS} days.", f"天数须为 1 至 {MOST_DAYS}。"), MEND)
    until = now + timedelta(days=days)
    try:
        token = hall.workers.admit(name, said["scope"], said["topic"], now=now, until=until)
    except NoWorker as no:
        raise Trouble(no.says, MEND) from None
    _write(hall, ADMITTED, name, scopes=" ".join(said["scope"]), topics=" ".join(said["topic"]))
    return Done({"name": name, "token": token, "until": until.isoformat()}, token)


def _listed(hall: Hall) -> Done:
    rows = [
        {"name": one.name, "scopes": " ".join(one.scopes), "topics": " ".join(one.topics),
         "until": one.until.date().isoformat()}
        for one in hall.workers.every()
    ]  # fmt: skip
    return Done(rows, "\n".join("  ".join(row.values()) for row in rows))


def _write(hall: Hall, name: str, who: str, **told: str) -> None:
    memory, now = hall.site.counter.processes.memory, hall.site.now()
    memory.write(Event(name, dict(told)), at=now, about=f"worker:{who}", by="operator")
    memory.log.commit()
