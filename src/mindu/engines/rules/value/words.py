"""What a warning or a mistake is called, in English and in Chinese."""

WORDS: dict[str, tuple[str, str]] = {
    "syntax": ("cannot be read: {0}", "无法读懂:{1}"),
    "unknown": ("there is no name {0!r} here{1}", "此处没有名为“{0}”的变量{2}"),
    "member": ("{0} has no member {1!r}", "{0}没有成员“{1}”"),
    "operator": ("{1} and {2} cannot be combined by {0!r}", "{1}与{2}不能用“{0}”运算"),
    "number": ("{0}: outside decimal128 or not defined", "{0}:超出 decimal128 范围或无定义"),
    "compare": ("{0} and {1} cannot be compared", "{0}与{1}不可比较"),
    "condition": ("a condition is {0}, not true or false", "条件的值是{0},不是真或假"),
    "type": ("{0} does not conform to {1}", "{0}不符合类型{1}"),
    "allowed": ("{0} is not among the allowed values of {1}", "{0}不在{1}的允许值之内"),
    "arguments": ("{0} does not take these arguments: {1}", "{0}不接受这些参数:{1}"),
    "dice": ("{0}: dice have no place in a decision", "{0}:决定不能靠掷骰子"),
    "call": ("{0} is not a function", "{0}不是函数"),
    "external": (
        "external function {0!r} is not run here: only FEEL is",
        "此处不执行外部函数“{0}”:只执行 FEEL",
    ),
    "domain": ("{0} cannot be iterated over", "{0}不可遍历"),
    "index": ("there is no item {0}", "没有第{0}项"),
    "range": ("a range cannot run from {0} to {1}", "区间不能从{0}到{1}"),
    "literal": ("{0!r} is no {1}", "“{0}”不是{1}"),
    "twice": ("{0!r} is given twice", "“{0}”出现两次"),
    "steps": ("stopped after {0} steps", "已执行{0}步,停止"),
    "depth": ("stopped: functions call each other more than {0} deep", "停止:函数嵌套超过{0}层"),
    "length": ("stopped: a text of more than {0} characters", "停止:文本超过{0}个字符"),
    "clock": ("now is not given to this decision", "本次决定未给出当前时间"),
    "several": (
        "{0} rows match, the hit policy {1} allows one",
        "{0}行命中,而命中策略{1}只允许一行",
    ),
    "differ": ("the rows that match give different outputs", "命中的各行给出不同的结果"),
    "none": ("no row matches, and there is no default", "没有一行命中,也没有默认值"),
    "input": ("input {0!r} is not given", "未给出输入“{0}”"),
    "circle": ("{0!r} requires itself", "“{0}”依赖自身"),
    "empty": ("{0!r} has no decision logic", "“{0}”没有决定逻辑"),
    "missing": ("{0!r} is not in the model", "模型中没有“{0}”"),
    "broken": ("{0!r} could not be read at load: {1}", "“{0}”载入时未能读懂:{1}"),
}


def said(code: str, *about: object) -> tuple[str, str]:
    """Return the words of a code in English and in Chinese, filled in."""
    english, chinese = WORDS[code]
    return english.format(*about), chinese.format(*about)
