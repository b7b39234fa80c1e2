"""The public pages' phrases, and the accessibility statement."""

from mindu.base.records import Words

SAID: dict[str, Words] = {
    "public_status": Words("Status", "城市状况"),
    "public_warnings": Words("Warnings in force", "生效预警"),
    "public_decisions": Words("Decisions and why", "决定与理由"),
    "public_scores": Words("Score cards", "得分卡"),
    "public_access": Words("Accessibility", "无障碍声明"),
    "in_force": Words("in force", "条预警生效"),
    "no_warnings": Words("No warning is in force.", "目前没有生效的预警。"),
    "status_says": Words(
        "This page is for everyone. It tells what the city's brain sees, warns of, "
        "decides, and how often it was right.",
        "本页面向所有人:大脑所见、所警、所决,以及对错几何。",
    ),
    "decisions_say": Words(
        "What the brain proposed, how a person decided, and what came of it. Names are not shown.",
        "大脑的提议、由人作出的决定及其结果。不显示姓名。",
    ),
    "scores_say": Words(
        "Every judgement says what would prove it; these are the counts.",
        "每项判断都写明如何验证,以下为计数。",
    ),
    "access_1": Words(
        "These pages aim at WCAG 2.2 level AA and GB/T 37668.",
        "本站以 WCAG 2.2 AA 级与 GB/T 37668 为目标。",
    ),
    "access_2": Words(
        "Every page works without script, by keyboard alone, at 320 pixels and at 200 % text.",
        "各页无脚本可用,可全程键盘操作,适应 320 像素与 200% 字号。",
    ),
    "access_3": Words(
        "Severity is told by shape, word and order, never by colour alone; all that is "
        "on the map is in a list.",
        "等级以形状、文字与次序表示,不只用颜色;图上内容皆有列表。",
    ),
    "access_4": Words(
        "What is not proven: screen readers with people, and browsers other than Chromium.",
        "尚未证实:真人读屏测试及 Chromium 以外的浏览器。",
    ),
    "access_5": Words(
        "Tell the city's operator what does not work for you; the address stands with the service.",
        "如遇障碍,请告知本市运行单位,联系方式见其服务页。",
    ),
}
