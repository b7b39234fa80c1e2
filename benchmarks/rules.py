"""How fast rules decide: tables of many rows, typical FEEL, loading; beside plain Python."""

from collections.abc import Callable, Iterator
from datetime import date
from math import log
from time import perf_counter
from xml.sax.saxutils import escape

from benchmarks.figure import Figure
from mindu.engines.rules import compile_feel, load

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
ROWS = 200
LARGE = 2_000  # rows of the large table
TRIES = 3  # the quickest is kept: the machine is shared
SPEND_S = 0.4  # of each try
DISTRICTS = ("鼓楼", "台江", "仓山", "晋安", "马尾", "长乐")
PEOPLE = [{"age": 70 + n, "amount": n} for n in range(20)]
EXPRESSIONS: dict[str, tuple[str, dict[str, object]]] = {
    "arithmetic": ("(income - 5000) * 0.03 + fee", {"income": 8000, "fee": 12}),
    "condition": (
        'if age >= 80 and district = "鼓楼" then 100 else 0',
        {"age": 82, "district": "鼓楼"},
    ),
    "date": ('born + duration("P80Y") <= date("2026-05-01")', {"born": date(1944, 3, 1)}),
    "filter of 20": ("sum(people[age >= 80].amount)", {"people": PEOPLE}),
    "text": (
        'starts with(code, "3501") and string length(code) = 18',
        {"code": "350102194403010012"},
    ),
}


def figures() -> Iterator[Figure]:
    """Measure tables, expressions, loading and growth."""
    yield from _tables()
    yield from _expressions()
    yield from _loading()


def rate(work: Callable[[int], object]) -> float:
    """Return how often a second the work is done, at best."""
    best = 0.0
    for _ in range(TRIES):
        count, began = 0, perf_counter()
        while perf_counter() - began < SPEND_S:
            for _ in range(20):
                work(count)
                count += 1
        best = max(best, count / (perf_counter() - began))
    return best


def model(rows: int) -> str:
    """Write a table of income bands by district, with the law of each row."""
    head = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>"
        for name in ("income", "district", "age")
    )
    body = "".join(_rule(number) for number in range(rows))
    inputs = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}"/></inputData>'
        for name in ("income", "district", "age")
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>'
        for name in ("income", "district", "age")
    )
    return (
        f'<definitions xmlns="{SPACE}" namespace="urn:bench" name="bench">{inputs}'
        f'<decision id="d" name="amount"><variable name="amount"/>{needs}'
        f'<decisionTable hitPolicy="FIRST">{head}<output name="amount"/>'
        f'<annotation name="依据"/>{body}</decisionTable></decision></definitions>'
    )


def bands(number: int) -> tuple[int, int, str, int]:
    """Return the bounds, district and output of a row."""
    low = number // len(DISTRICTS) * 100
    return low, low + 100, DISTRICTS[number % len(DISTRICTS)], 1000 - number // 2


def _rule(number: int) -> str:
    low, high, district, amount = bands(number)
    cells = (f"[{low}..{high})", f'"{district}"', "-" if number % 2 else ">= 60")
    entries = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
    return (
        f'<rule id="r{number}">{entries}<outputEntry><text>{amount}</text></outputEntry>'
        f"<annotationEntry><text>第{number}条</text></annotationEntry></rule>"
    )


def inputs(rows: int) -> list[dict[str, object]]:
    """Return inputs that hit rows all over the table."""
    picked = [bands(number) for number in range(0, rows, max(1, rows // 20))]
    return [{"income": low + 50, "district": district, "age": 61} for low, _, district, _ in picked]


def plain_python(rows: int) -> Callable[[dict[str, object]], int | None]:
    """Return the same decision as a list of tuples and a loop."""
    written = [(*bands(n), 0 if n % 2 else 60) for n in range(rows)]

    def decide(given: dict[str, object]) -> int | None:
        income, district, age = given["income"], given["district"], given["age"]
        assert isinstance(income, int), "the inputs above are whole"
        assert isinstance(age, int), "the inputs above are whole"
        for low, high, place, amount, least in written:
            if low <= income < high and place == district and age >= least:
                return amount
        return None

    return decide


def _tables() -> Iterator[Figure]:
    speeds: dict[int, float] = {}
    for rows in (ROWS, LARGE):
        ours, given, peer = load(model(rows)), inputs(rows), plain_python(rows)
        for one in given:
            assert ours.decide("amount", one).value == peer(one), "the two must agree"
        speeds[rows] = rate(lambda n, m=ours, g=given: m.decide("amount", g[n % len(g)]))  # type: ignore[misc]
        theirs = rate(lambda n, p=peer, g=given: p(g[n % len(g)]))  # type: ignore[misc]
        yield _figure(f"rules: table of {rows} rows, traced", speeds[rows], "decisions/s")
        peer_name = "plain Python: a loop over tuples, untraced"
        yield _figure(f"rules: table of {rows} rows, beside", theirs / speeds[rows], "×", peer_name)
    slope = log(speeds[ROWS] / speeds[LARGE]) / log(LARGE / ROWS)
    yield Figure(
        name="rules: growth of a decision's time with rows",
        value=round(slope, 2),
        unit="exponent",
        peer=None,
        goal="< 1",
        holds=slope < 1,
    )


def _expressions() -> Iterator[Figure]:
    for name, (text, given) in EXPRESSIONS.items():
        expression = compile_feel(text, given)
        speed = rate(lambda _n, e=expression, g=given: e.eval(g))  # type: ignore[misc]
        yield _figure(f"rules: FEEL, {name}", speed, "evaluations/s")


def _loading() -> Iterator[Figure]:
    text = model(LARGE)
    began = perf_counter()
    load(text)
    yield _figure(f"rules: loading {LARGE} rows", perf_counter() - began, "s")


def _figure(name: str, value: float, unit: str, peer: str | None = None) -> Figure:
    shown = round(value, 2) if value < 100 else round(value)
    return Figure(name=name, value=shown, unit=unit, peer=peer, goal="", holds=None)
