"""Mine: who used the data of one person or firm, what for, on what basis, decided by what."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec

from mindu.base.records import Entry, Receipt, Words
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.plan import plan
from mindu.data.gateway.scan import scan
from mindu.data.gateway.want import Want, sql
from mindu.data.grants.duties import Duties
from mindu.data.grants.policies import CITY
from mindu.data.grants.uses import BULK, NAMED, kept_in_part

MOST = 200  # uses of one answer, the newest first
WALKED, STEP = 100_000, 5_000  # entries of the log that one page walks, and at once
_ACTIONS: Mapping[str, Words] = {
    "read": Words("looked up", "查询了"),
    "download": Words("downloaded", "下载了"),
    "query": Words("evaluated", "统计分析了"),
}

_WHY: Mapping[str, str] = {
    "no policy allows it": "没有策略允许",
    "a policy forbids it": "有策略禁止",
    "a policy could not be worked out": "策略无法判定",
}


class Use(msgspec.Struct, frozen=True):
    """One use, as its subject reads it."""

    receipt: int
    at: datetime
    who: str  # a department, or "the public"
    dataset: str
    purpose: str
    basis: str
    reference: str
    policies: tuple[Words, ...]
    allowed: bool
    named: bool  # True: it was about this subject alone or by name; False: among many
    statistic: bool  # True: groups alone were seen
    says: Words


class Page(NamedTuple):
    """Some uses, newest first, and before which entry to ask for older ones; None: no more."""

    uses: list[Use]
    older: int | None


def uses(gateway: Gateway, subject: str) -> list[Use]:
    """Return the newest uses of what is about a subject, told as the datasets write it."""
    return page(gateway, subject).uses


def page(gateway: Gateway, subject: str, before: int | None = None) -> Page:
    """Return a page of uses; what the folds let go is read from the log, some of it a page."""
    book, name = gateway.book, gateway.cloak(subject)
    lists, held = [(book.uses.named(name), NAMED)], set[str]()
    for dataset in gateway.catalogue.values():
        bulk = book.uses.bulk(dataset.name)
        if dataset.subject and bulk and among(gateway, dataset.name, subject):
            held.add(dataset.name)
            lists.append((bulk, BULK))
    top = len(book.log) if before is None else before
    floor = max((told[0] for told, most in lists if kept_in_part(told, most)), default=0)
    known = {seq for told, _ in lists for seq in told if floor <= seq < top}
    newest = sorted(known, reverse=True)[:MOST]
    older = newest[-1] if len(newest) == MOST else None
    if older is None and floor:
        more, older = _older(gateway, min(top, floor), name, held, MOST - len(newest))
        newest += more
    named = set(lists[0][0])
    return Page(
        [_use(gateway, book.log[seq], named=seq in named or _names(book.log[seq], name))
         for seq in newest],
        older,
    )  # fmt: skip


def _older(
    gateway: Gateway, top: int, name: str, held: set[str], most: int
) -> tuple[list[int], int | None]:
    """Walk the log backwards for what is about a subject; return where to go on."""
    found: list[int] = []
    least = max(0, top - WALKED)
    while top > least and len(found) < most:
        low = max(least, top - STEP)
        some = islice(gateway.book.log.since(low), top - low)
        found += [entry.seq for entry in some if _about(entry, name, held)][::-1]
        top = low
    if len(found) > most:
        found = found[:most]
        top = found[-1]
    return found, top or None


def _about(entry: Entry, name: str, held: set[str]) -> bool:
    told = entry.record
    return isinstance(told, Receipt) and (
        name in told.subjects or (told.bulk and not held.isdisjoint(told.datasets))
    )


def _names(entry: Entry, name: str) -> bool:
    return isinstance(entry.record, Receipt) and name in entry.record.subjects


def among(gateway: Gateway, dataset: str, told: str) -> bool:
    """Say whether a dataset holds a person or firm: for that subject's own view alone."""
    held = gateway.catalogue[dataset]
    if not held.subject:
        return False
    source = scan(held, gateway.where(held), Duties(), who={}, secret=b"", witness=True)
    named = gateway.named(held, told)
    want = sql(Want(dataset=dataset, limit=1, subject=named), held, witness=True)
    return bool(gateway.pool.run(plan(want, {dataset: source}, most=1)).num_rows)


def _use(gateway: Gateway, entry: Entry, *, named: bool) -> Use:
    told = entry.record
    assert isinstance(told, Receipt)
    policies = tuple(_policy(gateway, name) for name in told.policies)
    statistic = any(word.startswith("aggregate") for word in told.duties)
    return Use(
        entry.seq, entry.at, told.department or "public", ", ".join(told.datasets), told.purpose,
        told.basis, told.reference, policies, told.allowed, named, statistic,
        _says(gateway, entry, told, policies, statistic=statistic),
    )  # fmt: skip


def _policy(gateway: Gateway, name: str) -> Words:
    found = gateway.book.allowed.policies.policy(name)
    if found is None:
        return Words(f"{name} (ended since)", f"{name}(现已终止)")
    return Words(f"{name}: {found.says or name}", f"{name}:{found.zh or found.says or name}")


def _says(
    gateway: Gateway, entry: Entry, told: Receipt, policies: tuple[Words, ...], *, statistic: bool
) -> Words:
    """Return one use in plain words."""
    held = [gateway.catalogue[name].title for name in told.datasets if name in gateway.catalogue]
    what_en, what_zh = ", ".join(t.en for t in held), "、".join(t.zh for t in held)
    did = _ACTIONS.get(told.action, Words(told.action, told.action))
    when = f"{entry.at.astimezone(CITY):%Y-%m-%d %H:%M}"
    who = Words(told.department or "somebody of the public", told.department or "公众")
    if not told.allowed:
        return Words(
            f"{when}: {who.en} asked for {what_en} and was refused: {told.reason}",
            f"{when},{who.zh}申请使用“{what_zh}”,未予同意:{_WHY.get(told.reason, told.reason)}",
        )
    groups = Words(", in groups without single persons", "(仅分组统计,不含个人)")
    by_en, by_zh = "; ".join(p.en for p in policies), ";".join(p.zh for p in policies)
    return Words(
        f"{when}: {who.en} {did.en} {what_en}{groups.en if statistic else ''} for "
        f"{told.purpose or 'no stated purpose'}, on {told.basis or 'the open licence'} "
        f"({told.reference or 'open data'}); allowed by {by_en}",
        f"{when},{who.zh}{did.zh}“{what_zh}”{groups.zh if statistic else ''},"
        f"用途:{told.purpose or '未注明'},依据:{told.basis or '开放许可'}"
        f"(事由 {told.reference or '开放数据'}),裁定策略:{by_zh}",
    )
