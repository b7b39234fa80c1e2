"""Every sentence of the page, in both languages; one key, two words, no gaps."""

from datetime import datetime, timedelta, tzinfo

from mindu.base.records import Severity, Words

LANGS = ("zh", "en")

SAID: dict[str, Words] = {
    "skip": Words("Skip to the alerts", "跳到告警"),
    "demo": Words("Demo data", "演示数据"),
    "live": Words("live", "实时"),
    "pretend": Words("pretend city", "演示城市"),
    "replay": Words("replay", "回放"),
    "stored": Words("stored log", "已存日志"),
    "ended": Words("the night is over", "本夜已结束"),
    "map": Words("Situation", "态势"),
    "alerts": Words("Alerts", "告警"),
    "calm": Words("Nothing needs attention.", "目前无需关注。"),
    "plan": Words("Waiting for a decision", "待批方案"),
    "no_plan": Words("No plan waits for a decision.", "没有待批的方案。"),
    "weighed": Words("What was weighed", "方案比选"),
    "no_weighing": Words("No plans were weighed yet.", "尚未比选方案。"),
    "option": Words("Option", "方案"),
    "mean": Words("mean cost", "平均代价"),
    "tail": Words("bad-case cost", "最坏情形代价"),
    "veto": Words("vetoed", "被否决"),
    "chosen": Words("chosen", "选中"),
    "effect": Words("against", "对比"),
    "machine": Words("Machine", "设备"),
    "approve": Words("Approve", "批准"),
    "refuse": Words("Refuse", "驳回"),
    "name": Words("Your name", "姓名"),
    "reason": Words("Reason", "理由"),
    "undo": Words("Take back", "撤回"),
    "sent": Words("Sent; can be taken back", "已下达,可撤回"),
    "until": Words("decide before", "须在此前决定"),
    "expects": Words("promises", "承诺"),
    "why": Words("Why", "为什么"),
    "why_of": Words("Why entry", "追溯条目"),
    "then": Words("What followed", "后续"),
    "none": Words("nothing", "无"),
    "level": Words("Observed and one hour ahead", "观测与一小时推演"),
    "pick": Words("Pick a place on the map or in the list.", "请在图上或列表中选择地点。"),
    "no_data": Words("Nothing was heard of it yet.", "尚无数据。"),
    "score": Words("Score so far", "至今得分"),
    "loop": Words("Loop", "回路"),
    "judged": Words("judged", "判断"),
    "hits": Words("hits", "命中"),
    "misses": Words("misses", "漏报"),
    "false_alarms": Words("false alarms", "误报"),
    "lead_min": Words("lead, min", "提前(分)"),
    "brier": Words("Brier", "Brier"),
    "crps": Words("CRPS", "CRPS"),
    "covered": Words("covered", "区间覆盖"),
    "proposed": Words("proposed", "提议"),
    "kept": Words("kept", "兑现"),
    "broken": Words("broken", "未兑现"),
    "lessons": Words("lessons", "经验"),
    "no_score": Words("Nothing was settled yet.", "尚无可计分的判断。"),
    "log": Words("Log", "日志"),
    "entry": Words("entry", "条目"),
    "entries": Words("entries", "条"),
    "readings": Words("readings", "读数"),
    "refused_readings": Words("refused", "拒收"),
    "places": Words("Places", "地点"),
    "value": Words("Last reading", "最新读数"),
    "age": Words("heard", "时刻"),
    "blind": Words(
        "The brain is blind here and keeps its hands still:", "以下处数据中断,大脑停手:"
    ),
    "failed": Words(
        "An engine failed; plans fall back to the static rules:", "引擎失效,方案退回固定规则:"
    ),
    "taken": Words("Your decision was written down.", "您的决定已记录。"),
    "theme": Words("Light or dark", "明暗"),
    "light": Words("Light", "浅色"),
    "dark": Words("Dark", "深色"),
    "other": Words("中文", "English"),
    "report": Words("Report of the night", "本夜报告"),
    "now": Words("now", "现在"),
    "speed": Words("speed", "速度"),
    "band": Words("90 % interval", "90% 区间"),
    "warn_mark": Words("warning mark", "警戒水位"),
    "more": Words("more", "更多"),
    "by": Words("by", "由"),
    "at": Words("at", "于"),
    "lost": Words(
        "The line to the city is lost; the page shows the last it heard.",
        "与城市的连接中断,页面显示最后所知。",
    ),
}

SEVERITY = {
    Severity.RED: ("crit", Words("critical", "紧急")),
    Severity.ORANGE: ("warn", Words("warning", "警告")),
    Severity.YELLOW: ("watch", Words("watch", "关注")),
    Severity.BLUE: ("info", Words("notice", "提示")),
}


# The field's own terms, where a page shows a name that an app declared: docs/words.md has them all.
TERMS = {
    "level": "水位", "depth": "水深", "flow": "流量", "rain": "雨强", "stage": "潮位",
    "setting": "开度", "fill": "充满度", "storage": "蓄量", "power": "功率",
    "warn_mark": "警戒水位", "bank_mark": "漫溢水位", "keep_mark": "生态水位",
    "Reach": "河段", "Node": "节点", "Junction": "节点", "Storage": "调蓄湖", "Gate": "闸",
    "Pump": "泵", "Outfall": "排口", "RainGauge": "雨量站", "Gauge": "水位站",
    "Subcatchment": "汇水区", "Network": "水系",
    "nothing": "不调度", "own_rules": "模型自带规则", "static": "固定规则", "current": "现行方案",
    "equal_filling": "均衡调蓄", "prepared": "预腾空规则", "emptied": "预腾空加放湖",
    "opened": "全开", "programme": "线性规划", "playbook": "预案", "sampled": "抽样方案",
    "flood": "内涝", "energy": "能耗", "starts": "启停", "moves": "闸动", "near": "逼近漫溢",
    "harm": "下游损害", "place": "重点地点",
}  # fmt: skip


def term(name: str, lang: str) -> str:
    """Return a declared name in the reader's language: the known term, else the name itself."""
    if lang != "zh":
        return name.replace("_", " ")
    head, _, rest = name.partition(" ")
    return TERMS.get(name) or " ".join(part for part in (TERMS.get(head, head), rest) if part)


def pick(words: Words, lang: str) -> str:
    """Return one side of a sentence; the other if that side is empty."""
    return (words.zh or words.en) if lang == "zh" else (words.en or words.zh)


def say(key: str, lang: str) -> str:
    """Return a sentence of the page."""
    return pick(SAID[key], lang)


def clock(at: datetime, zone: tzinfo) -> str:
    """Return the hour and minute in the city."""
    return at.astimezone(zone).strftime("%H:%M")


def moment(at: datetime, zone: tzinfo) -> str:
    """Return the date and time in the city."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def span(length: timedelta, lang: str) -> str:
    """Return a length of time in minutes."""
    minutes = round(length.total_seconds() / 60)
    return f"{minutes} 分钟" if lang == "zh" else f"{minutes} min"


def number(value: float) -> str:
    """Return a number as a person reads it: three figures, no exponent."""
    if value != value or abs(value) == float("inf"):  # noqa: PLR0124 - nan is unlike itself
        return "–"
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2
    return f"{value:,.{digits}f}"
