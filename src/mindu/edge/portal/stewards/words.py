"""The sentences of the stewards' pages, in both languages."""

from mindu.base.records import Words
from mindu.edge.portal.words import pick

SAID = {
    "stewards": Words("Stewards", "数据管理"),
    "lead": Words(
        "Check a table, open or close it, lay down the year's plan, answer requests. Every step is "
        "signed in your name for the department that owns the data, and stays in the log.",
        "核查、开放或关闭数据集,编制年度计划,答复申请。每一步以您的姓名代数据所属部门签署,并留痕。",
    ),
    "tables": Words("Tables", "数据集"),
    "none": Words("No table is declared yet.", "暂无登记的数据集。"),
    "stands": Words("Stands", "状态"),
    "open": Words("open", "已开放"),
    "closed": Words("closed", "已关闭"),
    "shut": Words("not open", "未开放"),
    "refused": Words("refusals since", "次未通过核查"),
    "waiting": Words("Requests that wait", "待答复的申请"),
    "no_waiting": Words("No request waits.", "没有待答复的申请。"),
    "back": Words("Back to the stewards' list", "返回管理列表"),
    "owner": Words("Signed for", "代为签署"),
    "column": Words("Column", "列"),
    "goes_out": Words("goes out", "开放"),
    "quasi": Words(
        "with others tells who somebody is (quasi-identifier)", "与其他列组合可识别个人(准标识)"
    ),
    "delicate": Words("nobody may conclude it (delicate)", "不得被推断(敏感)"),
    "facility": Words("address or phone of a public place", "公共场所的地址或电话"),
    "declared": Words("declared so", "目录已声明"),
    "licence": Words("Licence", "许可协议"),
    "k": Words("Least people alike (k)", "最少相同人数 k"),
    "l": Words("Least delicate values among them (l)", "其中敏感值最少种数 l"),
    "answers": Words("Answers request number (or empty)", "答复申请编号(可空)"),
    "check": Words("Check only", "仅核查"),
    "do_open": Words("Check and open", "核查并开放"),
    "in_the_way": Words("In the way", "未通过,原因如下"),
    "passes": Words("Nothing is in the way: it may be opened.", "核查通过,可以开放。"),
    "counted": Words("Counted", "核查结果"),
    "rows": Words("rows", "行"),
    "people": Words("fewest people alike", "最少相同人数"),
    "few": Words("rows of people too few alike", "行的相同人数不足"),
    "kinds": Words("fewest values of", "最少取值数:"),
    "close": Words("Close it", "关闭"),
    "why": Words("Why (everybody reads it)", "理由(向公众显示)"),
    "plan": Words("The year's plan", "年度开放计划"),
    "plan_how": Words(
        "One line a table: dataset,title_zh,title_en,department,due,note; due as 2026-12-31. The "
        "whole plan is laid down anew.",
        "每行一个数据集:dataset,title_zh,title_en,department,due,note;due 写作 2026-12-31。"
        "提交后整份替换。",
    ),
    "lay": Words("Lay it down", "提交计划"),
    "answer": Words("Answer (everybody reads it)", "答复(向公众显示)"),
    "opened_for": Words("Table that was opened for it (or empty)", "为此开放的数据集(可空)"),
    "do_answer": Words("Answer", "答复"),
    "to": Words("Department that holds such data", "持有该数据的部门"),
    "send_on": Words("Send it on", "转办"),
    "hide": Words("Show it no more", "不予展示"),
    "done_open": Words("It is open.", "已开放。"),
    "done_close": Words("It is closed; the next reader is told why.", "已关闭,读者将看到理由。"),
    "done_plan": Words("The plan is laid down.", "计划已提交。"),
    "done_answer": Words("The answer stands on the page of the request.", "答复已公布。"),
    "done_to": Words("It lies with another department now.", "已转办。"),
    "done_hide": Words("It is shown no more.", "已不再展示。"),
    "no_number": Words("a number, please", "请填写数字"),
    "no_plan": Words("the plan cannot be read: quotes must be closed", "计划无法读取:引号须成对"),
}


def told(key: str, lang: str) -> str:
    """Return one of these sentences."""
    return pick(SAID[key], lang)
