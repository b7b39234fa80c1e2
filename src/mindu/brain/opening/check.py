"""The check before a table is opened: what names people, who is told apart, what is lacking."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from mindu.base.records import Words
from mindu.brain.stewards.grading import graded
from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.data.collect.sift import WHO
from mindu.data.gateway.scan import identifier, source_of
from mindu.data.opening.opening import Opening
from mindu.data.opening.risk import (
    HIGHEST,
    MOST_QUASI,
    Asked,
    Files,
    K,
    L,
    Measured,
    Run,
    lessened,
    measured,
    wanting,
)  # fmt: skip

SAMPLE = 1_000  # rows that the detectors look at
PLACES = frozenset({"address", "phone"})  # kinds that a public place has as well as a person
NOTHING = Measured(0, 0, 0, 0, {}, {})


class Proposal(NamedTuple):
    """What a steward proposes to open: none of the fields: every one that may be."""

    fields: tuple[str, ...] = ()
    quasi: tuple[str, ...] = ()  # beside those that the catalogue declares
    delicate: tuple[str, ...] = ()  # that nobody may conclude of somebody they know
    facilities: tuple[str, ...] = ()  # addresses or telephones of public places, not of people
    licence: str = ""
    k: int = K
    l: int = L  # noqa: E741 - as the measure is called


class Checked(NamedTuple):
    """The table as it would be open, what was measured, and what is in the way."""

    dataset: Dataset | None
    asked: Asked
    found: Measured
    flaws: list[Words]


def checked(dataset: Dataset, told: Proposal, files: Files, run: Run) -> Checked:
    """Hold a table against everything that must be so before it opens; read its rows to see it."""
    quasi = tuple(dict.fromkeys([*told.quasi, *dataset.quasi]))
    chosen = _chosen(dataset, told)
    flaws = [*_unfit(dataset, told, quasi), *_declared(dataset, chosen, told)]
    asked = Asked(
        tuple(name for name in quasi if name in {f.name for f in chosen}),
        _delicate(chosen, told, quasi), told.k, told.l, _subject(dataset),
    )  # fmt: skip
    if flaws:
        return Checked(None, asked, NOTHING, flaws)
    flaws = _found(dataset, chosen, told.facilities, files, run)
    found = measured(dataset, files, asked, run)
    short = bool(found.few_rows) or any(found.flat_rows.values())
    without = lessened(dataset, files, asked, run) if found.few_rows else {}
    flaws += wanting(dataset, found, asked, without) if short else []
    if not found.rows:
        flaws.append(Words(f"{dataset.name} has no rows", f"{dataset.name} 没有数据"))
    return Checked(_as_open(dataset, chosen, asked, told), asked, found, flaws)


def again(was: Opening, files: Files, run: Run) -> list[Words]:
    """Return what is wrong with newer rows of a table that is open already."""
    flaws = _found(was.dataset, was.dataset.fields, was.facilities, files, run)
    asked = Asked(was.dataset.quasi, was.delicate, was.k, was.l, was.subject)
    found = measured(was.dataset, files, asked, run)
    without = lessened(was.dataset, files, asked, run) if found.few_rows else {}
    return flaws + wanting(was.dataset, found, asked, without)


def _chosen(dataset: Dataset, told: Proposal) -> list[Field]:
    if told.fields:
        return [field for field in dataset.fields if field.name in told.fields]
    return [field for field in dataset.fields if field.grade < Grade.SENSITIVE]


def _unfit(dataset: Dataset, told: Proposal, quasi: tuple[str, ...]) -> list[Words]:
    """Return what can be seen without a look at rows or fields."""
    known = {field.name for field in dataset.fields}
    said = [
        Words(f"{dataset.name} has no field {name}", f"{dataset.name} 没有字段 {name}")
        for name in sorted({*told.fields, *told.quasi, *told.delicate} - known)
    ]
    if not (told.licence or dataset.licence):
        said.append(Words("name the licence, e.g. CC-BY-4.0", "请注明许可协议,如 CC-BY-4.0"))
    if not (K <= told.k <= HIGHEST and L <= told.l <= HIGHEST):
        said.append(
            Words(f"k is {K} to {HIGHEST}, l is {L} to {HIGHEST}", f"k 不低于 {K},l 不低于 {L}")
        )
    if len(quasi) > MOST_QUASI:
        said.append(Words(
            f"{len(quasi)} columns together tell people apart; {MOST_QUASI} at most",
            f"准标识列共 {len(quasi)} 个,至多 {MOST_QUASI} 个",
        ))  # fmt: skip
    if dataset.subject and not quasi:
        said.append(Words(
            f"rows of {dataset.name} are about {dataset.subject}: say which columns together may "
            "tell who it is (quasi)",
            f"{dataset.name} 的每行涉及 {dataset.subject},请声明哪些列组合可识别个人(quasi)",
        ))  # fmt: skip
    return said


def _declared(dataset: Dataset, chosen: Sequence[Field], told: Proposal) -> list[Words]:
    """Return what the catalogue says against it: fields and tables that are too delicate."""
    shut = [f for f in chosen if f.sealed or f.grade >= Grade.SENSITIVE]
    said = [
        Words(
            f"column {f.name} is graded {f.grade.name}{f' ({f.kind})' if f.kind else ''}: "
            "leave it out",
            f"列 {f.name} 的分级为 {f.grade.name}{f'({f.kind})' if f.kind else ''},请去掉",
        )
        for f in shut
        if f.sealed or not _of_a_place(f.name, f.kind, told.facilities)
    ]
    if not chosen:
        said.append(Words(
            f"no column of {dataset.name} may be opened", f"{dataset.name} 没有可开放的列"
        ))  # fmt: skip
    gravest = max((field.grade for field in dataset.fields), default=Grade.OPEN)
    if dataset.grade >= Grade.SENSITIVE and dataset.grade > gravest:
        said.append(Words(
            f"{dataset.name} is graded {dataset.grade.name} as a whole, more than any column of it",
            f"{dataset.name} 整体分级为 {dataset.grade.name},高于其各列",
        ))  # fmt: skip
    return said


def _found(
    dataset: Dataset, chosen: Sequence[Field], facilities: Sequence[str], files: Files,
    run: Run,
) -> list[Words]:  # fmt: skip
    """Return what the detectors find in rows, whatever was declared."""
    listed = ", ".join(f"CAST(t.{identifier(f.name)} AS VARCHAR) AS {identifier(f.name)}"
                       for f in chosen)  # fmt: skip
    sql = f"SELECT {listed} FROM {source_of(dataset, files)} AS t LIMIT {SAMPLE}"  # noqa: S608 - names are quoted
    values: Mapping[str, list[str]] = {
        name: [str(value) for value in column.to_pylist() if value is not None]
        for name, column in zip((f.name for f in chosen), run(sql).columns, strict=True)
    }
    bare = msgspec.structs.replace(dataset, fields=tuple(chosen), subject="", quasi=())
    said = []
    for one in graded(bare, values).findings:
        if one.grade >= Grade.SENSITIVE and not _of_a_place(one.field, one.kind, facilities):
            what = one.kind or one.rule
            share = f"{one.share:.0%}" if one.kind else ""
            said.append(Words(
                f"column {one.field} holds what names or touches people ({what} {share}): "
                "leave it out",
                f"列 {one.field} 含个人或敏感信息({what} {share}),请去掉",
            ))  # fmt: skip
    return said


def _subject(dataset: Dataset) -> str:
    """Return the column by which people are counted, as it lies: sealed ones by their names."""
    return WHO if any(field.sealed for field in dataset.fields) else dataset.subject


def _of_a_place(name: str, kind: str, facilities: Sequence[str]) -> bool:
    return name in facilities and (not kind or kind in PLACES)


def _delicate(chosen: Sequence[Field], told: Proposal, quasi: tuple[str, ...]) -> tuple[str, ...]:
    names = {field.name for field in chosen} - set(quasi)
    own = [field.name for field in chosen if field.grade > Grade.OPEN]
    return tuple(name for name in dict.fromkeys([*told.delicate, *own]) if name in names)


def _as_open(dataset: Dataset, chosen: Sequence[Field], asked: Asked, told: Proposal) -> Dataset:
    names = {field.name for field in chosen}
    return msgspec.structs.replace(
        dataset,
        fields=tuple(msgspec.structs.replace(field, grade=Grade.OPEN) for field in chosen),
        grade=Grade.OPEN, licence=told.licence or dataset.licence, quasi=asked.quasi,
        subject=dataset.subject if dataset.subject in names else "",
    )  # fmt: skip
