"""A file that is no XML is told where and why, in the language of whoever reads it."""

import re

import pytest

from mindu.engines.rules import ModelError, load

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ENGLISH = re.compile(r"[a-zA-Z]{2,}")


def told(text: str | bytes) -> tuple[str, str]:
    with pytest.raises(ModelError) as no:
        load(text)
    assert no.value.problem.where == "XML", "where it is has no language"
    return no.value.problem.en, no.value.problem.zh


@pytest.mark.parametrize(("text", "en", "zh"), [
    (f"{HEAD}<a>\n  <b></a>", "line 3, column 8: this is not XML (a tag is closed that is not the",
     "第 3 行第 8 列:不是有效的 XML(关闭的标签与打开的不一致):请从编辑器重新导出模型"),
    ("<a>&me;</a>", "line 1, column 4: this is not XML (an entity", "第 1 行第 4 列:"),
    ("fish", "line 1, column 1: this is not XML (it does not begin with a tag)", "开头不是标签"),
    ("", "or is empty", "内容为空"),
    (b"<a>\xc4\xe3\xba\xc3</a>", "a sign stands where none may", "此处有不允许的字符"),
    (f"{HEAD}\n<!DOCTYPE d><d/>", "line 3, column", "第 3 行第"),
])  # fmt: skip
def test_what_is_wrong_is_told_by_line_and_column_in_both_languages(
    text: str | bytes, en: str, zh: str
) -> None:
    said = told(text)
    assert en in said[0]
    assert zh in said[1]
    assert not ENGLISH.search(said[1].replace("XML", "").replace("DOCTYPE", "")), said[1]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5", "klingon"])
def test_a_file_in_another_encoding_is_asked_for_in_utf_8(encoding: str) -> None:
    body = "<a>你好</a>".encode("gbk")
    en, zh = told(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body)
    assert "its encoding is not known" in en
    assert "UTF-8" in en
    assert "UTF-8 编码" in zh
