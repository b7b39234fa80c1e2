"""Telling: the log hears of each build, also of those made while somebody else wrote it."""

from datetime import datetime
from pathlib import Path

import msgspec

from mindu.base.records import Event, Value
from mindu.data.log import Log
from mindu.data.registers import store, verdicts
from mindu.data.registers.declare import FIVE
from mindu.data.senses.memory.delta import whole

TOLD = "told.json"  # number of the build that the log knows


def told(place: Path) -> int:
    """Return the number of the build that the log knows."""
    path = place / TOLD
    return msgspec.json.decode(path.read_bytes(), type=int) if path.exists() else 0


def tell(log: Log, registers: Path, now: datetime) -> None:
    """Write down the builds that the log does not know; durable when this returns."""
    for name in FIVE:
        place = registers / name
        build = store.current(place)
        if build is None or told(place) == build.number:
            continue
        args: dict[str, Value] = {
            "build": build.number, "records": build.records, "subjects": build.subjects,
            "review": build.review, "changed": build.changed, **build.digests,
        }  # fmt: skip
        events = [Event("registered", args)]
        events += [Event(verdicts.RENAMED, {"was": a, "record": b})
                   for a, b in build.renamed.items()]  # fmt: skip
        for event in events:
            log.append(event, at=now, about=verdicts.about(name), by="steward")
        log.commit()
        whole(place / TOLD, msgspec.json.encode(build.number))
