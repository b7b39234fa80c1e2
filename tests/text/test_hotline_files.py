"""`mindu hotline` reads what people have, answers in JSON, and says how to mend what it cannot."""

import csv
import json
from pathlib import Path

import pytest

from mindu.cli.verbs import run
from mindu.engines.text.topics.codes import samples


def table(path: Path, head: str, rows: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as opened:
        csv.writer(opened).writerows([head.split(","), *rows])
    return path


def history(path: Path) -> Path:
    rows = []
    for code, text in samples():
        if code[:2] in {"01", "04", "05", "07"}:
            rows += [
                [text[:8], text, f"{code[:2]}类"],
                [f"反映{text[:6]}", f"{text}盼复", f"{code[:2]}类"],
            ]
    return table(path, "留言主题,留言详情,一级标签", rows, "gb18030")


def told(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, dict[str, object]]:
    code = run(["hotline", *map(str, args), "--json"])
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, answer


def test_an_operators_history_becomes_a_model_that_classifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, model = history(tmp_path / "history.csv"), tmp_path / "model"
    code, learned = told(capsys, "train", file, "--out", model)
    assert code == 0
    assert learned["kind"] == "topics"
    code, answer = told(capsys, "classify", file, "--model", model)
    assert code == 0
    assert isinstance(answer["score"], dict)
    assert answer["score"]["accuracy"] > 0.9
    assert isinstance(answer["results"], list)
    first = answer["results"][0]
    assert first["suggestions"][0]["because"]
    assert first["nature"]


def test_messages_are_merged_at_once_and_one_by_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "messages.csv"
    same = "桂湖新城旁边的搅拌站半夜施工,噪音和粉尘让人无法入睡,请环保部门查处"
    rows = [
        [f"{n}", "桂湖新城搅拌站扰民", f"2026-01-0{n + 1} 09:00:00", same, "a", ""]
        for n in range(4)
    ]
    rows += [["9", "桂湖新城道路破损", "2026/1/9 9:00", "门口路面坑洼骑车摔倒", "", "a"]]
    rows += [[f"s{n}", "", "2026-01-02", text, "", ""] for n, (_, text) in enumerate(samples())]
    table(file, "id,title,time,body,gold,hard_neg", rows)
    for way in ([], ["--online"]):
        code, answer = told(capsys, "merge", file, *way)
        assert code == 0
        assert isinstance(answer["score"], dict)
        assert answer["score"]["recall"] == 1.0
        assert answer["score"]["hard_negatives"] == 1


def test_addresses_are_cut_by_rules_or_by_what_lies_beside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "福 B-city\n州 I-city\n五 B-road\n四 I-road\n路 I-road\n{n} B-roadno\n号 I-roadno\n\n"
    file = tmp_path / "address_dev.txt"
    file.write_text("".join(line.format(n=n) for n in range(1, 9)), encoding="utf-8")
    code, answer = told(capsys, "address", file)
    assert (code, answer["way"]) == (0, "rules")
    beside = tmp_path / "address_train.txt"
    beside.write_text("".join(line.format(n=n) for n in range(1, 40)), encoding="utf-8")
    code, answer = told(capsys, "address", file)
    assert code == 0
    assert isinstance(answer["score"], dict)
    assert answer["score"]["f1"] == 1.0


@pytest.mark.parametrize(
    ("name", "held", "args"),
    [
        ("no.csv", None, ["classify"]),
        ("empty.csv", b"", ["merge"]),
        ("strange.csv", b"a,b\n1,2\n", ["classify"]),
        ("binary.csv", bytes(range(128, 256)) * 40, ["classify"]),
        ("bad.jsonl", b'{"body": "x"\n', ["merge"]),
        ("few.csv", "tokens,label\n路灯 不亮,a\n".encode(), ["train", "--out", "m"]),
        ("m.csv", "body\n路灯不亮\n".encode(), ["classify", "--model", "missing"]),
    ],
)
def test_what_cannot_be_read_is_said_with_how_to_mend_it(
    name: str, held: bytes | None, args: list[str], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / name
    if held is not None:
        file.write_bytes(held)
    code, answer = told(capsys, args[0], file, *args[1:])
    assert code == 2
    assert answer["error"]
    assert answer["mend"]
