"""How people feel is learned from a line's own history, and kept only where it beats a lexicon."""

import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest

from mindu.cli.counter.feel import FILE, Feelings
from mindu.cli.verbs import run as mindu
from mindu.engines.text import save, seeded
from mindu.engines.text.axes.feeling import feeling
from mindu.engines.text.axes.heard import auc, bare, heard, kind_of

SIGNS = "东西南北中金木水火土春夏秋冬山江湖海云雨风花石桥林田竹松梅兰鹤鹿"
HARSH = (
    "每天夜里十二点还在施工,打了几次电话都说会来看", "门口的摊子又摆到车道上,天天如此",
    "物业收了钱就不见人影,电梯停了半个月", "公交等了四十分钟一辆也不来,连着一周了",
    "垃圾堆了一个星期,味道飘进屋里",
)  # fmt: skip
MILD = (
    "孩子今年上小学,需要准备哪些材料,几号开始报名", "老人办公交卡要去哪个窗口,周末开不开门",
    "想知道公租房的条件,外地户口可不可以", "能不能在路口加一盏灯,方便晚上散步的人",
    "医保转到外地要多久,网上可不可以办",
)  # fmt: skip


def history(path: Path, *, count: int) -> Path:
    dice = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["标题", "内容", "性质"])
        for n in range(count):
            for nature, said in (("投诉", HARSH), ("咨询", MILD)):
                where = "".join(dice.choices(SIGNS, k=60))  # or all would be near-copies
                body = f"{where}{n}号,{dice.choice(said)}"
                rows.writerow(["", body, nature])
    return path


def test_a_history_teaches_what_a_lexicon_cannot_hear(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = history(tmp_path / "old.csv", count=130)
    feelings = Feelings(tmp_path / FILE)
    assert feelings() is None
    args = ["hotline", "feel", "--file", str(file), "--data", str(tmp_path), "--json"]
    assert mindu(args) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kept"]
    assert told["auc"] > told["lexicon_auc"]
    model = feelings()
    assert model is not None
    text = "茶亭街8号,公交等了四十分钟一辆也不来,连着一周了"
    assert feeling(text).label == "plain", "no harsh word is said"
    assert (heard(text, model).label, heard(text, None).label) == ("complaint", "plain")
    assert heard("衷心感谢,问题圆满解决,非常满意", model).label == "praise"


def test_too_small_a_history_teaches_nothing_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = history(tmp_path / "old.csv", count=20)
    assert mindu(["hotline", "feel", "--file", str(file), "--data", str(tmp_path)]) == 2
    assert "100" in capsys.readouterr().err
    assert not (tmp_path / FILE).exists()


def test_a_file_that_is_no_model_of_feelings_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / FILE
    feelings = Feelings(path)
    for stored in (b"", b"nothing", save(seeded(made=""))):
        path.write_bytes(stored)
        assert feelings() is None


def test_the_kind_is_the_lines_own_word_and_is_not_learned_from() -> None:
    assert kind_of("举报", "咨询一下") == "complaint"
    assert kind_of("求助", "投诉物业") == "", "a help may be either"
    assert kind_of("", "投诉物业乱收费") == "complaint"
    assert kind_of("", "咨询并投诉") == ""
    assert bare("我要投诉:咨询无人理") == "我要:无人理"


def test_the_area_under_the_curve_counts_ties_half() -> None:
    right = np.array([True, True, False, False])
    assert auc(right, np.array([0.9, 0.4, 0.4, 0.1])) == 0.875
    assert auc(right, np.zeros(4)) == 0.5
