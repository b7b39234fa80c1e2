"""The words of the face: its sentences, severities and terms, and how numbers and times read."""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from math import ceil, log10

from mindu.base.records import Option, Severity, Words
from mindu.console.phrases import (
    ahead,
    alerts,
    city,
    deeds,
    learning,
    models,
    people,
    public,
    shell,
)

LANGS = ("zh", "en")

SAID: dict[str, Words] = {
    key: words for room in (shell, city, alerts, deeds, ahead, learning, public, people, models)
    for key, words in room.SAID.items()
}  # fmt: skip

NAV = ("situation", "alerts", "look-ahead", "approvals", "replay", "data", "learning")

SEVERITY = {
    Severity.RED: ("crit", Words("critical", "紧急")),
    Severity.ORANGE: ("warn", Words("warning", "警告")),
    Severity.YELLOW: ("watch", Words("watch", "关注")),
    Severity.BLUE: ("info", Words("notice", "提示")),
}


# What the log calls its records: docs/words.md says what they mean.
KINDS = {
    "Placed": Words("placed", "落位"),
    "Observation": Words("observation", "观测"),
    "Segment": Words("readings", "读数段"),
    "Event": Words("event", "事件"),
    "Forecast": Words("forecast", "预报"),
    "Weighing": Words("weighing", "权衡"),
    "Judgement": Words("judgement", "判断"),
    "Action": Words("action", "行动"),
    "Decision": Words("decision", "决定"),
    "Sending": Words("sending", "下达"),
    "Outcome": Words("outcome", "结果"),
    "Settlement": Words("settlement", "核验"),
    "Lesson": Words("lesson", "经验"),
    "Trial": Words("trial", "试用"),
    "Grant": Words("grant", "授权"),
    "Receipt": Words("receipt", "用数凭据"),
    "Case": Words("matter", "事项"),
    "Move": Words("move of a matter", "事项流转"),
    "Table": Words("table laid down", "规则表"),
    "Published": Words("published", "发布"),
    "Stepped": Words("step of a process", "流转"),
}

# The field's own terms, where a page shows a name that an app declared: docs/words.md has them all.
TERMS = {
    "level": "水位", "depth": "水深", "flow": "流量", "rain": "雨强", "stage": "潮位",
    "fill": "充满度", "setting": "开度", "storage": "蓄量", "power": "功率", "lasting": "久拖人数",
    "warn_mark": "警戒水位", "bank_mark": "漫溢水位", "keep_mark": "生态水位", "Reach": "河段",
    "Node": "节点", "Junction": "节点", "Storage": "调蓄湖", "Gate": "闸", "Pump": "泵",
    "Outfall": "排口", "RainGauge": "雨量站", "Gauge": "水位站", "Network": "水系",
    "Subcatchment": "汇水区", "x": "经度", "y": "纬度", "nothing": "不调度",
    "own_rules": "模型自带规则", "static": "固定规则", "current": "现行方案",
    "equal_filling": "均衡调蓄", "prepared": "预腾空规则", "emptied": "预腾空加放湖",
    "ebbing": "雨间腾空", "cleared": "雨间腾空到底", "ajar": "腾空留缝", "calls": "来电",
    "opened": "全开", "programme": "线性规划", "storage programme": "蓄水规划", "playbook": "预案",
    "sampled": "抽样方案", "flood": "内涝", "energy": "能耗", "starts": "启停", "moves": "闸动",
    "near": "逼近漫溢", "harm": "下游损害", "place": "重点地点", "Waters": "水系",
    "outlook": "预期雨强", "order_age": "指令时效", "judgements": "判断", "reason": "理由",
    "name_zh": "中文名", "name_en": "英文名", "owner": "权属", "origin": "来源", "invert": "底高程",
    "area": "面积", "capacity": "能力", "role": "作用", "up": "上游", "down": "下游",
    "held": "保持值", "volume": "容积", "least": "最低水位", "lands": "汇水面积", "into": "汇入",
    "tidal": "感潮", "energy_kwh": "能耗 kW·h", "typed": "输入的名称", "minutes": "分钟",
    "to": "交给", "verb": "操作", "seq": "条目", "answer": "答复", "title": "名称", "hours": "小时",
    "at": "起点", "jammed": "卡阻", "tripped": "跳停", "stations_alone": "泵闸站自主运行",
    "not_moved": "未能动作", "hold": "人工锁定", "release": "解除锁定", "foresight": "先知方案",
    "mindu": "闽都", "undone": "已撤回", "no turns": "大脑停转", "Concern": "诉求", "Road": "道路",
    "Trend": "诉求态势", "Line": "热线", "topic": "类别", "cap": "上限", "flush": "换水",
    "flush_high": "换水高水位", "flush_low": "换水低水位", "ours": "由大脑调度",
    "answered": "已接听", "wait": "等候", "said": "来电所述水深", "gates": "所属闸",
    "people": "人数", "usual": "常年来电", "lasted": "已持续", "id": "编号",
}  # fmt: skip
# What a score card counts, beyond what pages say anyway.
CARD = {
    "blind": Words("blind", "无数据"), "unknown": Words("could not be settled", "未能核验"),
    "crps": Words("CRPS", "CRPS 误差"),
    "confirmed": Words("approved", "批准"), "declined": Words("declined", "驳回"),
    "expired": Words("expired", "过期"), "sent": Words("sent", "下达"),
    "withheld": Words("withheld", "下达前撤下"),
    "kept_unsent": Words("kept, unsent", "未下达而如愿"),
    "broken_unsent": Words("broken, unsent", "未下达而未如愿"),
}  # fmt: skip
# What a plan's cost is made of, each weighed against flood, so that all may be added up.
COSTS = {
    "flood_m3": Words("flood, m³", "内涝水量,m³"),
    "energy_m3": Words("energy, as m³ of flood", "能耗,折合 m³"),
    "starts_m3": Words("pump starts, as m³ of flood", "水泵启停,折合 m³"),
    "moves_m3": Words("gate moves, as m³ of flood", "闸门动作,折合 m³"),
    "near_m3": Words("close to the brim, as m³ of flood", "逼近漫溢,折合 m³"),
    "left_m3": Words("water left to drain, as m³ of flood", "末期存水,折合 m³"),
    "level_m3": Words("below the level to keep, as m³ of flood", "低于应保水位,折合 m³"),
    "harm_m3": Words("harm elsewhere, as m³ of flood", "他处增淹,折合 m³"),
    "place_m3": Words("places that matter, as m³ of flood", "重点地点,折合 m³"),
}
RAISED = {"m2": "m²", "m3": "m³", "km2": "km²"}


def term(name: str, lang: str) -> str:
    """Return a declared name in the reader's language: the known term, else the name itself."""
    if name in COSTS:
        return pick(COSTS[name], lang)
    if lang != "zh":
        return name.replace("_", " ")
    head, _, rest = name.partition(" ")
    return TERMS.get(name) or " ".join(part for part in (TERMS.get(head, head), rest) if part)


def terms(name: str) -> Words:
    """Return a declared name in both languages."""
    return Words(term(name, "en"), term(name, "zh"))


def bare(unit: str) -> str:
    """Return a unit as programs are told it: a plain number has none."""
    return "" if unit == "1" else unit


def shown(unit: str) -> str:
    """Return a unit as people read it, its powers raised."""
    return "/".join(RAISED.get(part, part) for part in bare(unit).split("/"))


def titled(option: Option) -> Words:
    """Return what people call a course that was weighed."""
    return option.title or terms(option.name)


def pick(words: Words, lang: str) -> str:
    """Return one side of a sentence; the other if that side is empty."""
    return (words.zh or words.en) if lang == "zh" else (words.en or words.zh)


def say(key: str, lang: str) -> str:
    """Return a sentence of the page."""
    return pick(SAID[key], lang)


@lru_cache(maxsize=4_096)  # the readings of one turn share few instants
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


def lasted(seconds: float, lang: str) -> str:
    """Return a length of time in the largest unit that gives at least one and a half of it."""
    for size, zh, en in ((86_400, "天", "d"), (3_600, "小时", "h"), (60, "分钟", "min")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {zh if lang == 'zh' else en}"
    return f"{seconds:.0f} {'秒' if lang == 'zh' else 's'}"


def fine(value: float, step: float) -> str:
    """Return a number in so many figures that its neighbours a step away stand evenly apart."""
    digits = max(0, ceil(-log10(step / 10))) if step > 0 else 2
    return f"{value:,.{digits}f}"


def number(value: float) -> str:
    """Return a number as a person reads it: three figures, no exponent."""
    if value != value or abs(value) == float("inf"):  # noqa: PLR0124 - nan is unlike itself
        return "–"
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2
    return f"{value:,.{digits}f}"
