"""Mine: who used the data of one person or firm, what for, on what basis, decided by what."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from mindu.base.records import Entry, Receipt, Words
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.plan import plan
from mindu.data.gateway.scan import scan
from mindu.data.gateway.want import Want, sql
from mindu.data.grants.duties import Duties
from mindu.data.grants.policies import CITY

MOST = 200  # uses of one answer, the newest first
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


def uses(gateway: Gateway, subject: str) -> list[Use]:
    """Return the uses of what is about a subject, told as the datasets write it."""
    book, name = gateway.book, gateway.cloak(subject)
    found = dict.fromkeys(book.uses.named(name), True)
    for dataset in gateway.catalogue.values():
        bulk = book.uses.bulk(dataset.name)
        if dataset.subject and bulk and among(gateway, dataset.name, subject):
            found |= {seq: found.get(seq, False) for seq in bulk[-MOST:]}
    newest = sorted(found, reverse=True)[:MOST]
    return [_use(gateway, book.log[seq], named=found[seq]) for seq in newest]


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
