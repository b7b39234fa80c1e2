"""`mindu register erase`: destroy every key of a subject, at its sources too, with certificates."""

import argparse

import pyarrow.compute as pc

from mindu.cli.register import held
from mindu.cli.register.held import City
from mindu.cli.say import GOOD, Voice, state
from mindu.data.erasure import erase
from mindu.data.registers import store
from mindu.data.registers.declare import Register
from mindu.data.vault import CELL


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
        found = [one for one in _names(town, register, asked.subject) if town.vault.held(one)[0]]
        if not found:
            raise KeyError(f"the {asked.name} register holds nothing personal of {asked.subject}")
        told = [
            erase(town.vault, town.log, one, now=town.now, by=asked.by, why=asked.why).args
            for one in found
        ]
        build = held.settled(town, register)
    voice.data({"certificates": told, "build": build}, "\n".join(str(one["key"]) for one in told))
    return GOOD


def _names(town: City, register: Register, subject: str) -> list[str]:
    """Return every name of the vault under which something of a subject lies sealed."""
    place, found = town.place(register.name), set[str]()
    tables = [store.table(place, "subjects"), store.table(place, "records"), store.history(place)]
    for table in tables:
        if table is None:
            continue
        for row in table.filter(pc.equal(table["subject"], subject)).to_pylist():
            found |= {row[name] for name in ("_who", "who") if row.get(name)}
            cells = [v for v in row.values() if isinstance(v, str) and v.startswith(CELL)]
            found |= {cell.removeprefix(CELL).partition(".")[0] for cell in cells}
    return sorted(found)
