"""Changes between two versions of a decision model: each element that differs, in both languages.

`Change` is shared with processes: what was added, removed or changed, and the element it is about.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from mindu.engines.rules.dmn.xml import Element, read_xml

LONGEST = 80  # characters of a text that a sentence quotes
What = Literal["added", "removed", "changed"]
KINDS = {
    "decision": ("decision", "决定"),
    "inputData": ("input", "输入"),
    "businessKnowledgeModel": ("knowledge model", "知识模型"),
    "decisionService": ("decision service", "决定服务"),
    "knowledgeSource": ("knowledge source", "知识来源"),
    "itemDefinition": ("type", "类型"),
    "rule": ("rule", "规则"),
}


class Change(msgspec.Struct, frozen=True):
    """One difference between two versions."""

    what: What
    element: str  # its id; in the old version where it was removed
    en: str
    zh: str


def compare(old: str | bytes, new: str | bytes) -> tuple[Change, ...]:
    """Return what differs between two models; nothing: they decide alike.

    Raises:
        ModelError: one of them is no XML.
    """
    before, after = _parts(read_xml(old)), _parts(read_xml(new))
    found = [_said("removed", before[name]) for name in before if name not in after]
    for name, element in after.items():
        if name not in before:
            found.append(_said("added", element))
        else:
            found.extend(_between(before[name], element))
    return tuple(found)


def _parts(root: Element) -> dict[str, Element]:
    known = (e for e in root.children if e.tag in KINDS)
    return {e.get("id") or e.get("name"): e for e in known}


def _between(old: Element, new: Element) -> Iterator[Change]:
    tables = [one.first("decisionTable") for one in (old, new)]
    if None in tables:
        if _told(old) != _told(new):
            yield _changed(new, _texts(old), _texts(new))
        return
    if _told(old, "rule") != _told(new, "rule"):
        yield _changed(new, _texts(old, "rule"), _texts(new, "rule"))
    before, after = (_rules(table) for table in tables if table is not None)
    yield from _rows(new, before, after)


def _rules(table: Element) -> dict[str, tuple[int, Element]]:
    """Return the rules of a table by id, or by number where they have none."""
    rules = enumerate(table.all("rule"), 1)
    return {rule.get("id") or f"#{number}": (number, rule) for number, rule in rules}


def _rows(
    of: Element, before: dict[str, tuple[int, Element]], after: dict[str, tuple[int, Element]]
) -> Iterator[Change]:
    for name, (number, row) in before.items():
        if name not in after:
            yield _row("removed", of, name, number, (_cells(row), ""))
    for name, (number, row) in after.items():
        was, old = before.get(name, (0, None))
        if old is None:
            yield _row("added", of, name, number, ("", _cells(row)))
        elif _told(old) != _told(row):
            yield _row("changed", of, name, number, (_cells(old), _cells(row)))
        elif was != number:
            yield _row("changed", of, name, number, (f"#{was}", f"#{number}"))


def _told(element: Element, without: str = "") -> object:
    """Return an element as plain values; where it is drawn and how it is spaced says nothing."""
    kids = [_told(e, without) for e in element.children if e.tag != without]
    return element.tag, sorted(element.attributes.items()), " ".join(element.text.split()), kids


def _texts(element: Element, without: str = "") -> str:
    """Return all that an element says, shortened."""
    parts = [element.get("name")] if element.get("name") else []
    for one in _walk(element, without):
        parts += [one.get(name) for name in ("hitPolicy", "typeRef", "href") if one.get(name)]
        parts += [" ".join(one.text.split())] if one.text.strip() else []
    return short("; ".join(parts))


def _walk(element: Element, without: str) -> Iterator[Element]:
    for child in element.children:
        if child.tag != without:
            yield child
            yield from _walk(child, without)


def _cells(row: Element) -> str:
    return short(" | ".join(" ".join(e.text_of("text").split()) for e in row.children))


def _said(what: What, element: Element) -> Change:
    en, zh = KINDS[element.tag]
    name = element.get("name") or element.get("id")
    done = {"added": ("was added", "新增"), "removed": ("was taken out", "删除")}
    return Change(
        what, element.get("id"), f"{en} {name!r} {done[what][0]}", f"{done[what][1]}{zh}“{name}”"
    )


def _changed(element: Element, old: str, new: str) -> Change:
    en, zh = KINDS[element.tag]
    name = element.get("name") or element.get("id")
    return Change("changed", element.get("id"), f"{en} {name!r}: was {old!r}, is {new!r}",
                  f"{zh}“{name}”:原为“{old}”,现为“{new}”")  # fmt: skip


def _row(what: What, of: Element, name: str, number: int, told: tuple[str, str]) -> Change:
    told_en = {"added": f"was added: {told[1]!r}", "removed": f"was taken out: {told[0]!r}",
               "changed": f"was {told[0]!r}, is {told[1]!r}"}  # fmt: skip
    told_zh = {"added": f"新增“{told[1]}”", "removed": f"删除“{told[0]}”",
               "changed": f"原为“{told[0]}”,现为“{told[1]}”"}  # fmt: skip
    return Change(what, name, f"decision {of.get('name')!r}, rule {number} {told_en[what]}",
                  f"决定“{of.get('name')}”第{number}条规则{told_zh[what]}")  # fmt: skip


def short(text: str) -> str:
    """Return a text no longer than a sentence may quote."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
