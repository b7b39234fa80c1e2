"""`mindu worker` says which programs may lease jobs and tell messages, and until when."""

import argparse
from collections.abc import Mapping
from typing import Any

from mindu.base.records import Event
from mindu.cli.counter.beside import Done, Spoken, ask
from mindu.cli.say import GOOD, Voice, state
from mindu.cli.services.admitting import CITY, Gate, admitted
from mindu.cli.services.hall import Hall
from mindu.cli.services.orders import give

SAYS = ("what", "name", "scope", "topic", "days")


def worker(asked: argparse.Namespace, voice: Voice) -> int:
    """Admit, list or drop a worker, also while the hall or a city runs; the log tells of it."""
    order = Spoken("worker", {name: getattr(asked, name) for name in SAYS})
    folder = state(asked.data)
    told = ask(folder, order, CITY)
    done = Done.heard(told) if told is not None else give(folder, order, do)
    voice.data(done.data, done.text)
    return GOOD


def do(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Do what an order says to the workers of a hall.

    Raises:
        Trouble: it cannot be done.
    """
    memory = hall.site.counter.processes.memory

    def note(event: Event, about: str) -> None:
        memory.write(event, at=hall.site.now(), about=about, by="operator")
        memory.log.commit()

    return admitted(Gate(workers=hall.workers, note=note, today=hall.site.now), said)
