"""The ledger: scores, the tail of the log, and the chain behind any entry."""

from html import escape

from mindu.base.records import Entry
from mindu.console.panels import Look, spot
from mindu.console.tell import link, told
from mindu.console.words import clock, number

TAIL = 24  # newest entries shown
COUNTS = ("judged", "hits", "misses", "false_alarms", "lead_min", "brier", "crps", "covered")
PROMISES = ("proposed", "kept", "broken", "lessons")


def score(look: Look) -> str:
    """Show what every loop's judgements and promises came to."""
    keys = (*COUNTS, *PROMISES)
    head = "".join(f"<th scope='col'>{look.say(k)}</th>" for k in ("loop", *keys))
    rows = []
    for by, tally in sorted(look.board.tally.items()):
        if tally.speaks:
            figures = tally.figures()
            cells = "".join(f"<td>{_cell(figures[k])}</td>" for k in keys)
            rows.append(f"<tr><th scope='row'>{escape(by)}</th>{cells}</tr>")
    if not rows:
        return f"<p>{look.say('no_score')}</p>"
    return (
        f"<div class='wide'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def tail(look: Look) -> str:
    """Show the newest entries of the log."""
    board = look.board
    newest = [board.entries[s] for s in sorted(board.entries)[-TAIL:]][::-1]
    rows = "".join(f"<li>{line(look, entry)}</li>" for entry in newest)
    counts = f"{board.seq + 1} {look.say('entries')}, {board.count} {look.say('readings')}"
    return f"<p>{counts}, {board.refused} {look.say('refused_readings')}</p><ol>{rows}</ol>"


def why(look: Look) -> str:
    """Show the chain that led to the entry asked about, and what followed from it."""
    if look.why is None or look.why not in look.board.entries:
        return ""
    chain = "".join(f"<li>{line(look, e)}</li>" for e in look.board.why(look.why))
    then = "".join(f"<li>{line(look, e)}</li>" for e in look.board.after(look.why))
    after = f"<h3>{look.say('then')}</h3><ol>{then}</ol>" if then else ""
    return f"<h2>{look.say('why_of')} {look.why}</h2><ol>{chain}</ol>{after}"


def line(look: Look, entry: Entry) -> str:
    """Show one entry as one line."""
    kind = type(entry.record).__name__
    return (
        f"{link(entry.seq)} <time>{clock(entry.at, look.feed.zone)}</time> "
        f"<b>{escape(kind)}</b> {spot(look, entry.about)} "
        f"<small>{escape(entry.by)}</small> {told(entry, look.lang)}"
    )


def _cell(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else number(value)
