"""The paper of a report: its own headings in both languages, its tables, its entries by kind."""

from collections.abc import Sequence
from html import escape

from mindu.base.records import Entry
from mindu.console.look import Look

ROWS = 120  # lines a table; the rest are in the log

WORDS = {
    "title": ("Report of the night", "本夜报告"),
    "short": ("In short", "概要"),
    "happened": ("What happened", "发生了什么"),
    "passed": ("Places that passed a mark", "越过标线的地点"),
    "befell": ("What befell", "其他情况"),
    "measured": (
        "Measured: the same night in the pretend city, flood in m³, with the brain and under each "
        "hand rule.",
        "实测:同一夜在仿真城市中,有大脑与各人工规则下的内涝水量(m³)。",
    ),
    "brain": ("with the brain", "有大脑"),
    "own": ("stations alone", "仅泵闸站"),
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
    "highest": ("highest", "最高"),
    "mark": ("mark passed", "越过的标线"),
    "flood": ("flood, m³", "内涝水量 m³"),
}


def word(key: str, lang: str) -> str:
    """Return a heading in that language, safe for HTML."""
    return escape((WORDS.get(key) or HEADS[key])[lang == "zh"])


def of(look: Look, kind: type) -> list[Entry]:
    """Return the entries of one kind of record, oldest first."""
    known = look.board.entries.values()
    return sorted((e for e in known if isinstance(e.record, kind)), key=lambda e: e.seq)


def table(look: Look, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows of HTML cells as a table, the first rows only where there are too many."""
    if not rows:
        return f"<p>{word('none', look.lang)}</p>"
    head = "".join(f"<th scope='col'>{word(h, look.lang)}</th>" for h in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[:ROWS]
    )
    rest = f"<p>… {len(rows) - ROWS}</p>" if len(rows) > ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"
