"""A rule of quality as it is declared, and what it came to."""

from statistics import median
from typing import Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from mindu.data.collect.declare import NAME, Source, span
from mindu.data.collect.sift import WHO

Of = Literal["complete", "valid", "unique", "consistent", "fresh", "plausible"]
SIGNS = ("<", "<=", "=", ">=", ">", "<>")
ENOUGH = 5  # audits before which nothing is held against history
WIDE = 5.0  # robust deviations from the median that are still plausible
LEEWAY = 0.1  # of the median that is always plausible


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule over a field, or over the whole table.

    complete: the field is there. valid: within `low`, `high`, `among`, and of `pattern`. unique:
    no two rows have one value. consistent: the field stands in `sign` to `other`. fresh: the
    newest moment of the field, or the end of the last pull, is no older than `within` ("2d").
    plausible: the number of rows, or the mean of the field, is like that of the audits before.
    `least` is the share of rows that must keep it.
    """

    name: str
    of: Of
    field: str = ""
    other: str = ""
    sign: Literal["<", "<=", "=", ">=", ">", "<>"] = "<="
    low: float | None = None
    high: float | None = None
    among: tuple[str, ...] = ()
    pattern: str = ""
    within: str = ""
    least: float = 1.0
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be held against rows."""
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} names no rule: a-z, 0-9 and _, at most 63 signs")
        if self.of in {"complete", "valid", "unique", "consistent"} and not self.field:
            raise ValueError(f"{self.name}: say which `field`")
        if self.of == "consistent" and not self.other:
            raise ValueError(f"{self.name}: say which `other` field")
        if self.of == "fresh":
            span(self.within)
        if not 0 <= self.least <= 1 or self.weight <= 0:
            raise ValueError(f"{self.name}: `least` lies in 0 to 1, `weight` above 0")
        if self.pattern:
            try:
                pc.match_substring_regex(pa.array([""]), self.pattern)
            except pa.ArrowInvalid as wrong:
                raise ValueError(f"{self.name}: the pattern is none: {wrong}") from wrong


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule came to; `rows` names some that broke it, never what stands there."""

    rule: str
    of: Of
    field: str
    checked: int
    broken: int
    held: bool
    weight: float
    rows: tuple[int, ...] = ()
    value: float | None = None  # what was measured, where a rule is of one number

    @property
    def share(self) -> float:
        """The share of rows that keep it."""
        return 1.0 - self.broken / self.checked if self.checked else 1.0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One audit of one dataset."""

    dataset: str
    at: int  # epoch ms
    pull: int
    rows: int
    results: tuple[Result, ...]
    means: dict[str, float] = {}

    @property
    def score(self) -> float:
        """0 to 100: the weighted share of rows that keep each rule."""
        weight = sum(one.weight for one in self.results)
        return 100 * sum(r.weight * r.share for r in self.results) / weight if weight else 100.0


def read(body: bytes) -> tuple[Rule, ...]:
    """Return the rules that a TOML file declares as `[[rule]]`.

    Raises:
        ValueError: it declares none, or two of one name.
    """
    try:
        told = msgspec.toml.decode(body, type=dict[str, tuple[Rule, ...]])
    except (msgspec.ValidationError, msgspec.DecodeError) as wrong:
        raise ValueError(f"the rules cannot be read: {wrong}") from wrong
    rules = told.get("rule", ())
    if set(told) != {"rule"} or not rules:
        raise ValueError("declare each rule under [[rule]], and nothing else")
    if len({rule.name for rule in rules}) != len(rules):
        raise ValueError("two rules have one name")
    return rules


def implied(source: Source) -> tuple[Rule, ...]:
    """Return the rules that a source's declaration says by itself."""
    found = [
        Rule(name=f"{column.name}_complete"[:63], of="complete", field=column.name)
        for column in source.columns
        if column.required
    ]
    if source.key:
        field = WHO if source.key in source.sealed else source.key
        found.append(Rule(name=f"{source.key}_unique"[:63], of="unique", field=field))
    if source.every:
        found.append(Rule(name="pulled_in_time", of="fresh", within=_late(source.every)))
    return (*found, Rule(name="usual_volume", of="plausible"))


def fitting(source: Source, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules, if each can be held.

    Raises:
        ValueError: one looks into a sealed column.
    """
    for rule in rules:
        if rule.of != "complete" and {rule.field, rule.other} & set(source.sealed):
            raise ValueError(
                f"{rule.name}: {rule.field} is sealed; only `complete` can be asked of it"
            )
    return rules


def _late(every: str) -> str:
    return f"{round(span(every).total_seconds() / 60 * 1.5)}m"


def plausible(value: float, before: list[float]) -> bool:
    """Say whether a number is like those before it; with too few of them, any is."""
    if len(before) < ENOUGH:
        return True
    middle = median(before)
    spread = 1.4826 * median(abs(one - middle) for one in before)
    return abs(value - middle) <= WIDE * spread + LEEWAY * abs(middle)
