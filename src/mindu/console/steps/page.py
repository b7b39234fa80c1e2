"""The pages of the desk as text: in the frame of all forms, in one language, all escaped."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from mindu.base.records import Words
from mindu.console.phrases.offices import office
from mindu.engines.forms import Filled, Say
from mindu.engines.forms.render import Where

HEAD = Say("Staff desk", "工作人员办件台")
ROLES = {
    "operator": Words("officer", "经办人"), "approver": Words("approver", "审批人"),
    "steward": Words("steward", "数据管理员"), "admin": Words("administrator", "管理员"),
}  # fmt: skip
CHANGED = Words("Somebody moved it meanwhile: look again.", "该办件已变动,请重新查看。")
NOWHERE = Words("There is nothing here.", "没有这个页面。")
STAFF = Words("This desk is for staff.", "此工作台仅限工作人员使用。")
LONGEST = 2_000  # characters of one answer that are kept
HAN = re.compile("[\u4e00-\u9fff]")
RULES = (("all", Words("all must say yes", "全部同意")),
         ("veto", Words("one no ends it", "一票否决")),
         *((str(k), Words(f"{k} yes are enough", f"{k} 人同意即可")) for k in range(1, 10))
         )  # fmt: skip


@cache
def _pages() -> Environment:
    loaders = [PackageLoader("mindu.console.steps", "pages"),
               PackageLoader("mindu.engines.forms", "pages")]  # fmt: skip
    return Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)  # fmt: skip


def in_tongue(name: str, lang: str) -> str:
    """Return one side of a name drawn in both languages, as 受理 accept; else all of it."""
    words = name.split()
    chinese = [word for word in words if HAN.search(word)]
    others = [word for word in words if not HAN.search(word)]
    return " ".join(chinese if lang == "zh" else others) or name


def sent_before(sent: Mapping[str, Sequence[str]]) -> Callable[[str, str], str]:
    """Return what was typed under a name in the form of a move that was refused; "" else."""
    move = next(iter(sent.get("move", ())), "")

    def was(of: str, name: str) -> str:
        told = next(iter(sent.get(name, ())), "") if of in {"", move} else ""
        return told[:LONGEST]

    return was


def page(name: str, lang: str, **told: Any) -> str:  # noqa: ANN401 - what templates read
    """Return one page."""
    zh = lang == "zh"
    sheet = f"{told.get('root', '')}/frame.css"
    where = Where(lang=lang, action="", other=f"?lang={'en' if zh else 'zh'}", style=sheet)

    def say(words: Words) -> str:
        return words.zh if zh else words.en

    def drawn(name: str) -> str:
        return in_tongue(name, lang)

    def called(unit: str) -> str:
        return say(office(unit))

    return (
        _pages()
        .get_template(f"{name}.html")
        .render(zh=zh, say=say, drawn=drawn, called=called, where=where, form={"title": HEAD},
                filled=Filled({}, {}), rules=RULES, roles=ROLES, q=f"?lang={lang}", **told)
    )  # fmt: skip
