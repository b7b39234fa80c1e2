"""What is kept where, as people ask for it; and the holds that keep readings from being dropped."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from mindu.data.senses.beside.folds import KEEPING
from mindu.data.senses.beside.keeping import Freed, Hold, encode
from mindu.data.senses.memory.pieces import COLD
from mindu.data.senses.memory.tiers import NEVER, Store, rule
from mindu.perceive.declare import Keep

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """One folder of readings."""

    rows: int
    bytes: int
    days: int
    since: str  # the oldest day, empty if there is none
    until: str


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """How long readings of one kind are kept, and how much of them is gone."""

    name: str
    keep: Keep
    hand_since: str  # the oldest day that belongs at hand, empty: all
    kept_since: str  # the oldest day that belongs in any tier, empty: all
    gone_before: str  # the day before which readings stand no more, empty: none are gone
    gone: int  # readings that were dropped; the rollups have counted them


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept where."""

    hand: Tier
    cold: Tier
    kinds: list[Kind]
    held: int  # series under a hold
    rolls_before: str  # the day before which rollups are gone, empty: none are


def told(store: Store, now: int, keep: Keep) -> Kept:
    """Return what is kept where at an instant (epoch ms); `keep` counts where nothing is said."""
    asked, keeping = rule(store, now, keep), store.keeping
    kinds = [
        Kind(
            name=name, keep=model.keep or keep,
            hand_since=_day(hand), kept_since=_day(kept),
            gone_before=_day(keeping.gone.get(name, NEVER)), gone=keeping.rows.get(name, 0),
        )
        for (name, model), hand, kept in zip(
            store.registry.kinds.items(), asked.hand.tolist(), asked.kept.tolist(), strict=True
        )
    ]  # fmt: skip
    return Kept(
        hand=_tier(store, ""), cold=_tier(store, COLD), kinds=kinds, held=len(asked.held),
        rolls_before=_day(keeping.rolls or NEVER),
    )  # fmt: skip


def _tier(store: Store, name: str) -> Tier:
    pieces = [p for day in store.table.days() for p in store.table.of_day(day) if p.tier == name]
    days = sorted({piece.day for piece in pieces})
    return Tier(
        rows=sum(p.rows for p in pieces), bytes=sum(p.path.stat().st_size for p in pieces),
        days=len(days), since=_day(days[0]) if days else "", until=_day(days[-1]) if days else "",
    )  # fmt: skip


def _day(day: int) -> str:
    return "" if day == NEVER else (_FIRST + timedelta(days=day)).date().isoformat()


def hold(
    store: Store, name: str, why: str, *, by: str, now: int, about: tuple[str, str, str]
) -> None:
    """Keep readings of (kind, group, device), empty is any, until someone frees them.

    Raises:
        ValueError: it names nothing that is known, says no reason, or its name is taken.
        OSError: the disk refuses.
    """
    with store.moves:  # nothing is dropped while a hold is laid
        told = Hold(name, why, by, now, *about)
        store.keeping.check(told, store.registry)
        store.commit([(KEEPING, encode([told]))])


def free(store: Store, name: str, *, by: str, now: int) -> None:
    """End a hold.

    Raises:
        KeyError: there is none of that name.
        OSError: the disk refuses.
    """
    with store.moves:
        if name not in store.keeping.holds:
            raise KeyError(f"no hold is called {name!r}")
        store.commit([(KEEPING, encode([Freed(name, by, now)]))])


def elsewhere(cold: Path, folder: Path) -> None:
    """Let a folder of another disk stand for the cold tier: the same table names its files.

    Raises:
        ValueError: the folder is not there, or the tier has files in another already.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder; make it, or mount its disk")
    if cold.is_symlink() and cold.resolve() == folder.resolve():
        return
    if cold.exists() or cold.is_symlink():
        raise ValueError(
            f"{cold} is in use; move its files to {folder}, and put a link in its place"
        )
    cold.parent.mkdir(parents=True, exist_ok=True)
    cold.symlink_to(folder.resolve(), target_is_directory=True)
