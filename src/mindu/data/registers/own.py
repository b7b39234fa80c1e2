"""A subject's own view of the registers: each value, its source, why it was taken, what changed."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.data.grants.policies import CITY
from mindu.data.registers import store
from mindu.data.registers.declare import FIVE, Register
from mindu.data.registers.sealing import opened, secret
from mindu.data.vault import Vault

MOST = 200  # changes of one register that are told, the newest first
_RULES = {
    "authority": Words("the source with the greatest authority", "来源权威性最高"),
    "newest": Words("the newest", "时间最新"),
    "fullest": Words("the most complete", "内容最完整"),
    "agreed": Words("what most sources say", "多数来源一致"),
}


class Value(msgspec.Struct, frozen=True):
    """One value that is held, and why this one."""

    name: str
    meaning: Words
    value: str
    source: str
    changed: int  # epoch ms
    says: Words


class Own(msgspec.Struct, frozen=True):
    """What one register holds of a subject."""

    register: str
    title: Words
    subject: str
    held: tuple[Value, ...]
    records: tuple[str, ...]  # sources of the records that were joined
    changes: tuple[Words, ...]


def own(home: Path, vault: Vault, who: str) -> list[Own]:
    """Return what every register below a folder holds under a name of the vault."""
    found = []
    for register in FIVE.values():
        place = home / register.name
        if register.code and store.current(place) is not None:
            rows = opened(store.mine(place, who), vault, names=secret(register)).to_pylist()
            found += [_one(register, place, row, vault) for row in rows]
    return found


def _one(register: Register, place: Path, row: dict[str, object], vault: Vault) -> Own:
    subject = str(row["subject"])
    origins = {
        one["trait"]: one for one in store.table(place, "origins", subject=subject).to_pylist()
    }
    records = store.table(place, "records", subject=subject).to_pylist()
    values = []
    for trait in register.traits:
        value, origin = row[trait.name], origins.get(trait.name)
        if value is not None and origin is not None:
            told = Value(trait.name, trait.meaning, str(value), str(origin["source"]),
                         int(str(origin["changed"])), _says(origin))  # fmt: skip
            values.append(told)
    sources = tuple(sorted(str(one["source"]) for one in records))
    return Own(register.name, register.title, subject, tuple(values), sources,
               _changes(register, place, subject, vault))  # fmt: skip


def _says(origin: dict[str, object]) -> Words:
    """Return where a value is from and why it was taken, in plain words."""
    rule = _RULES[str(origin["rule"])]
    when, told = day(int(str(origin["changed"]))), origin["told"]
    if origin["values"] == 1:
        return Words(
            f"from {origin['source']}, {when}; {told} record(s) say the same",
            f"来自 {origin['source']},{when};{told} 条记录一致",
        )
    return Words(
        f"from {origin['source']}, {when}; of {origin['values']} different values in {told} "
        f"records: {rule.en}",
        f"来自 {origin['source']},{when};{told} 条记录中有 {origin['values']} 种取值,取{rule.zh}者",
    )


def _changes(register: Register, place: Path, subject: str, vault: Vault) -> tuple[Words, ...]:
    told = store.history(place, subject)
    if told is None:
        return ()
    rows = opened(told, vault, names=["was", "now"])
    found = []
    for row in rows.to_pylist()[::-1][:MOST]:
        if row["trait"] == "subject":  # it was gone for a while, or went by a name of its own
            found.append(_gone(day(row["at"])))
            continue
        name = register.trait(str(row["trait"])).meaning
        when, was, now = day(row["at"]), row["was"] or "—", row["now"] or "—"
        found.append(
            Words(
                f"{when}: {name.en} {was} → {now} ({row['source']})",
                f"{when} {name.zh}:{was} → {now}({row['source']})",
            )
        )
    return tuple(found)


def _gone(when: str) -> Words:
    return Words(f"{when}: no source named it any more", f"{when} 各来源均不再收录")


def day(at: int) -> str:
    """Return the day of an instant (epoch ms) in the city."""
    return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(CITY):%Y-%m-%d}"
