"""A damaged log is told in the language of whoever asks."""

from pathlib import Path

import apsw
import pytest

from mindu.base.records import Event
from mindu.base.time import SystemClock
from mindu.cli.say import FOUND, USAGE
from mindu.cli.verbs import run
from mindu.data.log import Log

DAMAGES = (
    ("UPDATE entry SET body=substr(body, 1, 9) WHERE seq=3", "第 3 条"),
    ("DELETE FROM entry WHERE seq=3", "缺第 3 条"),
    ("DELETE FROM because", "因果索引被改动"),
    ("UPDATE head SET size=size+1", "日志自称"),
    ("UPDATE head SET digest=zeroblob(32)", "与日志头不符"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a log of ten entries."""
    with Log.open(str(tmp_path / "city.mindu")) as log:
        for n in range(10):
            because = (n - 1,) if n else ()
            log.append(Event("rain", {"n": n}), at=SystemClock().now(), about="g", by="t",
                       because=because)  # fmt: skip
        log.commit()
    return tmp_path


@pytest.mark.parametrize(("damage", "told"), DAMAGES)
def test_verify_says_in_chinese_what_is_damaged(
    damage: str, told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = apsw.Connection(str(folder / "city.mindu"))
    db.execute(damage)
    db.close()
    assert run(["verify", "--data", str(folder), "--lang", "zh"]) == FOUND
    said = capsys.readouterr().out
    assert told in said
    assert " was " not in said


def test_a_file_that_is_no_log_is_refused_in_chinese(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "city.mindu").write_bytes(b"a letter, no log" * 999)
    for verb in (["verify"], ["score"], ["why", "3"], ["up", "--port", "0", "--once"]):
        assert run([*verb, "--data", str(folder), "--lang", "zh"]) == USAGE
        said = capsys.readouterr().err
        assert "不是本系统的完整日志" in said, verb
        assert "give another" not in said, verb


def test_a_log_that_another_writes_is_told_in_chinese(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Log.open(str(folder / "city.mindu")):
        assert run(["up", "--data", str(folder), "--port", "0", "--lang", "zh"]) == USAGE
    assert "正被另一进程" in capsys.readouterr().err
