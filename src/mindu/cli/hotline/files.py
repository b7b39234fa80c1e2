"""Read the messages of a hotline: CSV, TSV or JSON lines, columns known by their usual names."""

import csv
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.cli.say import Trouble
from mindu.engines.text import clean, mask, words

LARGEST = 2_000_000_000  # bytes of one file
FIELD = 1_100_000  # characters of one field: a megabyte is read, then cut by `clean`

# What people call the columns; the first that is there counts.
TOKENS = ("tokens", "words", "segmented", "分词")
LABEL = ("label", "topic", "category", "class", "一级标签", "一级分类", "标签", "类别", "分类")
TITLE = ("title", "subject", "留言主题", "标题", "主题")
BODY = ("body", "text", "content", "message", "description", "留言详情", "内容", "正文", "诉求内容")
ID = ("id", "no", "case", "留言编号", "编号", "工单号")
TIME = ("time", "date", "created", "requested_datetime", "留言时间", "时间", "来电时间")
USER = ("user", "caller", "留言用户", "用户", "来电人")
NATURE = ("nature", "性质", "诉求性质", "诉求类型", "信件类型")
GOLD = ("gold", "issue", "问题id", "问题ID")


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a file of messages; what a file does not have is empty."""

    row: int
    id: str
    title: str = ""
    body: str = ""
    tokens: str = ""
    label: str = ""
    time: str = ""
    user: str = ""
    gold: str = ""
    nature: str = ""
    apart: str = ""  # issues that it is not part of, though it looks so

    def said(self) -> tuple[str, ...]:
        """Return the words, from the tokens where the file has them, else from the masked text."""
        if self.tokens:
            return tuple(self.tokens.split())
        whole = f"{self.title}\n{self.body}" if self.title else self.body
        return tuple(words(mask(clean(whole).text).text))


def messages(path: Path) -> list[Message]:
    """Return the messages of a CSV, TSV or JSON-lines file; columns are known by their names."""
    text = text_of(path)
    rows = list(_lines(text, path) if text.lstrip().startswith(("{", "[")) else _table(text, path))
    if not rows:
        raise Trouble(
            Words(f"{path.name} holds no messages.", f"{path.name} 里没有留言。"),
            Words("Give a CSV with a header line.", "请提供带表头的 CSV 文件。"),
        )
    found = [_message(number, row) for number, row in enumerate(rows, start=1)]
    if not any(one.tokens or one.body or one.title for one in found):
        columns = ", ".join(str(name) for name in rows[0])[:200]
        raise Trouble(
            Words(
                f"{path.name} has no column of text; its columns are: {columns}.",
                f"{path.name} 没有文本列;现有列:{columns}。",
            ),
            Words(
                "Name one tokens, title, body or text.",
                "请将文本列命名为 tokens、title、body 或 text。",
            ),
        )
    return found


def text_of(path: Path) -> str:
    """Return a file as text, UTF-8 or GB 18030; raise Trouble for anything else."""
    try:
        if path.stat().st_size > LARGEST:
            raise Trouble(
                Words(f"{path.name} is larger than 2 GB.", f"{path.name} 超过 2 GB。"),
                Words("Split it.", "请拆分文件。"),
            )
        raw = path.read_bytes()
    except OSError as wrong:
        raise Trouble(
            Words(f"{path} cannot be read ({wrong.strerror}).", f"无法读取 {path}。"),
            Words("Name a file that exists.", "请给出存在的文件。"),
        ) from wrong
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Trouble(
        Words(
            f"{path.name} is neither UTF-8 nor GB 18030 text.",
            f"{path.name} 不是 UTF-8 或 GB 18030 文本。",
        ),
        Words("Save it as UTF-8.", "请另存为 UTF-8。"),
    )


def _table(text: str, path: Path) -> Iterator[Mapping[str, str]]:
    csv.field_size_limit(FIELD)
    head = text.split("\n", 1)[0]
    comma = max(",\t;", key=head.count)
    try:
        for row in csv.DictReader(StringIO(text.replace("\0", "")), delimiter=comma):
            yield {
                (name or "").strip(): value for name, value in row.items() if isinstance(value, str)
            }
    except csv.Error as wrong:
        raise Trouble(
            Words(f"{path.name} is no CSV ({wrong}).", f"{path.name} 不是有效的 CSV。"),
            Words("Give a CSV with a header line.", "请提供带表头的 CSV 文件。"),
        ) from wrong


def _lines(text: str, path: Path) -> Iterator[Mapping[str, str]]:
    try:
        parsed = (
            json.loads(text)
            if text.lstrip()[0] == "["
            else [json.loads(line) for line in text.splitlines() if line.strip()]
        )
        for row in parsed:
            yield {str(name): str(value) for name, value in row.items() if value is not None}
    except (json.JSONDecodeError, AttributeError) as wrong:
        raise Trouble(
            Words(
                f"{path.name} is no JSON of messages ({wrong}).", f"{path.name} 不是有效的 JSON。"
            ),
            Words("Give one JSON object a line.", "每行请给一个 JSON 对象。"),
        ) from wrong


def _message(number: int, row: Mapping[str, str]) -> Message:
    return Message(
        row=number, id=first_of(row, ID) or str(number), title=first_of(row, TITLE),
        body=first_of(row, BODY), tokens=first_of(row, TOKENS), label=first_of(row, LABEL).strip(),
        time=first_of(row, TIME).strip(), user=first_of(row, USER).strip(),
        gold=first_of(row, GOLD).strip(), nature=first_of(row, NATURE).strip(),
        apart=first_of(row, ("hard_neg",)).strip(),
    )  # fmt: skip


def first_of(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the first of these columns that is there and not empty."""
    lower = {name.lower(): value for name, value in row.items()}
    return next((lower[name.lower()] for name in names if lower.get(name.lower())), "")
