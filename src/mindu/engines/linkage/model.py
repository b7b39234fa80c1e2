"""A model: what is compared of two records, how much each likeness weighs, which pairs are met."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One likeness: a condition over both records (`_l`, `_r`), and how often it holds.

    `same` is its share among records of one subject, `other` among records of two; both are where
    training begins, and what holds where records are too few to train. `rare` names the column
    whose rare values weigh more than its common ones. A `fixed` share is not trained.
    """

    says: str
    when: str
    same: float
    other: float
    rare: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that is compared: levels from most to least alike; else: none of them."""

    name: str
    missing: str  # the condition under which nothing can be said
    levels: tuple[Level, ...]
    same: float  # of none of them
    other: float


@dataclass(frozen=True, slots=True)
class Model:
    """How records of one kind are held against each other."""

    name: str
    fields: tuple[tuple[str, str, str], ...]  # field of the record, kind, prefix of its columns
    compared: tuple[Compared, ...]
    blocks: tuple[tuple[str, ...], ...]  # pairs are met where all these columns are equal
    train: tuple[tuple[str, ...], ...]  # blocks in which the shares are learned
    made: tuple[tuple[str, str], ...] = ()  # more columns, each by an expression over the others
    sure: tuple[str, ...] = ()  # columns of which two values never are of one subject
    each: float = 1.0  # pairs of one subject that a record has, about
