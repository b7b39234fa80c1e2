"""The plan panel: what waits for a yes, what it would change, and the form that answers it."""

from html import escape

from mindu.base.records import Action, Entry, Option, Weighing
from mindu.console.panels import Look
from mindu.console.plots import bars
from mindu.console.tell import link, told
from mindu.console.words import clock, number, pick, span, term

WAITING = 5  # actions shown with a form
SENT = 5  # sent actions shown with a way back
SETTINGS = 12  # machines of an action named before the rest is counted
BLOCKS = 8  # blocks of a plan shown
TERMS = 6
RULES = ("nothing", "own_rules", "static", "prepared", "equal_filling", "current")


def waiting(look: Look, token: str) -> str:
    """Show each action that waits, with its promise and a form to answer it."""
    held = look.board.waiting(look.pulse.now)
    calm = "" if held else f'<p class="calm">{look.say("no_plan")}</p>'
    shown = "".join(_ask(look, entry, token) for entry in held[-WAITING:][::-1])
    rest = len(held) - WAITING
    more = f"<p>… {rest} {look.say('more')}</p>" if rest > 0 else ""
    return calm + shown + more + _sent(look, token)


def weighed(look: Look) -> str:
    """Show the newest weighing: every option's cost, terms and veto, and the plan itself."""
    if not look.board.weighings:
        return f"<p>{look.say('no_weighing')}</p>"
    entry = max(look.board.weighings.values(), key=lambda e: e.seq)
    record = entry.record
    assert isinstance(record, Weighing)
    rows = [
        (
            term(o.name, look.lang),
            o.mean,
            o.tail,
            "pick" if o.name == record.chosen else "veto" if o.veto else "",
        )
        for o in record.options
    ]
    said = escape(pick(record.says, look.lang))
    return (
        f"<p>{said} <small>{clock(entry.at, look.feed.zone)} · {record.rollouts} rollouts · "
        f"{link(entry.seq, look.say('why'))}</small></p>"
        f"{effect(look, record)}{bars(rows, label=look.say('weighed'))}"
        f"<details><summary>{look.say('weighed')}</summary>"
        f"{_table(look, record)}{_machines(look, record)}</details>"
    )


def effect(look: Look, record: Weighing) -> str:
    """Say what the chosen plan costs against each rule that was weighed beside it."""
    chosen = next((o for o in record.options if o.name == record.chosen), None)
    if chosen is None:
        return ""
    peers = [o for o in record.options if o.name != chosen.name and o.name in RULES]
    said = [
        f"{escape(term(o.name, look.lang))} {number(o.mean)} → <b>{number(chosen.mean)}</b> "
        f"({(chosen.mean - o.mean) / o.mean:+.0%})"
        for o in peers
        if o.mean > 0
    ]
    if not said:
        return ""
    lines = "".join(f"<li>{line}</li>" for line in said)
    name = escape(chosen.name)
    return f'<ul class="effect" aria-label="{name} {look.say("effect")}">{lines}</ul>'


def _ask(look: Look, entry: Entry, token: str) -> str:
    record = _action(entry)
    until = clock(entry.at + record.decide_within, look.feed.zone)
    yes = f'<button class="btn primary" name="answer" value="yes">{look.say("approve")}</button>'
    no = f'<button class="btn" name="answer" value="no">{look.say("refuse")}</button>'
    return (
        f'<article class="ask"><h3>{told(entry, look.lang)}</h3>'
        f"<p>{_settings(look, record)}</p>"
        f"<p><small>{_promise(look, record)}{look.say('until')} {until} · "
        f"{link(entry.seq, look.say('why'))}</small></p>"
        f"{_form(look, entry, token, yes + no)}</article>"
    )


def _sent(look: Look, token: str) -> str:
    """Show what was sent last, each with a way back."""
    held = look.board.reversible()[:SENT]
    back = f'<button class="btn" name="answer" value="undo">{look.say("undo")}</button>'
    shown = "".join(
        f"<details><summary>{clock(entry.at, look.feed.zone)} {told(entry, look.lang)}</summary>"
        f"<p>{_settings(look, _action(entry))} {link(entry.seq, look.say('why'))}</p>"
        f"{_form(look, entry, token, back)}</details>"
        for entry in held
    )
    return f"<h3>{look.say('sent')}</h3>{shown}" if shown else ""


def _form(look: Look, entry: Entry, token: str, buttons: str) -> str:
    return (
        f'<form method="post" action="/decide" data-seq="{entry.seq}">'
        f'<input type="hidden" name="seq" value="{entry.seq}">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f'<label>{look.say("name")}<input name="by" required maxlength="60" '
        f'autocomplete="name"></label>'
        f'<label>{look.say("reason")}<input name="note" required maxlength="300"></label>'
        f"{buttons}</form>"
    )


def _settings(look: Look, record: Action) -> str:
    told_ = [f"{look.title(k)} → {_setting(v)}" for k, v in list(record.args.items())[:SETTINGS]]
    rest = len(record.args) - SETTINGS
    return ", ".join(told_) + (f" … {rest} {look.say('more')}" if rest > 0 else "")


def _action(entry: Entry) -> Action:
    assert isinstance(entry.record, Action)
    return entry.record


def _promise(look: Look, record: Action) -> str:
    expects = record.expects
    if expects is None:
        return ""
    marks = [
        f"{sign} {number(v)}"
        for sign, v in (("<", expects.below), (">", expects.above))
        if v is not None
    ]
    about = look.title(expects.about or record.on)
    within = span(expects.within, look.lang)
    what = f"{about} {escape(term(expects.prop, look.lang))} {escape(' '.join(marks))}"
    return f"{look.say('expects')}: {what} ({within}) · "


def _table(look: Look, record: Weighing) -> str:
    terms = list(dict.fromkeys(name for o in record.options for name in o.terms))[:TERMS]
    head = "".join(
        f"<th scope='col'>{h}</th>"
        for h in (
            look.say("option"),
            look.say("mean"),
            look.say("tail"),
            *(escape(term(t, look.lang)) for t in terms),
        )
    )
    rows = "".join(_row(look, o, terms, record.chosen) for o in record.options)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<div class='wide'>{table}</div>"


def _row(look: Look, option: Option, terms: list[str], chosen: str) -> str:
    cells = [option.mean, option.tail, *(option.terms.get(t, float("nan")) for t in terms)]
    mark = f" ✓ {look.say('chosen')}" if option.name == chosen else ""
    veto = f"<br><small>✗ {look.say('veto')}: {escape(option.veto)}</small>" if option.veto else ""
    numbers = "".join(f"<td>{number(cell)}</td>" for cell in cells)
    return (
        f"<tr><th scope='row'>{escape(term(option.name, look.lang))}{mark}{veto}</th>{numbers}</tr>"
    )


def _machines(look: Look, record: Weighing) -> str:
    if not record.plan:
        return ""
    blocks = min(BLOCKS, max(len(v) for v in record.plan.values()))
    step = round(record.block.total_seconds() / 60)
    head = "".join(f"<th scope='col'>+{i * step} min</th>" for i in range(blocks))
    rows = "".join(
        f"<tr><th scope='row'>{look.title(name)}</th>"
        + "".join(f"<td>{_setting(v)}</td>" for v in values[:blocks])
        + "</tr>"
        for name, values in list(record.plan.items())[:40]
    )
    return (
        f"<div class='wide'><table><thead><tr><th scope='col'>{look.say('machine')}</th>{head}"
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _setting(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return escape(str(value))
    return "–" if value != value else f"{value:.0%}"  # noqa: PLR0124 - nan is unlike itself
