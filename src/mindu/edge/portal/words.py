"""The sentences of the portal's pages, in both languages."""

from mindu.base.records import Words

SAID = {
    "title": Words("Open data", "开放数据"),
    "lead": Words(
        "What the city knows and anybody may use: read it here, download it, or ask for more.",
        "城市可公开的数据:在此查看、下载、调用;没有的,可以申请开放。",
    ),
    "skip": Words("Skip to content", "跳到正文"),
    "tools": Words("Tools", "工具"),
    "rooms": Words("Pages", "页面"),
    "other": Words("中文", "English"),
    "data": Words("Datasets", "数据集"),
    "requests": Words("Requests", "开放申请"),
    "plan": Words("Opening plan", "开放计划"),
    "keys": Words("API keys", "接口密钥"),
    "api": Words("API", "接口说明"),
    "stewards": Words("For stewards", "数据管理"),
    "search": Words("Search", "搜索"),
    "search_for": Words("Words in titles, fields, owners", "标题、字段、单位中的词"),
    "theme": Words("Theme", "主题"),
    "owner": Words("Owner", "提供单位"),
    "all": Words("all", "全部"),
    "show": Words("Show", "查看"),
    "found": Words("datasets", "个数据集"),
    "none_found": Words(
        "Nothing open holds these words. You can ask for it to be opened.",
        "没有符合的开放数据,可以申请开放。",
    ),
    "none_open": Words("Nothing is open yet.", "暂无开放数据。"),
    "next": Words("Next page", "下一页"),
    "first": Words("First page", "第一页"),
    "pages": Words("Pages of the list", "分页"),
    "rows_n": Words("rows", "行"),
    "fields_n": Words("fields", "个字段"),
    "used_n": Words("uses", "次使用"),
    "licence": Words("Licence", "许可协议"),
    "cycle": Words("Updated", "更新周期"),
    "basis": Words("Legal basis", "依据"),
    "opened_on": Words("Open since", "开放时间"),
    "department": Words("Department", "部门代码"),
    "usage": Words("Used", "使用情况"),
    "usage_says": Words("answers ever; in the last 31 days", "次(累计);近 31 天"),
    "safety": Words("Checked before it opened", "开放前核查"),
    "safe_nobody": Words(
        "It is about no person: no quasi-identifiers are declared.", "不涉及个人:未声明准标识字段。"
    ),
    "safe_k": Words("least people alike by", "最少相同人数,按"),
    "safe_l": Words("least values of delicate fields among them", "其中敏感字段最少取值数"),
    "quality": Words("Quality", "质量得分"),
    "not_audited": Words("not audited yet", "尚未审计"),
    "lineage": Words("Where it came from", "数据来源"),
    "delivered": Words("Last delivery", "最近更新"),
    "fields": Words("Fields", "字段"),
    "field": Words("Field", "字段"),
    "meaning": Words("Meaning", "含义"),
    "type": Words("Type", "类型"),
    "unit": Words("Unit", "单位"),
    "preview": Words("Preview", "预览"),
    "preview_says": Words("The first rows of", "前若干行,共"),
    "chart": Words("Chart", "图表"),
    "chart_by": Words("By", "横轴"),
    "chart_of": Words("Mean of", "取均值"),
    "chart_count": Words("number of rows", "行数"),
    "chart_only": Words("Only where", "仅当"),
    "chart_is": Words("is", "等于"),
    "as_table": Words("As a table", "以表格查看"),
    "no_chart": Words("Nothing can be drawn of this.", "无可绘制的数据。"),
    "map": Words("Map", "地图"),
    "map_says": Words("places; north is up, no base map", "个地点;上北,无底图"),
    "download": Words("Download", "下载"),
    "most_rows": Words(
        "At most 1,000,000 rows a file; more through the API.", "单文件至多 100 万行,更多请用接口。"
    ),
    "closed": Words("Closed", "已关闭"),
    "not_there": Words("Not found", "未找到"),
    "slow": Words("Too much at once", "请求过于频繁"),
    "wrong": Words("That did not work", "未能完成"),
    "ask_new": Words("Ask for data to be opened", "申请开放数据"),
    "ask_title": Words("What data? (2 to 80 characters)", "需要什么数据?(2–80 字)"),
    "ask_text": Words(
        "What for, which fields, how often? (if you like)", "用途、字段、频率(可不填)"
    ),
    "ask_private": Words(
        "No account is needed. Everybody reads what you write: name nobody.",
        "无需登录。内容公开,请勿填写个人信息。",
    ),
    "send": Words("Send", "提交"),
    "vote": Words("I want this too", "我也需要"),
    "votes": Words("votes", "票"),
    "voted": Words("Your vote counts.", "已计入您的一票。"),
    "voted_before": Words("You had voted; one vote each.", "您已投过票,每人一票。"),
    "asked": Words("It is taken in, and lies with", "已受理,由以下单位答复:"),
    "lies_with": Words("Lies with", "承办单位"),
    "due": Words("To be answered by", "答复期限"),
    "answer": Words("Answer", "答复"),
    "answered_on": Words("Answered", "答复时间"),
    "asked_on": Words("Asked", "申请时间"),
    "matched": Words("Matched to", "匹配到数据集"),
    "by_words": Words("by the words", "依据词语"),
    "no_requests": Words("Nobody has asked for anything yet.", "暂无申请。"),
    "opened_for": Words("Opened for this", "为此开放"),
    "state": Words("State", "状态"),
    "green": Words("in time", "期限内"),
    "yellow": Words("half of the time is over", "时限过半"),
    "orange": Words("due soon", "即将到期"),
    "red": Words("overdue", "已超期"),
    "none": Words("done", "已办结"),
    "plan_says": Words(
        "What the departments have said they will open this year, and whether they did.",
        "各部门本年度承诺开放的数据及落实情况。",
    ),
    "no_plan": Words("No plan is laid down yet.", "尚未发布开放计划。"),
    "dataset": Words("Dataset", "数据集"),
    "due_by": Words("By", "期限"),
    "note": Words("Note", "备注"),
    "plan_open": Words("open", "已开放"),
    "plan_late": Words("late", "逾期未开放"),
    "plan_planned": Words("planned", "待开放"),
    "plan_closed": Words("closed again", "已关闭"),
    "keys_say": Words(
        "Reading needs no key. A key gives more calls: 12,000 an hour instead of 1,200. "
        "It is shown once; we keep a digest alone.",
        "读取无需密钥;使用密钥可提高配额(每小时 12,000 次,无密钥 1,200 次)。"
        "密钥仅显示一次,只保存摘要。",
    ),
    "key_label": Words("What is it for? (no names)", "用途名称(请勿填写个人信息)"),
    "key_make": Words("Make a key", "生成密钥"),
    "key_once": Words(
        "Your key. Write it down: it is not shown again.", "您的密钥,请立即记下,不再显示:"
    ),
    "key_none": Words("This browser has made no key.", "本浏览器尚未生成密钥。"),
    "key_yours": Words("Keys of this browser", "本浏览器的密钥"),
    "key_made": Words("Made", "生成时间"),
    "key_take": Words("Take back", "撤销"),
    "key_gone": Words("The key is void.", "密钥已撤销。"),
    "key_paste": Words("Take back a key by pasting it", "粘贴密钥以撤销"),
    "api_says": Words(
        "Everything here can be read by machines, without a key up to the quota.",
        "本站内容均可由程序读取,配额内无需密钥。",
    ),
    "api_quota": Words(
        "Over the quota the answer is 429, and Retry-After says when to come again.",
        "超出配额时返回 429,Retry-After 为应等待的秒数。",
    ),
    "api_key": Words("Send a key as Authorization: KEY.", "密钥放在请求头 Authorization 中。"),
    "load": Words("Load the page again, then send.", "请重新载入页面后再提交。"),
    "stale": Words("The form is stale or not ours.", "表单已过期或并非本站所发。"),
    "live": Words("as it happens", "实时"), "hourly": Words("hourly", "每小时"),
    "daily": Words("daily", "每日"), "weekly": Words("weekly", "每周"),
    "monthly": Words("monthly", "每月"), "quarterly": Words("quarterly", "每季度"),
    "yearly": Words("yearly", "每年"), "once": Words("once", "一次性"),
    "text": Words("text", "文本"), "whole": Words("whole number", "整数"),
    "number": Words("number", "数值"), "truth": Words("yes or no", "是否"),
    "day": Words("day", "日期"), "moment": Words("moment", "时间"), "place": Words("place", "地点"),
}  # fmt: skip


def pick(words: Words, lang: str) -> str:
    """Return one side of a sentence; the other where that side is empty."""
    return (words.zh or words.en) if lang == "zh" else (words.en or words.zh)


def say(key: str, lang: str) -> str:
    """Return a sentence of the pages."""
    return pick(SAID[key], lang)
