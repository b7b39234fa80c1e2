"""The staff's console over a hall: packages are watched and changed while applicants are served."""

import asyncio
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

from services_desk import CHILD, NOW, hall

from mindu.cli.services.staff import desk
from mindu.console.contract.models.modelling import AnswerModel, Propose, SaveDraft
from mindu.console.modelling.publishing import answer, propose
from mindu.console.people.house import People


def asked(port: int) -> int:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", "/models")
    status = line.getresponse().status
    line.close()
    return status


def test_rules_of_a_package_are_changed_by_two_while_the_hall_serves(tmp_path: Path) -> None:
    counter, people = hall(), People()
    counter.hand_in("somebody", "newborn", CHILD, NOW)
    loop = asyncio.new_event_loop()
    serving = Thread(target=loop.run_forever)
    serving.start()
    told = {"host": "127.0.0.1", "port": 0, "loop": loop}
    try:
        with desk(counter.processes, people, tmp_path, lambda: NOW, **told) as (house, served):  # type: ignore[arg-type]
            models = house.modelling
            assert models is not None
            newborn = next(one for one in models.versions() if one.names == ("newborn",))
            assert (newborn.open, models.instances.stays.of(newborn.key)["accept"].open) == (1, 1)
            rules = models.text(models.models.newest["dmn:allowance"]).decode()
            text = rules.replace(">800<", ">900<")
            draft = models.drafts.save(
                SaveDraft(name="allowance", kind="dmn", text=text), by="Lin", now=NOW
            )
            made = propose(models, Propose(draft=draft.id, revision=1, reason="notice 9"), "Chen")
            assert (made.state, made.needed) == ("waiting", 2)
            done = answer(models, AnswerModel(id=made.id, yes=True, reason="read it"), "Wang")
            assert done.state == "published"
            assert house.board.seq == len(counter.processes.memory.log) - 1
            assert asked(served.port) == 401, "a hall is no demo: guests sign in"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        serving.join()
        loop.close()
        people.close()
