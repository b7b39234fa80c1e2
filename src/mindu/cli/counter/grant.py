"""`mindu hotline key`, `officer` and `duty`: who may come in, and which unit answers for what."""

import argparse
import csv
import secrets
from hashlib import sha256
from pathlib import Path

from mindu.base.records import Words
from mindu.brain.cases import Role
from mindu.brain.casework import duty as duties
from mindu.brain.casework import rights
from mindu.brain.casework.dispatch import DUTY
from mindu.cli.counter.beside import Duty, Put
from mindu.cli.counter.house import KIND, looked
from mindu.cli.counter.orders import give
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.edge.open311 import keys

CLERK = "the command line 命令行"


def key(asked: argparse.Namespace, voice: Voice) -> int:
    """Make an API key; only its digest is kept."""
    secret = secrets.token_urlsafe(24)
    row = (asked.client, _digest(secret), asked.area, asked.until, asked.may)
    _lay(asked, keys.TABLE, keys.COLUMNS, row)
    voice.data({"client": asked.client, "api_key": secret}, secret)
    return GOOD


def officer(asked: argparse.Namespace, voice: Voice) -> int:
    """Put somebody on the roster, or take the place of what stood there under that id."""
    secret = secrets.token_urlsafe(12)
    row = (asked.id, asked.name, asked.unit, asked.roles, asked.areas, asked.until,
           _digest(secret))  # fmt: skip
    try:
        rights.read([row])
    except ValueError as wrong:
        known = ", ".join(role for role in Role if role not in {"machine", "caller"})
        raise Trouble(
            Words(str(wrong), f"名册有误:{wrong}"), Words(f"Roles: {known}", f"角色:{known}")
        ) from wrong
    _lay(asked, "roster", rights.COLUMNS, row)
    voice.data({"officer": asked.id, "secret": secret}, secret)
    return GOOD


def duty(asked: argparse.Namespace, voice: Voice) -> int:
    """Check a duty table for holes and overlaps; lay it down if asked to."""
    folder = state(asked.data)
    with looked(folder) as office:
        units = [row[0] for row in office.rows("units", KIND.name)]
        rows = rows_of(asked.file) if asked.file else office.rows(DUTY, KIND.name)
    topics = sorted({service.topic for service in KIND.services if service.topic})
    places = sorted({j.code for j in KIND.jurisdictions if len(j.code) > 4})
    try:
        table = duties.read(rows, units)
        if asked.lay:
            give(folder, Duty(rows, str(asked.file or "shipped"), asked.by or CLERK))
    except ValueError as wrong:
        raise Trouble(
            Words(str(wrong), f"职责清单有误:{wrong}"),
            Words("Mend the table.", "请修正清单。"),
        ) from wrong
    holes, clash = table.holes(topics, places), table.overlaps(topics, places)
    found = {
        "lines": len(table.lines),
        "holes": [f"{topic} in {place}" for topic, place in holes],
        "overlaps": [f"lines {a.number} and {b.number}" for a, b in clash],
    }
    voice.data(found, "\n".join(f"{name:>9}: {value}" for name, value in found.items()))
    return FOUND if holes or clash else GOOD


def _lay(
    asked: argparse.Namespace, name: str, columns: tuple[str, ...], row: tuple[str, ...]
) -> None:
    give(state(asked.data), Put(name, columns, row, CLERK))


def rows_of(path: Path) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a CSV file below its head.

    Raises:
        Trouble: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise Trouble(
            Words(f"{path} cannot be read: {wrong}", f"{path} 无法读取:{wrong}"),
            Words("Give a CSV file in UTF-8.", "请给 UTF-8 的 CSV 文件。"),
        ) from wrong
    return tuple(tuple(row) for row in csv.reader(lines[1:]) if row)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
