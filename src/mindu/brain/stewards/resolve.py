"""Resolve: the records of a register become subjects that keep their names from build to build."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import pyarrow as pa

from mindu.data.registers.declare import Register
from mindu.engines.linkage.clean import CLEANERS
from mindu.engines.linkage.join import Pair, Verdicts, joined
from mindu.engines.linkage.model import Model
from mindu.engines.linkage.others import CREDIT, ENTERPRISE, LICENCE, PLACE
from mindu.engines.linkage.people import PERSON
from mindu.engines.linkage.score import prepared, scored

MODELS: Mapping[str, Model] = {
    "person": PERSON, "enterprise": ENTERPRISE, "credit": CREDIT, "licence": LICENCE,
    "place": PLACE,
}  # fmt: skip
FLOOR, SEED = 0.05, 7  # least chance that is kept; the same records give the same pairs
# Kinds whose tidy form is what a register shows; others stay as they were written.
_TIDY = {"id": "id", "phone": "phone", "credit": "code", "day": "day"}
_SOUND = {"id": "id_sure", "credit": "code_sure"}


class Linked(NamedTuple):
    """What the records of a register came to before anybody decided."""

    ids: list[str]
    pairs: list[Pair]
    sure: dict[str, frozenset[str]]


def tidied(register: Register, records: pa.Table) -> tuple[pa.Table, dict[str, pa.Array]]:
    """Return the records in tidy words, and by trait whose check signs hold."""
    sound: dict[str, pa.Array] = {}
    for field, kind, _ in MODELS[register.name].fields:
        if kind not in _TIDY or field not in records.column_names:
            continue
        told = [CLEANERS[kind](value) if value else {} for value in records[field].to_pylist()]
        tidy = [
            one.get(_TIDY[kind]) or raw
            for one, raw in zip(told, records[field].to_pylist(), strict=True)
        ]
        place = records.column_names.index(field)
        records = records.set_column(place, field, pa.array(tidy, pa.string()))
        if kind in _SOUND:
            sound[field] = pa.array([bool(one.get(_SOUND[kind])) for one in told], pa.bool_())
    return records, sound


def linked(register: Register, records: pa.Table) -> Linked:
    """Hold the records against each other.

    Raises:
        ValueError: one value is written for so many records that it tells nothing.
    """
    model, ids = MODELS[register.name], records["record"].to_pylist()
    rows = {
        field: records[field].to_pylist()
        for field, _, _ in model.fields
        if field in records.column_names
    }
    table = prepared(model, rows, ids)
    found = scored(model, table, floor=FLOOR, seed=SEED)
    pairs = [
        Pair(a, b, chance, tuple(likeness))
        for a, b, chance, likeness in zip(
            *(found[name].to_pylist() for name in ("a", "b", "chance", "likeness")), strict=True
        )
    ]
    return Linked(ids, pairs, _sure(model, table, ids))


def _sure(model: Model, table: pa.Table, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the values of each record that no two subjects share and no subject has two of."""
    sure: dict[str, frozenset[str]] = {}
    for name in model.sure:
        for one, value in zip(ids, table[name].to_pylist(), strict=True):
            if value:
                sure[one] = sure.get(one, frozenset()) | {f"{name}={value}"}
    return sure


def subjects(
    register: Register, told: Linked, verdicts: Verdicts, before: Mapping[str, str]
) -> tuple[list[str], list[Pair]]:
    """Return the subject of each record, and the pairs that a person decides.

    A group keeps the name that most of its records had; of two groups that share one, the greater.
    """
    found = joined(told.ids, told.pairs, told.sure, verdicts)
    groups: dict[str, list[str]] = {}
    for one in told.ids:
        groups.setdefault(found.group[one], []).append(one)
    names: dict[str, str] = {}
    used: set[str] = set()

    def rank(root: str) -> tuple[int, int, str]:
        held = _held(groups[root], before)
        return -(held[0][1] if held else 0), -len(groups[root]), root

    for root in sorted(groups, key=rank):
        kept = [name for name, _ in _held(groups[root], before) if name not in used]
        names[root] = kept[0] if kept else _fresh(register, groups[root], used)
        used.add(names[root])
    return [names[found.group[one]] for one in told.ids], found.review


def _held(group: Sequence[str], before: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the names that the records of a group had, most of them first."""
    return Counter(name for one in group if (name := before.get(one))).most_common()


def _fresh(register: Register, group: Sequence[str], used: set[str]) -> str:
    """Return a new name; it tells nothing of whom it names."""
    turn = 0
    while True:
        digest = sha256(f"{register.name}|{min(group)}|{turn}".encode()).hexdigest()
        name = f"{register.name[:1].upper()}{digest[:16]}"
        if name not in used:
            return name
        turn += 1


def again(register: Register, records: pa.Table, pairs: list[Pair]) -> Linked:
    """Return records and their pairs as a build kept them."""
    ids, model = records["record"].to_pylist(), MODELS[register.name]
    rows = {f: records[f].to_pylist() for f, _, _ in model.fields if f in records.column_names}
    return Linked(ids, pairs, _sure(model, prepared(model, rows, ids), ids))


def held_by(
    golden: pa.Table, holders: Mapping[str, str], cloak: Callable[[str], str]
) -> list[str | None]:
    """Return the subject that holds each paper: by its code, else by a name that one firm has.

    `holders` knows subjects by the vault's name of their code, and firms by the heart of a name.
    """
    found = []
    for code, name in zip(
        golden["holder_code"].to_pylist(), golden["holder"].to_pylist(), strict=True
    ):
        heart = CLEANERS["firm"](name).get("heart") if name else None
        known = holders.get(cloak(code)) if code else None
        found.append(known or (holders.get(f"={heart}") if heart and not code else None))
    return found


def hearts(names: Sequence[str | None], subjects: Sequence[str]) -> dict[str, str]:
    """Return the firms whose heart of a name no other has."""
    told = [CLEANERS["firm"](name).get("heart") if name else None for name in names]
    count = Counter(told)
    return {
        f"={heart}": subject
        for heart, subject in zip(told, subjects, strict=True)
        if heart and count[heart] == 1
    }
