"""The page of a subject's own view: what is held, who used it, and the answers to objections."""

from collections.abc import Sequence
from html import escape

from mindu.brain.sharing.objections import Objection
from mindu.data.gateway.mine import Page, Use
from mindu.data.registers.own import Own as Held


def page(
    found: Page, held: Sequence[Objection], files: Sequence[Held], *, zh: bool
) -> str:  # fmt: skip
    """Return the inside of the page: what is held, what was used, what was objected to."""
    none = "<p>没有使用记录。</p>" if zh else "<p>No use was recorded.</p>"
    rows = "".join(_use(use, zh=zh) for use in found.uses)
    states = [one.state.zh if zh else one.state.en for one in held]
    answers = "".join(
        f"<li>{one.at:%Y-%m-%d} {escape(one.dataset)}: {escape(state)} {escape(one.answer)}</li>"
        for one, state in zip(held, states, strict=True)
    )
    title = "我的异议与答复" if zh else "What I objected to, and the answers"
    other = '<p><a href="mine?lang=en">English</a></p>' if zh else '<p><a href="mine">中文</a></p>'
    return (
        f"{other}{''.join(_file(one, zh=zh) for one in files)}<ol>{rows}</ol>"
        f"{'' if found.uses else none}{_older(found.older, zh=zh)}"
        f"<h2>{title}</h2><ul>{answers}</ul>"
    )


def _older(before: int | None, *, zh: bool) -> str:
    if before is None:
        return ""
    more = "" if zh else "&amp;lang=en"
    says = "更早的使用记录" if zh else "Older uses"
    return f'<p><a href="mine?before={before}{more}" rel=next>{says}</a></p>'


def _file(told: Held, *, zh: bool) -> str:
    """Return what one register holds of the subject, each value with its source and a form."""
    rows = []
    for value in told.held:
        name, says = (w.zh if zh else w.en for w in (value.meaning, value.says))
        form = _form(f"{told.register}.{value.name}: ", value.source, -1, zh=zh)
        rows.append(
            f"<li><b>{escape(name)}</b> {escape(value.value)} <small>{escape(says)}</small>"
            f"<br>{form}</li>"
        )
    changes = [escape(one.zh if zh else one.en) for one in told.changes]
    past = "".join(f"<li>{one}</li>" for one in changes)
    title = escape(told.title.zh if zh else told.title.en)
    return f"<h2>{title}</h2><ul>{''.join(rows)}</ul>{f'<ul>{past}</ul>' if past else ''}"


def _use(use: Use, *, zh: bool) -> str:
    first = use.dataset.split(", ", maxsplit=1)[0]
    return (
        f"<li>{escape(use.says.zh if zh else use.says.en)} <small>#{use.receipt}</small>"
        f"{_form('', first, use.receipt, zh=zh)}</li>"
    )


def _form(begun: str, dataset: str, receipt: int, *, zh: bool) -> str:
    """Return the form by which a subject says that a use or a value is wrong."""
    asks = "提出异议或申请更正" if zh else "Object, or ask for a correction"
    number = f'<input type=hidden name=receipt value="{receipt}">' if receipt >= 0 else ""
    return (
        f"<details><summary>{asks}</summary><form method=post action=mine>{number}"
        f'<input type=hidden name=dataset value="{escape(dataset)}">'
        f"<label>{asks}<textarea name=text required maxlength=2000>{escape(begun)}</textarea>"
        f"</label><button>{'提交' if zh else 'Send'}</button></form></details>"
    )
