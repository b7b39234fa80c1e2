"""`mindu register review`: pairs of records that a person decides, with what is alike, masked."""

import argparse
from collections.abc import Mapping

from mindu.brain.stewards.grading import MASKS
from mindu.brain.stewards.resolve import MODELS, pairs
from mindu.cli.register import held
from mindu.cli.say import FOUND, GOOD, Voice, state
from mindu.data.gateway.opening import masked
from mindu.data.grants.duties import MASKS as KNOWN
from mindu.data.grants.duties import Mask
from mindu.data.registers import store
from mindu.data.registers.declare import Register
from mindu.data.registers.sealing import opened, secret
from mindu.engines.linkage.join import CERTAIN
from mindu.engines.linkage.said import CLASH, ZH, why


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the register")
    add.add_argument("--most", type=int, default=20, help="pairs that are shown, surest first")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Tell the pairs that wait; 1 if there are any."""
    register = held.register(asked.name)
    with held.city(state(asked.data)) as town:
        place = town.place(register.name)
        waiting = pairs(store.table(place, "review"))
        shown = sorted(waiting, key=lambda one: -one.chance)[: max(0, asked.most)]
        records = store.some(place, {one for pair in shown for one in (pair.a, pair.b)})
        records = opened(records, town.vault, names=secret(register))
    rows = {row["record"]: row for row in records.to_pylist()}
    told, lines = [], [f"{len(waiting)} pairs 对"]
    for pair in shown:
        reasons = why(MODELS[register.name], pair.likeness)
        reasons += [CLASH] if pair.chance >= CERTAIN else []
        reasons = [ZH[one] for one in reasons] if voice.lang == "zh" else reasons
        sides = [_shown(register, rows[one]) for one in (pair.a, pair.b)]
        told.append({"a": pair.a, "b": pair.b, "chance": pair.chance, "why": reasons,
                     "records": sides})  # fmt: skip
        lines.append(f"{pair.chance:.2f}  {'; '.join(reasons)}")
        lines += [f"  {side['record']}  {side['source']}  {_line(side)}" for side in sides]
    voice.data({"waiting": len(waiting), "pairs": told}, "\n".join(lines))
    return FOUND if waiting else GOOD


def _shown(register: Register, row: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return a record for whoever decides: what names people is masked."""
    found: dict[str, str | None] = {"record": row["record"], "source": row["source"]}
    for trait in register.traits:
        how: Mask = "clear"
        if trait.sealed:
            named = MASKS.get(trait.kind, "year" if trait.name == "birth" else "hide")
            assert named in KNOWN, "a mask is one of the duties'"
            how = named  # type: ignore[assignment]
        found[trait.name] = masked(how, row[trait.name])
    return found


def _line(side: Mapping[str, str | None]) -> str:
    shown = [f"{n}={v}" for n, v in side.items() if v and n not in {"record", "source"}]
    return "  ".join(shown)
