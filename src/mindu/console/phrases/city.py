"""The city's phrases: places, values, kinds, the situation and its tour."""

from mindu.base.records import Words

SAID: dict[str, Words] = {
    "map": Words("Situation", "态势"),
    "places": Words("Places", "地点"),
    "place": Words("Place", "地点"),
    "kind": Words("Kind", "类别"),
    "kinds": Words("Kinds of things", "物的类别"),
    "severity": Words("Severity", "等级"),
    "value": Words("Last reading", "最新读数"),
    "age": Words("heard", "时刻"),
    "level": Words("Observed and one hour ahead", "观测与一小时推演"),
    "band": Words("90 % interval", "90% 区间"),
    "pick": Words("Pick a place on the map or in the list.", "请在图上或列表中选择地点。"),
    "no_data": Words("Nothing was heard of it yet.", "尚无数据。"),
    "blind": Words(
        "The brain is blind here and keeps its hands still:", "以下处数据中断,大脑停手:"
    ),
    "failed": Words(
        "An engine failed; plans fall back to the static rules:", "引擎失效,方案退回固定规则:"
    ),
    "calm": Words("Nothing needs attention.", "目前无需关注。"),
    "facts": Words("What is fixed", "固定属性"),
    "fact": Words("fixed", "固定"),
    "heard": Words("heard", "可观测"),
    "property": Words("Property", "属性"),
    "type": Words("Type", "类型"),
    "unit": Words("Unit", "单位"),
    "params": Words("Parameters", "参数"),
    "param": Words("Parameter", "参数"),
    "value_is": Words("Value", "值"),
    "range": Words("Range", "范围"),
    "source": Words("Source", "来源"),
    "datasets": Words("Datasets and purposes", "数据集与用途"),
    "log": Words("Log", "日志"),
    "entries": Words("entries", "条"),
    "readings": Words("readings", "读数"),
    "refused_readings": Words("refused", "拒收"),
    "replay_says": Words(
        "Every page can be seen as it was known at any past moment; the address keeps it.",
        "每一页都可回看任一时刻当时所知,地址即可分享。",
    ),
    "from_to": Words("The log runs", "日志范围"),
    "moments": Words("Moments worth a look", "值得回看的时刻"),
    "tour": Words("Five minutes", "五分钟导览"),
    "tour_1": Words("See what needs attention", "看有什么需要关注"),
    "tour_2": Words("Ask why", "问为什么"),
    "tour_3": Words("Look one hour ahead under other weather", "在别的天气下推演一小时"),
    "tour_4": Words("Say yes or no to a plan", "批准或驳回一个方案"),
    "tour_5": Words("Replay what happened", "回放所发生的事"),
}
