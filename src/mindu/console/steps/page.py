"""The pages of the desk as text: in the frame of all forms, in one language, all escaped."""

from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from mindu.base.records import Words
from mindu.engines.forms import Filled, Say
from mindu.engines.forms.render import Where

HEAD = Say("Staff desk", "工作人员办件台")
CHANGED = Words("Somebody moved it meanwhile: look again.", "该办件已变动,请重新查看。")
RULES = (("all", Words("all must say yes", "全部同意")),
         ("veto", Words("one no ends it", "一票否决")))  # fmt: skip


@cache
def _pages() -> Environment:
    loaders = [PackageLoader("mindu.console.steps", "pages"),
               PackageLoader("mindu.engines.forms", "pages")]  # fmt: skip
    return Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)  # fmt: skip


def page(name: str, lang: str, **told: Any) -> str:  # noqa: ANN401 - what templates read
    """Return one page."""
    zh = lang == "zh"
    where = Where(lang=lang, action="", other=f"?lang={'en' if zh else 'zh'}")

    def say(words: Words) -> str:
        return words.zh if zh else words.en

    return (
        _pages()
        .get_template(f"{name}.html")
        .render(zh=zh, say=say, where=where, form={"title": HEAD}, filled=Filled({}, {}),
                rules=RULES, **told)
    )  # fmt: skip
