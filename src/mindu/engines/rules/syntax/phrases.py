"""What a mistake in FEEL text is called in Chinese, and marks that look like signs but are not."""

CHINESE: dict[str, str] = {
    "a filter": "筛选条件",
    "a name": "名称",
    "a sign or the end": "运算符或结尾",
    "a text after @": "@ 之后的文本",
    "an expression": "表达式",
    "an expression in parentheses": "括号中的表达式",
    "',' or the end": "“,”或结尾",
    "function": "function",
    "the arguments of a function": "函数的参数",
    "the condition": "条件",
    "the end of a range, then ']', ')' or '['": "区间终点及“]”“)”或“[”",
    "the entries of a context": "上下文的各项",
    "the items of a list": "列表的各项",
    "the lower end of between": "between 的下限",
    "the members of a context type": "上下文类型的成员",
    "the name of a type": "类型名称",
    "the name of an entry": "项的名称",
    "the parameters": "参数",
    "the parameters of a function type": "函数类型的参数",
    "the start of a range": "区间起点",
    "the tests of 'in'": "in 之后的条件",
    "the type of the items": "元素的类型",
    "the value of then": "then 的值",
    "what is run over": "遍历的对象",
}
LOOKALIKES = {
    "\uff0c": ",", "\uff08": "(", "\uff09": ")", "\uff1a": ":", "\uff1b": ";", "\uff1e": ">",
    "\uff1c": "<", "\uff1d": "=", "\uff0b": "+", "\uff0d": "-", "\uff0e": ".", "\u201c": '"',
    "\u201d": '"', "\uff02": '"', "\u3010": "[", "\u3011": "]", "\uff3b": "[", "\uff3d": "]",
    "\u300a": "<=", "\u300b": ">=", "\u2265": ">=", "\u2264": "<=", "\u00d7": "*", "\u00f7": "/",
}  # fmt: skip


def hints(text: str) -> tuple[str, str]:
    """Return what to write for a full-width mark in a text, in both languages, or nothing."""
    for mark, plain in LOOKALIKES.items():
        if mark in text:
            return f"; write {plain} for {mark}", f";请把“{mark}”改为半角“{plain}”"
    return "", ""
