"""Registers of departments as files beside the log, and pretend ones for the pretend people."""

import csv
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from mindu.apps.services.materials import Material
from mindu.apps.services.own.registers import Registers, nothing
from mindu.apps.services.world import PRETEND
from mindu.base.records import Words
from mindu.cli.say import Trouble

FILE, NUMBER = "registers.toml", "number"
MOST = 200_000  # rows of one register: it is held in memory
SAYS: Mapping[str, bool] = {"true": True, "false": False, "是": True, "否": False}


def registers(folder: Path, *, pretend: datetime | None) -> Registers:
    """Return the registers that `registers.toml` names; else pretend ones, where these may be.

    `pretend` is when what the pretend ones say was true; None: there are none of these.

    Raises:
        Trouble: names the file, what is wrong and how to mend it.
    """
    path = folder / FILE
    if path.exists():
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
            held = {kind: _register(folder, kind, said) for kind, said in told.items()}
        except (OSError, ValueError, KeyError, TypeError, csv.Error) as wrong:
            raise Trouble(
                Words(f"{path} cannot be read: {wrong}", f"{path} 无法读取:{wrong}"),
                Words('Write [household] with by = "…", at = 2026-11-25 and file = "….csv" whose '
                      "first column is number.",
                      "请按 [household] 写明 by、at、file;CSV 首列为 number(公民身份号码)。"),
            ) from None  # fmt: skip
        return lambda number: [rows[number] for rows in held.values() if number in rows]
    if pretend is None:
        return nothing
    return lambda number: [
        Material(kind=kind, told=dict(told), vouched=by, at=pretend)
        for kind, by, told in PRETEND.get(number, ())
    ]


def _register(folder: Path, kind: str, said: Mapping[str, Any]) -> dict[str, Material]:
    day = said["at"]
    if not isinstance(day, date):
        raise TypeError(f"[{kind}] says no day: at = 2026-11-25")
    at = datetime.combine(day, time(), UTC)
    by, found = str(said["by"]), dict[str, Material]()
    with (folder / str(said["file"])).open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if len(found) >= MOST:
                raise ValueError(f"[{kind}] has more than {MOST} rows")
            number = row.pop(NUMBER).strip()
            told = {name: SAYS.get(value.strip().lower(), value.strip())
                    for name, value in row.items() if name and value}  # fmt: skip
            found[number] = Material(kind=kind, told=told, vouched=by, at=at)
    return found
