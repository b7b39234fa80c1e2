"""`mindu register erase`: destroy every key of a subject, at its sources too, with certificates."""

import argparse

from mindu.base.records import Event
from mindu.cli.register import held
from mindu.cli.register.build import seen, shown
from mindu.cli.register.building import built
from mindu.cli.register.held import City
from mindu.cli.say import GOOD, Voice, state
from mindu.data.erasure import erase
from mindu.data.registers import store
from mindu.data.registers.declare import Register
from mindu.data.registers.feed import owners
from mindu.data.registers.verdicts import BARRED, about
from mindu.data.vault import CELL, owner


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the register")
    add.add_argument("subject", help="as the register calls it")
    add.add_argument("--why", required=True, help="the request or the law")
    add.add_argument("--by", default="steward", help="who does it")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Erase, build anew without it, and print the certificates."""
    register = held.register(asked.name)
    with held.city(state(asked.data)) as town:
        named = _names(town, register, asked.subject)
        found = [one for one in named if town.vault.held(one)[0]]
        if not found:
            raise KeyError(f"the {asked.name} register holds nothing personal of {asked.subject}")
        barred = Event(BARRED, {"records": ",".join(_records(town, register, asked.subject))})
        cause = (town.log.append(barred, at=town.now, about=about(register.name), by=asked.by).seq,)
        town.log.commit()
        told = [
            erase(
                town.vault, town.log, one, now=town.now, by=asked.by, why=asked.why, because=cause
            ).args
            for one in found
        ]
        build = built(town, register, seen(register, voice))
    keys = "\n".join(str(one["key"]) for one in told)
    voice.data({"certificates": told, "build": shown(build)}, keys)
    return GOOD


def _names(town: City, register: Register, subject: str) -> list[str]:
    """Return every name of the vault under which something of a subject lies sealed."""
    place, found = town.place(register.name), set[str]()
    tables = [
        store.table(place, "subjects", subject=subject),
        store.table(place, "records", subject=subject),
        store.history(place, subject),
    ]
    for table in tables:
        if table is None:
            continue
        for row in table.to_pylist():
            found |= {row[name] for name in ("_who", "who") if row.get(name)}
            cells = [v for v in row.values() if isinstance(v, str) and v.startswith(CELL)]
            found |= {owner(cell) for cell in cells}
    records = frozenset(_records(town, register, subject))
    for one in held.fed(town.folder, register):
        found |= owners(register, one, town.vault, records)
    return sorted(found)


def _records(town: City, register: Register, subject: str) -> list[str]:
    told = store.table(town.place(register.name), "records", subject=subject)
    found: list[str] = told["record"].to_pylist()
    return found
