"""The chapters of a night: what was judged, done, saved and got wrong."""

from collections.abc import Sequence
from html import escape

from mindu.base.records import Action, Entry, Judgement, Outcome, Settlement, Weighing
from mindu.console.look import Look
from mindu.console.plots import symbol
from mindu.console.report.parts import effect, title
from mindu.console.tell import told
from mindu.console.words import clock, number, span

ROWS = 120  # lines a table; the rest are in the log

WORDS = {
    "title": ("Report of the night", "本夜报告"),
    "short": ("In short", "概要"),
    "judged": ("What was judged, and when", "何时作出何种判断"),
    "done": ("What was done, and who said yes", "采取了什么措施,谁批准"),
    "saved": ("What it saved", "效果对比"),
    "wrong": ("Where it was wrong", "哪里判断有误"),
    "places": ("The places that mattered", "重点地点"),
    "score": ("Score", "得分"),
    "none": ("None.", "无。"),
    "nobody": ("nobody", "无人"),
    "modelled": (
        "Modelled costs of the options, as weighed during the night; not measured damage.",
        "以下为当夜比选时的模型代价,并非实测损失。",
    ),
    "not_compared": (
        "No options were weighed, so nothing can be compared.",
        "未比选方案,无从对比。",
    ),
}
HEADS = {
    "when": ("when", "时间"),
    "where": ("where", "地点"),
    "what": ("what", "内容"),
    "lead": ("lead", "提前"),
    "came": ("came of it", "结果"),
    "who": ("decided by", "决定人"),
    "option": ("option", "方案"),
    "mean": ("mean", "平均"),
    "wins": ("times chosen", "选中次数"),
}


def word(key: str, lang: str) -> str:
    """Return a heading in that language, safe for HTML."""
    return escape((WORDS.get(key) or HEADS[key])[lang == "zh"])


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
    return _table(look, ("when", "where", "what", "lead", "came"), rows)


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
    return _table(look, ("when", "where", "what", "who", "came"), rows)


def saved(look: Look) -> str:
    """Hold the chosen plans against the other options weighed."""
    weighings = of(look, Weighing)
    costs: dict[str, list[float]] = {}
    wins: dict[str, int] = {}
    for entry in weighings:
        record = entry.record
        assert isinstance(record, Weighing)
        wins[record.chosen] = wins.get(record.chosen, 0) + 1
        for option in record.options:
            costs.setdefault(option.name, []).append(option.mean)
    if not costs:
        return f"<p>{word('not_compared', look.lang)}</p>"
    rows = [
        (escape(name), number(sum(seen) / len(seen)), str(wins.get(name, 0)))
        for name, seen in sorted(costs.items(), key=lambda kv: sum(kv[1]) / len(kv[1]))
    ]
    worst = max(weighings, key=_stakes)
    assert isinstance(worst.record, Weighing)
    return (
        f"<p>{word('modelled', look.lang)}</p>"
        f"<p>{clock(worst.at, look.feed.zone)} {told(worst, look.lang)}</p>"
        f"{effect(look, worst.record)}{_table(look, ('option', 'mean', 'wins'), rows)}"
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
    return _table(look, ("when", "where", "what"), rows)


def _stakes(entry: Entry) -> float:
    record = entry.record
    assert isinstance(record, Weighing)
    costs = [option.mean for option in record.options]
    return max(costs, default=0.0) - min(costs, default=0.0)


def of(look: Look, kind: type) -> list[Entry]:
    """Return the entries of one kind of record, oldest first."""
    known = look.board.entries.values()
    return sorted((e for e in known if isinstance(e.record, kind)), key=lambda e: e.seq)


def _table(look: Look, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return f"<p>{word('none', look.lang)}</p>"
    head = "".join(f"<th scope='col'>{word(h, look.lang)}</th>" for h in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[:ROWS]
    )
    rest = f"<p>… {len(rows) - ROWS}</p>" if len(rows) > ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"
