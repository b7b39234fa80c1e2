"""Nature, urgency, emergency and feeling are told with the words that spoke."""

import pytest

from mindu.engines.text.axes import emergency, feeling, nature, urgency


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("请问社保卡丢了在哪里补办?", "inquiry"),
        ("投诉楼下烧烤店油烟扰民", "complaint"),
        ("举报有人无证行医", "report"),
        ("建议在路口增设红绿灯", "suggestion"),
        ("感谢社区工作人员及时解决了漏水", "thanks"),
        ("老人走失,求助", "help"),
        ("今天天气", "other"),
    ],
)
def test_the_nature_of_a_message_is_heard(said: str, code: str) -> None:
    held = nature(said)
    assert held.code == code
    assert all(word in said for word in held.because)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("井盖不见了,很危险", "urgent"),
        ("外墙随时可能掉落", "critical"),
        ("多次投诉的历史遗留拆迁问题", "complex"),
        ("公园几点开门", "normal"),
    ],
)
def test_urgency_is_heard(said: str, code: str) -> None:
    assert urgency(said).code == code


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("隔壁着火了快来人", "119"),
        ("电梯里被困了两个人", "119"),
        ("闻到很浓的煤气味", "119"),
        ("有人晕倒在路边", "120"),
        ("前面两辆车撞车了", "122"),
        ("楼下有人持刀", "110"),
        ("楼顶有人要跳楼", "110"),
        ("家里小孩走失了", "110"),
    ],
)
def test_an_emergency_is_handed_over_with_words_to_say(said: str, line: str) -> None:
    found = emergency(said)
    assert found is not None
    assert found.line == line
    assert line in found.say_zh
    assert line in found.say_en


@pytest.mark.parametrize(
    "said",
    [
        "楼道堆满杂物,容易着火了怎么办",
        "去年小区着火了,请问如何赔偿",
        "请问交通事故怎么认定",
        "学校防溺水宣传做得好",
        "消防演练什么时候",
        "担心孩子掉进河里",
    ],
)
def test_what_is_past_possible_or_asked_about_stays_here(said: str) -> None:
    assert emergency(said) is None


def test_feeling_heeds_negation_and_politeness() -> None:
    assert feeling("对处理结果很满意").score > 0 > feeling("对处理结果很不满意").score
    assert feeling("这里没有噪音").score == 0
    assert feeling("希望环境更加舒适").score < 0, "who wishes for it does not have it"
    assert feeling("感谢领导!楼下噪音扰民没人管").label == "complaint", "thanks out of politeness"
    assert feeling("忍无可忍!!凭什么没人管").anger > feeling("路灯不亮").anger
