"""`mindu senses tiers`, `hold`, `free` and `cold`: what is kept where, and what may not go."""

import argparse
import getpass

from mindu.cli.say import GOOD, Voice, state
from mindu.cli.senses.store import FOLDER, now_ms, told_well
from mindu.data.senses.memory import kept
from mindu.data.senses.memory import tiers as moving
from mindu.data.senses.memory.pieces import COLD
from mindu.data.senses.senses import Senses
from mindu.perceive.declare import Keep


def tiers(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    """Say what is kept where; with `--move`, first move what is due."""
    keep, now = Keep(hand=asked.keep_days or None), now_ms()
    moved = moving.tier(store, now, keep) if asked.move else None
    told = kept.told(store, now, keep)
    tiers_ = (("hand 在线", told.hand), ("cold 冷存", told.cold))
    lines = [_folder(name, tier) for name, tier in tiers_]
    lines += [_line(kind) for kind in told.kinds]
    for hold in store.keeping.holds.values():
        about = hold.device or hold.group or hold.kind or "everything 全部"
        lines.append(f"hold 冻结 {hold.name}: {about} — {hold.why} ({hold.by})")
    if moved is not None:
        lines.append(
            f"→ cold 转冷 {sum(moved.cold.values())}, gone 清除 {sum(moved.gone.values())}"
        )
    voice.data({"kept": told, "holds": list(store.keeping.holds.values())}, "\n".join(lines))
    return GOOD


def _folder(name: str, tier: kept.Tier) -> str:
    days = f"{tier.days} days 天 {tier.since}…{tier.until}"
    return f"{name}: {tier.rows} rows 条, {tier.bytes} B, {days}"


def _line(kind: kept.Kind) -> str:
    keep = kind.keep
    raw = "for ever 永久" if keep.raw is None else f"{keep.raw} d 天"
    hand = "for ever 永久" if keep.hand is None else f"{keep.hand} d 天"
    told = f"{kind.name}: hand 在线 {hand}, raw 原始 {raw}"
    told += f", {keep.basis}: {keep.legal} d 天" if keep.legal else ""
    gone = f", gone before 已清除至 {kind.gone_before}: {kind.gone} rows 条"
    return told + (gone if kind.gone_before else "")


def hold(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    """Let nothing of a kind, group or device be dropped."""
    about = (asked.kind, asked.group, asked.device)
    kept.hold(store, asked.name, asked.why, by=getpass.getuser(), now=now_ms(), about=about)
    voice.data({"held": asked.name}, f"{asked.name}: held 已冻结")
    return GOOD


def free(store: Senses, asked: argparse.Namespace, voice: Voice) -> int:
    """End a hold."""
    kept.free(store, asked.name, by=getpass.getuser(), now=now_ms())
    voice.data({"freed": asked.name}, f"{asked.name}: freed 已解冻")
    return GOOD


def cold(asked: argparse.Namespace, voice: Voice) -> int:
    """Let another folder, of a slower disk perhaps, be the cold tier."""
    with told_well():
        kept.elsewhere(state(asked.data) / FOLDER / "readings" / COLD, asked.folder)
    voice.data({"cold": str(asked.folder)}, str(asked.folder))
    return GOOD
