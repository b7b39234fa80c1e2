"""Asking a stored city: why, how well, and whether the log is whole."""

import argparse
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from rich.cells import cell_len

from mindu.base.records import Entry, Words
from mindu.base.wrong import Damaged, said
from mindu.cli.live.store import OPEN_LOG, OPEN_NOTES, ZONE, open_log, read_log, stored
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.console.answers.sums import SHOWN, lines
from mindu.console.plots import bars
from mindu.console.tell import told
from mindu.console.words import moment, number, pick, say
from mindu.data.keeping.home import home
from mindu.data.proof.audit import audit
from mindu.data.proof.notary import FILE, NAME

WIDE = 12  # cells of a column


def why(asked: argparse.Namespace, voice: Voice) -> int:
    """Show what led to an entry and what followed from it."""
    feed = stored(state(asked.data))
    if asked.id not in feed.board.entries:
        raise Trouble(
            Words(f"There is no entry {asked.id}.", f"没有第 {asked.id} 条。"),
            Words(f"Entries run from 0 to {feed.board.seq}.", f"条目为 0 至 {feed.board.seq}。"),
        )
    chain, then = feed.board.why(asked.id), feed.board.after(asked.id)
    lines = [_line(entry, voice) for entry in chain]
    after = [f"  ↳ {_line(entry, voice)}" for entry in then]
    voice.data({"chain": chain, "then": then}, "\n".join([*lines, *after]))
    return GOOD


def score(asked: argparse.Namespace, voice: Voice) -> int:
    """Show what every loop's judgements and promises came to."""
    feed = stored(state(asked.data))
    cards = lines(feed.board.cards)
    if asked.plot:
        write_plot(asked.plot, {by: float(card["hits"] or 0) for by, card in cards.items()})
    voice.data(cards, table(cards, voice.lang))
    return GOOD


def table(cards: Mapping[str, Mapping[str, float | None]], lang: str) -> str:
    """Return the cards as a table, without columns in which nothing was measured."""
    told = [name for name in SHOWN if any(card[name] is not None for card in cards.values())]
    width = max((len(by) for by in cards), default=4)
    heads = ["CRPS" if name == "crps" else say(name, lang) for name in told]
    rows = [(by, [_cell(card[name]) for name in told]) for by, card in cards.items()]
    return "\n".join(
        f"{by:<{width}}" + "".join(" " * max(WIDE - cell_len(c), 1) + c for c in cells)
        for by, cells in [("", heads), *rows]
    )


def _cell(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else number(value)


def verify(asked: argparse.Namespace, voice: Voice) -> int:
    """Check chain, tree, blocks, receipts and signed notes; 1 if anything was changed."""
    folder = state(asked.data)
    log = open_log(folder)
    try:
        found, beside = audit(log, folder / FILE, NAME), _portal(folder)
    except ValueError as wrong:
        why = pick(said(wrong), voice.lang)
        voice.data({"whole": False, "wrong": why}, f"✗ {why}")
        return FOUND
    good = {"en": "every entry is as it was written", "zh": "每一条都与写入时一致"}[voice.lang]
    signed = {
        "en": f"{found.receipts} receipts and {found.notes} signed notes hold",
        "zh": f"{found.receipts} 张用数凭据、{found.notes} 个签名检查点均成立",
    }[voice.lang]
    voice.data(
        {
            "whole": True, "entries": len(log), "head": log.head,
            "receipts": found.receipts, "notes": found.notes, "portal": beside,
        },
        f"✓ {len(log)}: {good}\n✓ {signed}\n  {log.head}"
        + "".join(f"\n✓ {OPEN_LOG} {name}: {value}" for name, value in beside.items()),
    )  # fmt: skip
    return GOOD


def _portal(folder: Path) -> dict[str, int | str]:
    """Return what the portal's own log comes to, held against its notes; nothing without one.

    Raises:
        ValueError: it was changed.
    """
    there = home(folder)
    if not there.there(OPEN_LOG):
        return {}
    log = read_log(there.log(OPEN_LOG))
    try:
        found = audit(log, folder / OPEN_NOTES, NAME)
    except ValueError as wrong:
        raise Damaged(
            f"the log {OPEN_LOG}: {wrong}", f"日志 {OPEN_LOG}:{said(wrong).zh}"
        ) from wrong
    return {"entries": len(log), "receipts": found.receipts, "notes": found.notes}


def write_plot(path: Path, values: dict[str, float]) -> None:
    """Write bars as SVG or PNG, by the file's ending.

    Raises:
        Trouble: another ending.
    """
    if path.suffix == ".svg":
        drawn = bars([(k, v, v, "") for k, v in values.items()], label="score")
        path.write_text(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))
        return
    if path.suffix != ".png":
        raise Trouble(
            Words(f"{path.name}: plots are .svg or .png.", f"{path.name}:图件须为 .svg 或 .png。"),
            Words("Give --plot FILE.svg.", "请用 --plot FILE.svg。"),
        )
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import, rarely asked for

    figure = Figure(figsize=(8, 0.5 * len(values) + 1))
    figure.subplots().barh(list(values), list(values.values()), color="#0f6153")
    figure.savefig(path, bbox_inches="tight")


def _line(entry: Entry, voice: Voice) -> str:
    kind = type(entry.record).__name__
    said = re.sub(r"\s+", " ", unescape(told(entry, voice.lang)))
    return f"#{entry.seq} {moment(entry.at, ZONE)} {kind} {entry.about} [{entry.by}] {said}"
