"""The chapters of a night: what was judged, done, saved and got wrong."""

from html import escape

from mindu.base.records import Action, Entry, Judgement, Outcome, Settlement, Weighing
from mindu.console.look import Look
from mindu.console.plots import symbol
from mindu.console.report.measured import Measured
from mindu.console.report.paper import of, table, word
from mindu.console.report.parts import effect, title
from mindu.console.tell import told
from mindu.console.words import clock, number, span, titled


def judged(look: Look) -> str:
    """Tell what was judged, once per change, with its lead and what came of it."""
    came = {
        cause: entry
        for entry in look.board.entries.values()
        if isinstance(entry.record, Settlement) and entry.record.verdict != "forecast"
        for cause in entry.because
    }
    rows, last = [], dict[tuple[str, str, str], int]()
    for entry in of(look, Judgement):
        record = entry.record
        assert isinstance(record, Judgement)
        key = (entry.about, entry.by, record.finding)
        if last.get(key) == record.severity and entry.seq not in came:
            continue  # said again without news
        last[key] = record.severity
        end = came.get(entry.seq)
        settled = end.record if end else None
        lead = settled.lead if isinstance(settled, Settlement) else None
        rows.append((
            clock(entry.at, look.feed.zone),
            title(look, entry.about),
            f"{symbol(record.severity, look.lang)} {told(entry, look.lang)}",
            span(lead, look.lang) if lead is not None else "–",
            told(end, look.lang) if end else "–",
        ))  # fmt: skip
    return table(look, ("when", "where", "what", "lead", "came"), rows)


def done(look: Look) -> str:
    """Tell what was proposed, who decided and what came of it."""
    rows = []
    for entry in of(look, Action):
        decision = look.board.decisions.get(entry.seq)
        sending, outcome = (
            kept.get(entry.seq) for kept in (look.board.sendings, look.board.outcomes)
        )
        who = f"{escape(decision.by)}: {told(decision, look.lang)}" if decision else ""
        came = "; ".join(told(e, look.lang) for e in (sending, outcome) if e)
        rows.append((
            clock(entry.at, look.feed.zone),
            title(look, entry.about),
            told(entry, look.lang),
            who or word("nobody", look.lang),
            came or "–",
        ))  # fmt: skip
    return table(look, ("when", "where", "what", "who", "came"), rows)


def saved(look: Look, measured: Measured | None = None) -> str:
    """Hold the night against what it would have been, then the plans against the others weighed."""
    return ("" if measured is None else measured.told(look)) + _modelled(look)


def _modelled(look: Look) -> str:
    weighings = of(look, Weighing)
    costs: dict[str, list[float]] = {}
    names: dict[str, str] = {}
    wins: dict[str, int] = {}
    for entry in weighings:
        record = entry.record
        assert isinstance(record, Weighing)
        wins[record.chosen] = wins.get(record.chosen, 0) + 1
        for option in record.options:
            costs.setdefault(option.name, []).append(option.mean)
            names[option.name] = look.pick(titled(option))
    if not costs:
        return f"<p>{word('not_compared', look.lang)}</p>"
    rows = [
        (escape(names[name]), number(sum(seen) / len(seen)), str(wins.get(name, 0)))
        for name, seen in sorted(costs.items(), key=lambda kv: sum(kv[1]) / len(kv[1]))
    ]
    worst = max(weighings, key=_stakes)
    assert isinstance(worst.record, Weighing)
    return (
        f"<p>{word('modelled', look.lang)}</p>"
        f"<p>{clock(worst.at, look.feed.zone)} {told(worst, look.lang)}</p>"
        f"{effect(look, worst.record)}{table(look, ('option', 'mean', 'wins'), rows)}"
    )


def wrong(look: Look) -> str:
    """Tell what was missed, raised in vain, promised and not kept, or failed."""
    rows = []
    for entry in sorted(look.board.entries.values(), key=lambda e: e.seq):
        record = entry.record
        missed = isinstance(record, Settlement) and record.verdict in {"miss", "false_alarm"}
        broken = isinstance(record, Outcome) and record.sent and not record.kept
        if missed or broken or entry in look.board.failures:
            where = title(look, entry.about)
            said = f"{told(entry, look.lang)} <small>{escape(entry.by)}</small>"
            rows.append((clock(entry.at, look.feed.zone), where, said))
    return table(look, ("when", "where", "what"), rows)


def _stakes(entry: Entry) -> float:
    record = entry.record
    assert isinstance(record, Weighing)
    costs = [option.mean for option in record.options]
    return max(costs, default=0.0) - min(costs, default=0.0)
