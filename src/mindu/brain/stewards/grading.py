"""Grading: what a dataset holds decides how delicate it is; a grade is raised by what is found."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.engines.text.detect import column

# What a kind of data is by itself, GB/T 43697-2024 for the grades of what names a person.
KINDS: dict[str, Grade] = {
    "id": Grade.SENSITIVE, "bank": Grade.SENSITIVE, "phone": Grade.SENSITIVE,
    "plate": Grade.SENSITIVE, "email": Grade.SENSITIVE, "account": Grade.SENSITIVE,
    "name": Grade.SENSITIVE, "address": Grade.SENSITIVE, "credit": Grade.OPEN,
}  # fmt: skip
# How each kind is shown where a policy lets a delicate dataset be read.
MASKS = {
    "id": "middle", "bank": "last4", "phone": "middle", "plate": "middle", "email": "hide",
    "account": "hide", "name": "initial", "address": "hide",
}  # fmt: skip


class Rule(NamedTuple):
    """A declared rule: fields that are called so are at least that delicate."""

    called: str  # searched in name and meaning
    grade: Grade


RULES = (
    Rule("病历|诊断|病史|传染病|基因|diagnos|biometric", Grade.SECRET),
    Rule("犯罪|刑罚|前科|宗教|信仰|未成年|指纹|人脸|虹膜|涉密", Grade.SECRET),
    Rule("收入|工资|薪|存款|资产|salary|income", Grade.SENSITIVE),
    Rule("婚姻|民族|残疾|低保|行踪|轨迹|出生日期", Grade.SENSITIVE),
)

_NONE: Mapping[str, tuple[str, ...]] = {}


class Finding(NamedTuple):
    """Why a field is so delicate: a kind that was found, its share of values, or a rule."""

    field: str
    grade: Grade
    kind: str = ""
    share: float = 0.0
    whole: bool = False
    rule: str = ""


class Graded(NamedTuple):
    """A dataset with its grades, and why."""

    dataset: Dataset
    findings: list[Finding]


def graded(
    dataset: Dataset, values: Mapping[str, Sequence[str]], rules: Sequence[Rule] = RULES,
    settled: Mapping[str, tuple[str, ...]] = _NONE,
) -> Graded:  # fmt: skip
    """Grade each field by declared rules and by some of its values; no grade is ever lowered.

    `settled` names by field what a person looked at and found to be nothing: kinds, and rules.
    """
    fields, findings = [], []
    for field in dataset.fields:
        nothing = settled.get(field.name, ())
        found = [
            one
            for one in _findings(field, values.get(field.name, ()), rules)
            if (one.kind or one.rule) not in nothing
        ]
        findings += found
        kind = next((one.kind for one in found if one.whole), field.kind)
        gravest = max([field.grade, *(one.grade for one in found)])
        fields.append(msgspec.structs.replace(field, grade=gravest, kind=kind))
    grade = max([dataset.grade, *(field.grade for field in fields)])
    told = msgspec.structs.replace(
        dataset, fields=tuple(fields), grade=grade, subject=dataset.subject or _subject(fields)
    )
    return Graded(told, findings)


class Kept(msgspec.Struct, frozen=True):
    """The grades of a dataset as they are kept beside its rows: by field, grade and kind."""

    fields: dict[str, tuple[Grade, str]]
    subject: str = ""
    found: dict[str, tuple[str, ...]] = {}  # kinds and rules that were ever found in a field
    settled: dict[str, tuple[str, ...]] = {}  # of them, those that a person found to be nothing


def kept(dataset: Dataset) -> Kept:
    """Return what is kept of a dataset's grades."""
    return Kept({f.name: (f.grade, f.kind) for f in dataset.fields}, dataset.subject)


def looked(
    dataset: Dataset, values: Mapping[str, Sequence[str]], before: Kept | None
) -> tuple[Graded, Kept]:
    """Grade a dataset as it is declared, beside all that was found in its rows before."""
    was = before or Kept({})
    told = graded(regraded(dataset, was), values, settled=was.settled)
    found = {name: set(kinds) for name, kinds in was.found.items()}
    for one in told.findings:
        found.setdefault(one.field, set()).add(one.kind or one.rule)
    now = {name: tuple(sorted(kinds)) for name, kinds in sorted(found.items())}
    return told, msgspec.structs.replace(kept(told.dataset), found=now, settled=was.settled)


def settle(dataset: Dataset, was: Kept, field: str, grade: Grade) -> Kept:
    """Return the grades with one that a person gives a field; what else turns up counts anew.

    `dataset` is as it is declared: below that no decision goes.

    Raises:
        ValueError: there is no such field, or its declaration is graver.
    """
    declared = dataset.field(field)
    if declared is None:
        raise ValueError(f"{dataset.name} has no field {field!r}")
    if grade < declared.grade:
        raise ValueError(f"{field} is declared {declared.grade.name}: change its declaration")
    settled = was.settled | {field: was.found.get(field, ())}
    fields = was.fields | {field: (grade, "")}
    subject = "" if was.subject == field else was.subject
    return Kept(fields, subject, was.found, settled)


def regraded(dataset: Dataset, told: Kept) -> Dataset:
    """Return a dataset with grades that were kept; no grade is ever lowered by them."""
    fields = []
    for field in dataset.fields:
        grade, kind = told.fields.get(field.name, (field.grade, field.kind))
        new = msgspec.structs.replace(field, grade=max(grade, field.grade), kind=field.kind or kind)
        fields.append(new)
    names = {field.name for field in fields}
    return msgspec.structs.replace(
        dataset,
        fields=tuple(fields),
        grade=max([dataset.grade, *(field.grade for field in fields)]),
        subject=dataset.subject or (told.subject if told.subject in names else ""),
    )


def _findings(field: Field, values: Sequence[str], rules: Sequence[Rule]) -> list[Finding]:
    heading = f"{field.meaning.zh} {field.meaning.en} {field.name}"
    found = [
        Finding(field.name, rule.grade, rule=rule.called.split("|")[0])
        for rule in rules
        if re.search(rule.called, heading, re.IGNORECASE)
    ]
    held = column(heading, values) if field.type in {"text", "whole"} else []
    return found + [
        Finding(field.name, KINDS[one.kind], one.kind, one.share, one.whole) for one in held
    ]


def _subject(fields: Sequence[Field]) -> str:
    """Return the field that says whom a row is about: identity first, then firm, then phone."""
    kinds = {field.kind: field.name for field in reversed(fields) if field.kind}
    return next((kinds[kind] for kind in ("id", "credit", "phone") if kind in kinds), "")


def policy(dataset: Dataset) -> str:
    """Return the policy that a grade calls for, to be read and laid by a person.

    Open and internal data need none; secret data is shared by agreement alone.
    """
    if dataset.grade != Grade.SENSITIVE:
        return ""
    masks = [f"{f.name}:{MASKS[f.kind]}" for f in dataset.fields if f.kind in MASKS]
    other = [
        f"{f.name}:hide"
        for f in dataset.fields
        if f.grade >= Grade.SENSITIVE and f.kind not in MASKS
    ]
    told = ", ".join([*masks, *other])
    mask = f'@mask("{told}") ' if told else ""
    return (
        f'@id("{dataset.name}-masked") @purpose("*") {mask}@quota("1000/day")\n'
        f'@says("{dataset.name}, what names people masked") @zh("{dataset.name},个人信息脱敏")\n'
        f'permit (principal, action, resource == Dataset::"{dataset.name}")\n'
        'when { principal.department != "" && context.reference != "" };\n'
    )
