"""What a form says to a person, in both languages: labels, hints and what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class Say(msgspec.Struct, frozen=True):
    """One sentence in both languages of the house."""

    en: str = ""
    zh: str = ""

    def to(self, lang: str) -> str:
        """Return it in one language, or in the other where it is not said in this one."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


def _least(limit: object) -> Say:
    return Say(f"enter {limit} or more", f"请填写不小于{limit}的数")


def _most(limit: object) -> Say:
    return Say(f"enter {limit} or less", f"请填写不大于{limit}的数")


def _short(limit: object) -> Say:
    return Say(f"write at least {limit} characters", f"至少填写{limit}个字")


def _long(limit: object) -> Say:
    return Say(f"write at most {limit} characters", f"最多填写{limit}个字")


def _fixed(said: Say) -> Callable[[object], Say]:
    return lambda _limit: said


FORMATS = {
    "date": Say("give a date such as 2026-03-27", "请填写日期,例如 2026-03-27"),
    "email": Say("give an e-mail address such as li@example.org", "请填写邮箱,例如 li@example.org"),
}
WRONG: Mapping[str, Callable[[object], Say]] = {
    "required": _fixed(Say("answer this question", "请回答此问题")),
    "minimum": _least,
    "maximum": _most,
    "exclusiveMinimum": lambda limit: Say(f"enter more than {limit}", f"请填写大于{limit}的数"),
    "exclusiveMaximum": lambda limit: Say(f"enter less than {limit}", f"请填写小于{limit}的数"),
    "multipleOf": lambda limit: Say(f"enter a multiple of {limit}", f"请填写{limit}的倍数"),
    "minLength": _short,
    "maxLength": _long,
    "minItems": lambda limit: Say(f"choose at least {limit}", f"至少选择{limit}项"),
    "maxItems": lambda limit: Say(f"choose at most {limit}", f"最多选择{limit}项"),
    "enum": _fixed(Say("choose one of the answers", "请从选项中选择")),
    "const": _fixed(Say("tick this to go on", "须勾选此项才能继续")),
    "pattern": _fixed(Say("write it as the example shows", "请按示例的格式填写")),
    "format": lambda name: FORMATS.get(str(name), Say("write it in the right form", "格式不正确")),
    "integer": _fixed(Say("enter a whole number", "请填写整数")),
    "number": _fixed(Say("enter a number", "请填写数字")),
}
OTHER = Say("this answer does not fit: look at the hint", "填写有误:请查看提示")


def wrong(keyword: str, limit: object) -> Say:
    """Return what a person is told about a broken rule of the schema."""
    if keyword == "type" and isinstance(limit, str):
        keyword = limit
    return WRONG.get(keyword, _fixed(OTHER))(limit)


def say(told: Any) -> Say:  # noqa: ANN401 - whatever a file holds
    """Return a sentence from a file: a text for both languages, or one for each."""
    if isinstance(told, str):
        return Say(told, told)
    if isinstance(told, dict):
        return Say(str(told.get("en", "")), str(told.get("zh", "")))
    return Say()
