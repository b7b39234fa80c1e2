"""`mindu senses means` and `shard`: one question to many machines, one register to many brains."""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mindu.cli.say import GOOD, Voice, state
from mindu.cli.senses.store import FOLDER, now_ms, told_well
from mindu.data.senses.memory.across import Answer, Asked
from mindu.data.senses.spread.beside import Beside, together
from mindu.data.senses.spread.shards import Shards
from mindu.data.senses.spread.workers import OnRay, Processes, Workers
from mindu.perceive.declare import Device
from mindu.sim.size import City, Slopes, day, total

DAY_MS = 86_400_000


def means(asked: argparse.Namespace, voice: Voice) -> int:
    """Say what many series came to, beside the node that writes them, or beside several."""
    with told_well():
        try:
            told = _means(asked)
        except RuntimeError as wrong:
            raise ValueError(str(wrong)) from wrong
    at, value, count = (column.tolist() for column in told.means)
    rows = zip(at, value, count, strict=True)
    lines = [f"{_when(start)}  {number:g}  {many}" for start, number, many in rows]
    said = {"at": at, asked.how: value, "rows": count, "rolled_before": told.rolled}
    voice.data(said, "\n".join(lines))
    return GOOD


def _means(asked: argparse.Namespace) -> Answer:
    until = _instant(asked.until) or now_ms()
    since = _instant(asked.since) or until - DAY_MS
    workers = _workers(asked)
    folders = asked.folder or [state(asked.data) / FOLDER]
    answers = []
    for folder in folders:
        beside = Beside(folder)
        prop = beside.registry.props.get(asked.prop, -1) if asked.prop else None
        group = beside.registry.groups.get(asked.group, -1) if asked.group else None
        span = (since, until, asked.every * 1000)
        answers.append(beside.means(Asked(prop, group, *span, asked.how), workers))
    return together(answers, asked.how)


def _workers(asked: argparse.Namespace) -> Workers:
    return OnRay(asked.ray) if asked.ray else Processes(asked.processes or os.cpu_count() or 1)


def _when(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def _instant(told: str | None) -> int | None:
    if told is None:
        return None
    at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        raise ValueError(f"{told}: say the zone, as in 2026-06-01T21:35+08:00")
    return round(at.timestamp() * 1000)


def shard(asked: argparse.Namespace, voice: Voice) -> int:
    """Deal a register of devices out to brains, one file each."""
    with told_well():
        pins = dict(_pin(told) for told in asked.pin)
        devices = msgspec.json.Decoder(Device).decode_lines(asked.file.read_bytes())
        dealt = Shards(tuple(asked.brain), pins).dealt(devices)
        asked.out.mkdir(parents=True, exist_ok=True)
        for brain, mine in dealt.items():
            told = b"".join(msgspec.json.encode(device) + b"\n" for device in mine)
            (asked.out / f"{Path(brain).name}.ndjson").write_bytes(told)
    counts = {brain: len(mine) for brain, mine in dealt.items()}
    voice.data(counts, "\n".join(f"{brain}: {count}" for brain, count in counts.items()))
    return GOOD


def size(asked: argparse.Namespace, voice: Voice) -> int:
    """Live a day of a city that is not built yet, and say what it comes to."""
    with told_well():
        city = City(
            devices=asked.devices, brains=asked.brains, every=asked.every, props=asked.props,
            groups=asked.groups, cores=asked.cores, days=asked.days,
        )  # fmt: skip
        brains = day(city, Slopes(), asked.seed)
    told = total(city, brains)
    bill = told.busy * asked.core_year + told.kept / 1e12 * asked.tb_year
    rows = [f"{it.devices:>10,} devices 设备 {it.mean:>9,.0f}/s peak 峰值 {it.peak:>9,.0f}/s"
            f" {it.busy:.2f} cores 核 {it.memory / 1e6:,.0f} MB {it.disk / 1e9:.1f} GB/day 天"
            f" delay 延迟 {it.delay} min" for it in brains]  # fmt: skip
    rows += [
        f"= {told.mean:,.0f}/s, peak 峰值 {told.peak:,.0f}/s, {told.busy:.2f} cores 核, "
        f"{told.memory / 1e9:.1f} GB memory 内存",
        f"  {told.disk / 1e9:,.0f} GB/day 天, {told.kept / 1e12:.2f} TB in {asked.days} days 天, "
        f"journal 流水 {told.journal / 1e9:,.0f} GB/day 天",
        f"  sent 发出 {told.sent:,} = stored 入库 {told.stored:,} + waiting 待送 {told.waiting:,}",
    ]
    rows += [f"  {bill:,.0f} a year 年"] if bill else []
    cost = {"year": bill} if bill else {}
    voice.data({"total": told._asdict(), "brains": [b._asdict() for b in brains], **cost},
               "\n".join(rows))  # fmt: skip
    return GOOD


def _pin(told: str) -> tuple[str, str]:
    group, sign, brain = told.partition("=")
    if not sign or not group or not brain:
        raise ValueError(f"{told}: pin a group as GROUP=BRAIN")
    return group, brain
