"""The look-ahead's phrases."""

from mindu.base.records import Words

SAID: dict[str, Words] = {
    "ahead_says": Words(
        "Live on from any moment, twice: as it was, and with something changed.",
        "从任一时刻起推演两遍:原样,与改变后。",
    ),
    "ahead_not": Words(
        "Nobody here can look ahead: the city keeps no log on disk.",
        "此处无法推演:城市没有落盘的日志。",
    ),
    "ahead_at_rest": Words(
        "A stored night is at rest: it is read and asked why, and nothing starts from it.",
        "已存之夜处于静止:可查阅、可问因,不能从中启动推演。",
    ),
    "ahead_living": Words("Look ahead from the living city", "从当前城市推演"),
    "ahead_new": Words("A new look ahead", "新的推演"),
    "name_it": Words("Name it", "名称"),
    "leave_at": Words("Leave at (empty = now)", "起点(空 = 现在)"),
    "hours": Words("Hours ahead", "向前小时数"),
    "world": Words("The world", "外部条件"),
    "by_hand": Words("Set by hand", "人工设定"),
    "to_share": Words("Set to, %", "设为 %"),
    "after_min": Words("After, min", "几分钟后"),
    "one_param": Words("One parameter", "一个参数"),
    "who_answers": Words("Who answers proposals", "由谁答复提议"),
    "answers_logged": Words("as people did then, else yes", "照当时的决定,否则同意"),
    "answers_yes": Words("always yes", "一律同意"),
    "answers_nobody": Words("nobody", "无人"),
    "run_it": Words("Run both futures", "推演两种未来"),
    "jobs": Words("Looks ahead", "推演列表"),
    "no_jobs": Words("Nobody has looked ahead yet.", "尚无推演。"),
    "job_waiting": Words("waits", "等待"),
    "job_running": Words("runs", "进行中"),
    "job_done": Words("done", "完成"),
    "job_failed": Words("failed", "失败"),
    "job_cancelled": Words("ended", "已取消"),
    "settings": Words("settings", "项设定"),
    "progress": Words("Progress", "进度"),
    "cancel": Words("End it", "取消"),
    "as_it_was": Words("as it was", "原样"),
    "changed": Words("changed", "改变后"),
    "total": Words("in all", "合计"),
}
