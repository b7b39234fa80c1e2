"""Resolve: the records of a register become subjects that keep their names from build to build."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import pyarrow as pa

from mindu.data.registers.declare import Register
from mindu.engines.linkage.clean import CLEANERS
from mindu.engines.linkage.join import Pair
from mindu.engines.linkage.model import Model
from mindu.engines.linkage.others import CREDIT, ENTERPRISE, LICENCE, PLACE
from mindu.engines.linkage.people import PERSON

MODELS: Mapping[str, Model] = {
    "person": PERSON, "enterprise": ENTERPRISE, "credit": CREDIT, "licence": LICENCE,
    "place": PLACE,
}  # fmt: skip
FLOOR, SEED = 0.05, 7  # least chance that is kept; the same records give the same scale
TURNS = 4  # names that a new subject may have, if others are taken
# Kinds whose tidy form is what a register shows; others stay as they were written.
_TIDY = {"id": "id", "phone": "phone", "credit": "code", "day": "day"}
_SOUND = {"id": "id_sure", "credit": "code_sure"}


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


def rows(register: Register, records: pa.Table) -> dict[str, list[str | None]]:
    """Return the fields of records that its model compares."""
    fields = [field for field, _, _ in MODELS[register.name].fields]
    return {field: records[field].to_pylist() for field in fields if field in records.column_names}


def named(
    register: Register, ids: Sequence[str], group: Mapping[str, str], before: Mapping[str, str],
    taken: Callable[[Sequence[str]], set[str]],
) -> list[str]:  # fmt: skip
    """Return the subject of each record.

    A group keeps the name that most of its records had; of two groups that share one, the greater.
    `taken` says which of some names are of subjects of the build before: no new one is called so.
    """
    groups: dict[str, list[str]] = {}
    for one in ids:
        groups.setdefault(group[one], []).append(one)
    names: dict[str, str] = {}
    used: set[str] = set()

    def rank(root: str) -> tuple[int, int, str]:
        held = _held(groups[root], before)
        return -(held[0][1] if held else 0), -len(groups[root]), root

    new = []
    for root in sorted(groups, key=rank):
        kept = [name for name, _ in _held(groups[root], before) if name not in used]
        if kept:
            names[root] = kept[0]
            used.add(kept[0])
        else:
            new.append(root)
    gone = taken([_fresh(register, root, turn) for root in new for turn in range(TURNS)])
    for root in new:
        some = (_fresh(register, root, turn) for turn in range(1 << 20))
        names[root] = next(name for name in some if name not in used | gone)
        used.add(names[root])
    return [names[group[one]] for one in ids]


def _held(group: Sequence[str], before: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the names that the records of a group had, most of them first."""
    return Counter(name for one in group if (name := before.get(one))).most_common()


def _fresh(register: Register, root: str, turn: int) -> str:
    """Return a name for the group of a least record; it tells nothing of whom it names."""
    digest = sha256(f"{register.name}|{root}|{turn}".encode()).hexdigest()
    return f"{register.name[:1].upper()}{digest[:16]}"


def sure(
    ids: Sequence[str], tidy: pa.Table, sound: Mapping[str, pa.Array]
) -> dict[str, frozenset[str]]:
    """Return the values of each record that no two subjects share and no subject has two of."""
    found: dict[str, frozenset[str]] = {}
    for field, good in sound.items():
        for one, value, holds in zip(ids, tidy[field].to_pylist(), good.to_pylist(), strict=True):
            if holds:
                found[one] = found.get(one, frozenset()) | {f"{field}={value}"}
    return found


def heart(name: str | None) -> str | None:
    """Return the heart of a firm's name."""
    return CLEANERS["firm"](name).get("heart") if name else None


def pairs(told: pa.Table) -> list[Pair]:
    """Return pairs as a build keeps them."""
    columns = (told[name].to_pylist() for name in ("a", "b", "chance", "likeness"))
    return [Pair(a, b, chance, tuple(like)) for a, b, chance, like in zip(*columns, strict=True)]
