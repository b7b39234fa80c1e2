"""`mindu senses`: open the doors, keep the register, take files in, and ask."""

import argparse
import csv
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from sys import intern

import msgspec

from mindu.cli.say import FOUND, GOOD, Voice, state
from mindu.cli.senses import kept, spread
from mindu.cli.senses.store import FOLDER, now_ms, opened, told_well
from mindu.data.senses.beside.words import all_shown
from mindu.data.senses.intake import Offer, Receipt
from mindu.data.senses.memory import reads
from mindu.data.senses.registry import Registry
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.health import Health
from mindu.edge.certificates import Authority
from mindu.edge.field.drop import READERS, parts
from mindu.edge.keys import Keys, Sender
from mindu.perceive.declare import Device, Model

_SHARED = {"kind", "group"}  # fields that tell the same of many devices
_BEYOND = "\0"  # what DictReader is to call cells beyond the heading


def senses(asked: argparse.Namespace, voice: Voice) -> int:
    """Run one verb of `mindu senses`."""
    verbs: dict[str, Callable[[Senses, argparse.Namespace, Voice], int]] = {
        "key": _key, "kinds": _kinds, "devices": _devices, "take": _take, "account": _account,
        "window": _window, "health": _health, "certify": _certify,
        "tiers": kept.tiers, "hold": kept.hold, "free": kept.free,
    }  # fmt: skip
    if asked.what == "key" and not asked.device:
        return _sender(asked, voice)
    alone = {"cold": kept.cold, "means": spread.means, "shard": spread.shard,
             "size": spread.size}  # fmt: skip
    if asked.what in alone:
        return alone[asked.what](asked, voice)
    with opened(state(asked.data) / FOLDER) as store:
        return verbs[asked.what](store, asked, voice)


def _key(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    keys = Keys(store.folder / "keys", store.registry)
    if asked.void:
        store.rekey(asked.name)
    key = keys.device(asked.name)
    voice.data({"name": asked.name, "key": key}, key)
    return GOOD


def _sender(asked: argparse.Namespace, voice: Voice) -> int:
    """Make a sender's key; a node that runs takes it up by itself."""
    with told_well():
        keys = Keys(state(asked.data) / FOLDER / "keys", Registry())
        if asked.void:
            keys.revoke(asked.name)
        groups = tuple(asked.group) or None
        sender = Sender(groups=groups, keeps=asked.keeps, orders=asked.orders)
        key = keys.grant(asked.name, sender)
    voice.data({"name": asked.name, "key": key}, key)
    return GOOD


def _kinds(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    told = msgspec.json.decode(asked.file.read_bytes(), type=list[Model] | Model)
    models = told if isinstance(told, list) else [told]
    for model in models:
        store.declare(model)
    voice.data([m.name for m in models], "\n".join(m.name for m in models))
    return GOOD


def _devices(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    devices = _listed(asked.file)
    new = store.enrol(devices, now=now_ms())
    voice.data({"received": len(devices), "new": new}, f"{len(devices)} → {new} new 新增")
    return GOOD


def _listed(file: Path) -> list[Device]:
    """Return the devices in a file; a table is read row by row, for its text is large."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as text:
            return [_row(row) for row in csv.DictReader(text, restkey=_BEYOND)]
    body = file.read_bytes()
    if file.suffix == ".ndjson":
        return msgspec.json.Decoder(Device).decode_lines(body)
    return msgspec.json.decode(body, type=list[Device])


def _row(row: dict[str, str]) -> Device:
    """Return the device in a row of CSV; columns that are no fields become facts."""
    if _BEYOND in row:
        raise ValueError(f"{row.get('id')}: the row has more cells than the heading")
    known = {k: _once(k, v) for k, v in row.items() if k in Device.__struct_fields__ and v}
    device = msgspec.convert(known, Device, strict=False)
    facts = tuple((k, v) for k, v in row.items() if k not in Device.__struct_fields__ and v)
    return msgspec.structs.replace(device, facts=_alike(facts)) if facts else device


@lru_cache(maxsize=4096)
def _alike(facts: tuple[tuple[str, str], ...]) -> dict[str, str | float | bool]:
    """Return facts, the same for all devices that share them."""
    return msgspec.convert(dict(facts), dict[str, str | float | bool], strict=False)


def _once(field: str, text: str) -> str:
    """Return a text, and of what many devices share the same one."""
    return intern(text) if field in _SHARED else text


def _take(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    told: dict[str, list[Receipt]] = {}
    for path in asked.files:
        if path.suffix not in READERS:
            raise ValueError(f"{path}: give {', '.join(READERS)}")
        told[str(path)] = [store.take([Offer("file", said)], now_ms())[0] for said in parts(path)]
    total = store.account.total("file")
    voice.data(told, msgspec.json.encode(total).decode())
    return GOOD if not any(r.refused for them in told.values() for r in them) else FOUND


def _account(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    del asked
    sources = {name: store.account.total(name) for name in store.account.sources()}
    lines = [f"{name}: {msgspec.json.encode(tally).decode()}" for name, tally in sources.items()]
    total = store.total()
    lines.append(f"= {msgspec.json.encode(total).decode()}")
    voice.data({"total": total, "sources": sources, "whole": total.whole}, "\n".join(lines))
    return GOOD if total.whole else FOUND


def _health(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    del asked
    found = Health(store.registry, store.now).judged(now_ms(), store)
    lines = [f"{device} {it.finding}: {it.says.zh if voice.lang == 'zh' else it.says.en}"
             for device, it in found]  # fmt: skip
    well = "没有发现问题。" if voice.lang == "zh" else "Nothing is wrong."
    voice.data(found, "\n".join(lines) or well)
    return FOUND if found else GOOD


def _certify(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    authority = Authority(store.folder / "keys", store.registry)
    told = authority.device(asked.device, asked.request.read_bytes(), now_ms(), days=asked.days)
    text = told.decode() + authority.root(now_ms()).decode()
    voice.data({"device": asked.device, "certificate": text}, text)
    return GOOD


def _window(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    series = store.registry.one(asked.device, asked.prop)
    if series < 0:
        raise KeyError(f"no device {asked.device!r} reports {asked.prop!r}")
    until, known = _instant(asked.until), _instant(asked.known)
    rows = reads.last(store, series, asked.last, until=until, known=known)
    values = all_shown(store.words, store.registry.prop(series).form, rows.value)
    told = [
        (datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds"), value)
        for at, value in zip(rows.at.tolist(), values, strict=True)
    ]
    voice.data(told, "\n".join(f"{at}  {value}" for at, value in told))
    return GOOD


def _instant(told: str | None) -> int | None:
    if told is None:
        return None
    at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        raise ValueError(f"{told}: say the zone, as in 2026-06-01T21:35+08:00")
    return round(at.timestamp() * 1000)
