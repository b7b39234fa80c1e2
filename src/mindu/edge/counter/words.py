"""The sentences of the counter's pages, in both languages."""

from mindu.base.records import Words

SAID = {
    "title": Words("Tell the city · 12345", "12345 我要反映"),
    "lead": Words(
        "No account needed. You get a code and can follow your matter with it.",
        "无需登录。提交后获得查询码,凭码查进度、评价。",
    ),
    "what": Words("What is it about?", "事项类别"),
    "choose": Words("choose, or leave open", "请选择(可不选)"),
    "text": Words("What is the matter?", "诉求内容"),
    "text_hint": Words(
        "What, where, since when. Please do not write down ID or card numbers.",
        "何事、何地、何时起。请勿填写身份证号、银行卡号。",
    ),
    "place": Words("Where? (road, estate, number)", "地点(路名、小区、门牌)"),
    "area": Words("District", "所在区县"),
    "pin": Words("Position on the map (if you like)", "地图位置(可不填)"),
    "lat": Words("latitude", "纬度"),
    "long": Words("longitude", "经度"),
    "here": Words("Use where I am now", "使用当前位置"),
    "point": Words("Point it out on a sketch of the city", "在示意图上点选"),
    "sketch": Words(
        "A sketch, no survey. Tap the place; move by dragging or arrow keys, + and − change the"
        " scale, Enter sets the pin in the middle.",
        "示意图,非测绘成果。点按选定位置;拖动或方向键移动,+ − 缩放,回车将图钉定在中央。",
    ),
    "nearer": Words("nearer", "放大"),
    "farther": Words("farther", "缩小"),
    "photo": Words(
        "Photos (up to 4; their position data is removed)", "照片(至多4张,自动去除位置信息)"
    ),
    "phone": Words("Telephone (if you want to be called back)", "联系电话(需要回访时填写)"),
    "name": Words("Name (if you like)", "称呼(可不填)"),
    "private": Words(
        "Name and telephone are kept sealed; only who handles your matter sees them.",
        "姓名电话加密保存,仅经办人可见。",
    ),
    "send": Words("Send", "提交"),
    "thanks": Words("It is taken in.", "已收到您的诉求。"),
    "again": Words("You had told us this before; we urge it.", "此前已收到同一诉求,已为您催办。"),
    "code": Words("Your code", "查询码"),
    "keep": Words("Write it down: it opens your matter.", "请记下:凭此码查询进度。"),
    "follow": Words("Follow a matter", "查询进度"),
    "look": Words("Look", "查询"),
    "state": Words("It stands at", "当前状态"),
    "with": Words("It lies with", "承办单位"),
    "due": Words("To be answered by", "应于此前答复"),
    "not_announced": Words(
        "(holidays of that year are not yet announced)", "(该年放假安排尚未公布)"
    ),
    "answer": Words("The answer", "答复"),
    "told": Words("You told us", "您反映的内容"),
    "unknown": Words("No matter has that code.", "没有这个查询码。"),
    "rate": Words("How was it?", "请您评价"),
    "solved": Words("Is it solved?", "问题是否解决"),
    "yes": Words("yes", "是"),
    "no": Words("no", "否"),
    "satisfied": Words("How satisfied are you? (1 to 5)", "满意度(1–5 分)"),
    "rate_send": Words("Rate", "提交评价"),
    "reopen": Words("It is not solved: open it again", "未解决,申请重新办理"),
    "urge": Words("Urge it", "催办"),
    "why": Words("Why?", "原因"),
    "done": Words("Noted. Thank you.", "已记录,谢谢。"),
    "over": Words(
        "This belongs to another line. Please act now:", "此事项属紧急专线,请立即:"
    ),
    "wrong": Words("That did not work", "未能提交"),
    "back": Words("Back", "返回"),
    "quick": Words("Most asked for", "一键+10 常用服务"),
    "more": Words("Questions of this service", "补充信息"),
    "other_lang": Words("中文", "English"),
    "desk": Words("Agent's desk", "坐席工作台"),
    "queue": Words("To be sent on, most pressing first", "待派单(最急在前)"),
    "audits": Words("Sent by itself, drawn to be looked at again", "今日抽查(自动批转件)"),
    "mine": Words("With my unit", "本单位在办"),
    "case": Words("Case", "件"),
    "moves": Words("What can be done", "可办操作"),
    "history": Words("What happened", "办理过程"),
    "caller": Words("Caller (sealed)", "诉求人(密)"),
    "login": Words("Sign in", "登录"),
    "officer": Words("Officer", "工号"),
    "secret": Words("Secret", "口令"),
    "denied": Words("Who is this? Sign in with your number and secret.", "请用工号与口令登录。"),
    "new_call": Words("New call", "新来电"),
    "suggest": Words("While you type", "实时提示"),
    "note": Words("note, reason or answer", "说明、理由或答复"),
    "unit": Words("unit", "单位"),
    "board": Words("Boards", "考核看板"),
    "open": Words("open", "在办"),
    "late": Words("late", "超期"),
    "together": Words("What many cases say together", "诉求综合研判"),
    "bursts": Words("Bursts: more than the season explains", "突发聚集(超出季节常值)"),
    "lasting": Words("Issues that never end", "久拖未决"),
    "may_be_one": Words("May be one matter: confirm or part", "疑似同一事项(请确认并案或分开)"),
    "people": Words("people", "人反映"),
    "usual": Words("usual", "常值"),
    "merge_all": Words("Merge what is marked", "将勾选件并案"),
    "not_one": Words("Not the same: do not suggest again", "不是同一事项,不再提示"),
    "mark_some": Words("Mark at least one case.", "请至少勾选一件。"),
    "aid": Words("What helps", "办件助手"),
    "similar": Words("Answered before", "相似已办结件"),
    "may_repeat": Words("May have been told before", "此前可能已有人反映"),
    "may_be_same": Words("May be the same matter, still open", "疑似同一事项(未办结)"),
    "articles": Words("What is known", "知识条目"),
    "templates": Words("Begin the reply from", "答复模板"),
    "came_back": Words("Answers that did not help", "未解决问题的答复"),
    "to_mend": Words("To be mended in the reply", "答复待改进"),
    "nothing_found": Words("Nothing to mend was found.", "未发现需改进之处。"),
    "not_filled": Words("The template cannot be filled:", "模板无法填写:"),
    "script": Words("What to say", "通话指引"),
    "month": Words("Weightiest topics of", "每月一题:本月重点"),
    "take_up": Words("to be taken up whole", "建议专项治理"),
    "before": Words("month before", "上期"),
    "weeks": Words("weeks", "持续周数"),
    "reopened": Words("reopened", "重开"),
    "unsolved": Words("not solved, say callers", "诉求人认定未解决"),
    "unhappy": Words("1 or 2 of 5", "1–2 分"),
    "cases": Words("cases", "涉及件"),
    "opinion": Words("Public opinion, last 30 days", "民意诊断(近30天)"),
    "opinion_hint": Words(
        "How words sound, by a lexicon that heeds negation and, once learned, by the line's own"
        " history (mindu hotline feel); no unit is graded by it.",
        "按识别否定的情感词典统计措辞,训练后(mindu hotline feel)兼用本热线历史,不用于单位考核。",
    ),
    "topic": Words("about", "事项/区域"),
    "complaint": Words("complaining", "负面"),
    "plain": Words("plain", "中性"),
    "praise": Words("praising", "正面"),
    "anger": Words("anger 0–1", "愤怒度 0–1"),
    "spoke": Words("words that spoke", "高频措辞"),
    "by_topic": Words("by topic", "按事项"),
    "by_area": Words("by district", "按区县"),
    "link_over": Words(
        "This link holds no more. Follow your matter by its code, or call 12345.",
        "该链接已失效。请凭查询码查询,或拨打 12345。",
    ),
    "warned": Words("Told of by the ladder, gravest first", "分级预警(最重在前)"),
    "yellow": Words("yellow", "黄色预警"),
    "orange": Words("orange", "橙色预警"),
    "red": Words("red", "红色预警"),
    "purple": Words("purple", "紫色预警"),
    "pass_on": Words(
        "Emergencies nobody has passed on yet: dial, then note it on the case",
        "紧急件待转报:请立即电话转报,并在件上备注",
    ),
    "leads": Words("leads", "牵头"),
    "helps": Words("helps (may stay empty)", "协办(可不填)"),
    "part": Words("what is asked of it", "办理事项"),
    "split_hint": Words(
        "Each part goes to its unit at once; the caller is answered when all parts are.",
        "各子件同时派出;全部答复后汇总答复诉求人。",
    ),
    "undo_hint": Words(
        "Its parts end at once and their units are told why; the case goes on where it stood, "
        "with its own terms.",
        "各子件立即作废并告知承办单位原因;本件恢复拆分前状态,时限照旧。",
    ),
    "dropped": Words("Taken back from my unit: nothing more to do", "已撤回本单位的子件(无需再办)"),
    "suggested": Words("Units that may answer", "建议承办单位"),
    "too_many": Words(
        "Too many wrong tries. Wait some minutes.", "错误次数过多,请过几分钟再试。"
    ),
    "to_call": Words("Answered: to be called back", "已反馈,待回访"),
    "nothing_yet": Words("Nothing at present.", "暂无。"),
    "held": Words("within the measure", "达标"),
    "missed": Words("outside of the measure", "未达标"),
    "position": Words("Position, north and east", "地图位置(纬度、经度)"),
    "picture": Words("Picture", "照片"),
    "tied_into": Words("Belongs to", "所属件"),
    "tied_parts": Words("Its parts", "拆分子件"),
    "tied_merged": Words("Merged into it", "已并入件"),
    "told_again": Words("told again", "重复反映"),
}  # fmt: skip


# As it stands in the log; a page shows the side that its reader reads.
TOLD_AGAIN = f"{SAID['told_again'].en} {SAID['told_again'].zh}"


def pick(words: Words, lang: str) -> str:
    """Return one side of a sentence."""
    return (words.zh or words.en) if lang == "zh" else (words.en or words.zh)


def say(key: str, lang: str) -> str:
    """Return a sentence of the pages."""
    return pick(SAID[key], lang)
