"""The parts of a report: the banner, the effect of a plan, the scores, the fan of a channel."""

from html import escape

from mindu.base.records import Judgement, Weighing
from mindu.console.answers.sums import SHOWN, lines
from mindu.console.look import Look
from mindu.console.pages.draw import channel
from mindu.console.tell import told
from mindu.console.words import clock, number, term, titled

RULES = ("nothing", "own_rules", "static", "prepared", "equal_filling", "current")
NAMED = 6  # blind places named


def word(look: Look, key: str) -> str:
    """Return a sentence of the pages, safe for HTML."""
    return escape("CRPS" if key == "crps" else look.say(key))


def title(look: Look, about: str) -> str:
    """Return the name of a thing, safe for HTML."""
    return escape(look.title(about))


def banner(look: Look) -> str:
    """Say where the brain is blind and which engine has failed."""
    held = look.board.alerts(look.pulse.now)
    blind = [e for e in held if isinstance(e.record, Judgement) and e.record.finding == "blind"]
    wrong = look.pick(look.pulse.trouble)
    parts = [f'<p class="bad">{escape(wrong)}</p>'] if wrong else []
    if blind:
        names = list(dict.fromkeys(title(look, entry.about) for entry in blind))
        rest = f" … {len(names)}" if len(names) > NAMED else ""
        parts.append(f'<p class="bad">{word(look, "blind")} {", ".join(names[:NAMED])}{rest}</p>')
    for entry in look.board.failing(look.pulse.now)[-1:]:
        said = f"{escape(entry.by)} {clock(entry.at, look.feed.zone)} {told(entry, look.lang)}"
        parts.append(f'<p class="bad">{word(look, "failed")} {said} #{entry.seq}</p>')
    return "".join(parts)


def effect(look: Look, record: Weighing) -> str:
    """Say what the chosen plan costs against each rule that was weighed beside it."""
    chosen = next((o for o in record.options if o.name == record.chosen), None)
    peers = [o for o in record.options if o.name != record.chosen and o.name in RULES]
    said = [
        f"<li>{escape(look.pick(titled(o)))} {number(o.mean)} → <b>{number(chosen.mean)}</b> "
        f"({(chosen.mean - o.mean) / o.mean:+.0%})</li>"
        for o in peers
        if chosen is not None and o.mean > 0
    ]
    return f'<ul class="effect">{"".join(said)}</ul>' if said else ""


def score(look: Look) -> str:
    """Show what every loop's judgements and promises came to."""
    head = "".join(f"<th scope='col'>{word(look, k)}</th>" for k in ("loop", *SHOWN))
    rows = []
    for by, figures in lines(look.board.cards).items():
        cells = "".join(f"<td>{_cell(figures[k])}</td>" for k in SHOWN)
        rows.append(f"<tr><th scope='row'>{escape(look.pick(look.loop_name(by)))}</th>{cells}</tr>")
    if not rows:
        return f"<p>{word(look, 'no_score')}</p>"
    return (
        f"<div class='wide' tabindex='0' role='group' aria-label='{word(look, 'score')}'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        f"<p>{word(look, 'gain_says')}</p>"
    )


def fan(look: Look, about: str, prop: str) -> str:
    """Draw one channel."""
    called = escape(term(prop, look.lang))
    return f"<figure>{channel(look, about, prop)}<figcaption>{called}</figcaption></figure>"


def _cell(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else number(value)
