"""What a query may be made of: a list of allowed parts, and of the words each part may carry.

Whatever is not here is refused, so a part that a newer parser or engine adds is refused too.
"""

from collections.abc import Iterator

from sqlglot import exp

from mindu.base.records import Words

LONGEST, NODES, DEEPEST = 20_000, 5_000, 60  # characters, parts and levels of one query


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A request that is not answered: why, for the one who asked, without a value of any row.

    `reason` is what a receipt keeps: nothing of what was typed, which may name a person. In a
    sentence, what was typed stands after ": ".
    """

    def __init__(self, says: Words, reason: str = "") -> None:
        """Carry the sentence."""
        super().__init__(says.en)
        self.says = says
        self.reason = reason or says.en.partition(": ")[0]


def refused(en: str, zh: str) -> Refused:
    """Return a refusal in both languages."""
    return Refused(Words(en, zh))


# part -> arguments that may be filled
_SHAPES = """
Select: with_ expressions from_ joins where group having order limit offset distinct qualify
Union Except Intersect: with_ this expression distinct order limit offset
Subquery: this alias
With: expressions
CTE: this alias
From: this
Table: this alias
TableAlias: this columns
Join: this on using side kind
Where Having Qualify Paren Neg Not: this
Group: expressions
Order: expressions
Ordered: this desc nulls_first
Limit Offset: expression
Distinct: expressions
Alias: this alias
Column: this table
Identifier: this quoted
Literal: this is_string
Boolean: this
Null:
Star: except_
Tuple: expressions
Interval: this unit
Var: this
And Or Add Sub Mul Div IntDiv Mod DPipe: this expression typed safe
EQ NEQ GT GTE LT LTE Like ILike Is: this expression
NullSafeEQ NullSafeNEQ: this expression
Between: this low high
In: this expressions query
Exists: this
Case: this ifs default
If: this true false
Cast TryCast: this to safe
DataType: this expressions nested
DataTypeParam: this
Coalesce: this expressions
Count: this expressions big_int
Sum Avg Min Max Stddev StddevSamp StddevPop Variance VariancePop Median Quantile: this quantile
PercentileCont PercentileDisc: this expression
Upper Lower Abs Floor Ceil Year Month Day: this decimals to
Length: this binary encoding
Trim: this expression position
Substring: this start length
Left Right: this expression
Concat: expressions safe coalesce
Round: this decimals
Nullif Greatest Least: this expression expressions ignore_nulls
DateTrunc TimestampTrunc: this unit input_type_preserved
DateDiff: this expression unit
Extract: this expression
Window: this partition_by order spec over
WindowSpec: kind start start_side end end_side
RowNumber Rank DenseRank: this expressions
Lag Lead: this offset default
"""
TYPES = frozenset(
    {
        exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT, exp.DType.FLOAT,
        exp.DType.DOUBLE, exp.DType.DECIMAL, exp.DType.TEXT, exp.DType.VARCHAR,
        exp.DType.BOOLEAN, exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.INTERVAL,
    }
)  # fmt: skip
AGGREGATES = (exp.AggFunc, exp.Window)


def _shapes() -> Iterator[tuple[type[exp.Expr], frozenset[str]]]:
    for line in _SHAPES.strip().splitlines():
        names, _, args = line.partition(":")
        for name in names.split():
            yield getattr(exp, name), frozenset(args.split())


SHAPES = dict(_shapes())


def check(tree: exp.Expr) -> None:
    """Let a query through if every part of it is on the list.

    Raises:
        Refused: names the first part that is not.
    """
    for count, node in enumerate(tree.walk()):
        if count > NODES or node.depth > DEEPEST:
            raise refused(
                f"the query is too big: {NODES} parts, {DEEPEST} levels at most; part it",
                f"查询过大,至多 {NODES} 个成分、{DEEPEST} 层,请拆分",
            )
        _part(node)


def _part(node: exp.Expr) -> None:
    name = type(node).__name__
    args = SHAPES.get(type(node))
    if args is None:
        raise refused(
            f"this is not on the list of what may be asked: {_spelt(node)}",
            f"不允许使用 {_spelt(node)}",
        )
    filled = {key for key, value in node.args.items() if value not in (None, [], False, "")}
    if extra := sorted(filled - args):
        raise refused(f"{name} may not carry {extra[0]}", f"{name} 不允许带 {extra[0]}")
    if isinstance(node, exp.DataType) and node.this not in TYPES:
        raise refused(f"there is no casting to that: {node.sql('duckdb')}", "不允许转换为该类型")
    if isinstance(node, exp.Join) and (node.args.get("kind") or "").upper() not in {
        "", "INNER", "CROSS", "OUTER", "SEMI", "ANTI",
    }:  # fmt: skip
        raise refused("join plainly: inner, left, right, full, cross", "仅允许常规连接")
    if isinstance(node, exp.Distinct) and node.args.get("on"):
        raise refused("distinct on is not on the list", "不允许 DISTINCT ON")


def _spelt(node: exp.Expr) -> str:
    """Return how the asker knows a part: by its name in SQL, never by its values."""
    if isinstance(node, exp.Anonymous):
        return f"{str(node.this)[:40]}()"
    if isinstance(node, exp.Func):
        return f"{node.sql_name()}()"
    return type(node).__name__.upper()
