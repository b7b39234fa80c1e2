"""Papers: rows of a CSV file and letters of a mailbox, as columns, and which column is what."""

import csv
import mailbox
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from io import StringIO
from pathlib import Path

USUAL = {
    "id": ("id", "编号", "留言编号", "工单编号", "ticket"),
    "title": ("title", "标题", "留言主题", "主题", "subject"),
    "text": ("text", "内容", "留言详情", "诉求内容", "正文", "description", "body"),
    "received": (
        "received",
        "时间",
        "留言时间",
        "受理时间",
        "date",
        "opened",
        "requested_datetime",
    ),
    "answer": ("answer", "答复意见", "答复", "回复", "reply"),
    "closed": ("closed", "答复时间", "办结时间", "closed_at"),
    "phone": ("phone", "电话", "联系电话"),
    "name": ("name", "姓名", "留言用户", "联系人"),
    "place": ("place", "地址", "地点", "address"),
    "area": ("area", "区县代码"),
    "service": ("service", "类别代码", "service_code"),
    "unit": ("unit", "承办单位", "department"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which column is what, how times are written, and what services and units are called there."""

    columns: Mapping[str, str]
    time: str = ""
    zone: str = "Asia/Shanghai"
    services: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, or the letters of a mailbox (.mbox, .eml), as columns.

    Raises:
        ValueError: the file is no text we can read.
    """
    if path.suffix.lower() in {".mbox", ".eml"}:
        yield from _letters(path)
        return
    raw = path.read_bytes()
    for code in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(code)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError(f"{path.name} is neither UTF-8 nor GB 18030")
    csv.field_size_limit(len(text) + 1)  # it is all here already; a long cell is cut later
    for row in csv.DictReader(StringIO(text, newline="")):  # U+2028 in a cell ends no row
        yield {str(k).strip(): v if isinstance(v, str) else "" for k, v in row.items()}


def _letters(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix.lower() == ".eml":
        yield _letter(message_from_bytes(path.read_bytes()))
        return
    for message in mailbox.mbox(path, create=False):
        yield _letter(message)


def _letter(message: Message) -> dict[str, str]:
    body = next((p for p in message.walk() if p.get_content_type() == "text/plain"), None)
    raw = body.get_payload(decode=True) if body is not None else b""
    charset = (body.get_content_charset() if body is not None else None) or "utf-8"
    return {
        "id": str(message.get("Message-ID", "")),
        "title": _heading(message.get("Subject", "")),
        "text": _decoded(raw, charset) if isinstance(raw, bytes) else "",
        "received": _dated(str(message.get("Date", ""))),
        "name": parseaddr(_heading(message.get("From", "")))[0],
    }


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except LookupError:  # a charset that nobody knows
        return raw.decode("utf-8", "replace")


def _heading(told: object) -> str:
    """Return a heading as a person reads it; as it stands where it cannot be decoded."""
    try:
        return str(make_header(decode_header(str(told))))
    except (LookupError, ValueError, MessageError):
        return str(told)


def _dated(told: str) -> str:
    """Return a date as ISO 8601; as it stands where it is none, so that its row tells why."""
    try:
        return parsedate_to_datetime(told).isoformat() if told else ""
    except (ValueError, TypeError):
        return told


def mapping(text: str) -> Plan:
    """Read a mapping.

    Raises:
        ValueError: it names what there is not.
    """
    told = tomllib.loads(text)
    columns = {str(k): str(v) for k, v in told.get("columns", {}).items()}
    strange = set(columns) - set(USUAL)
    if strange or "text" not in columns:
        raise ValueError(f"[columns] maps text and any of {', '.join(USUAL)}; not {strange or ''}")
    time = told.get("time", {})
    services, units = (
        {str(k): str(v) for k, v in told.get(part, {}).items()} for part in ("services", "units")
    )
    zone = str(time.get("zone", "Asia/Shanghai"))
    return Plan(columns=columns, time=str(time.get("format", "")), zone=zone, services=services,
                units=units)  # fmt: skip


def guessed(head: Iterable[str]) -> Plan:
    """Return the mapping of a file that bears the usual names.

    Raises:
        ValueError: no column can be the text.
    """
    names = [name.strip().lstrip("\ufeff") for name in head]
    found = {
        field: next((n for n in names if n.lower() in known), "") for field, known in USUAL.items()
    }
    columns = {field: name for field, name in found.items() if name}
    if "text" not in columns:
        raise ValueError(f"none of {names} is the text of a ticket; give --mapping FILE.toml")
    return Plan(columns=columns)
